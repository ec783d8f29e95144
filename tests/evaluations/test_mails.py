"""The three mails of a round, as their recipients read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluations import services
from evaluations.models import Round
from outbox.choices import is_discreet
from outbox.engine.mime import Letter
from outbox.models import Message
from outbox.services import choose_mail
from outbox.services.rendering import compose
from participants.models import Person
from programmes.models import Sponsor
from tests.evaluations.world import AFTER, NOW, World, answer, finish
from tests.programmes.council import agree

pytestmark = pytest.mark.django_db
KINDS = ("eval_open", "eval_reminder", "eval_results")


def round_up_to(kind: str, world: World) -> Round:
    """A round as it is when the mail of this kind has just been queued."""
    round = world.open()
    if kind == "eval_reminder":
        answer(round, world.people[:5])
        services.remind_open_rounds(now=NOW + timedelta(days=8))
    if kind == "eval_results":
        finish(round)
        services.publish_round(round=round, changes="One mail a week.", now=AFTER)
    return round


def letter(kind: str) -> Letter:
    return compose(Message.objects.filter(kind=kind).first(), now=NOW)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_a_mail_says_what_it_is_about_and_leads_to_one_page(kind: str, language: str) -> None:
    world = World()
    Person.objects.update(language=language)
    round = round_up_to(kind, world)
    read = letter(kind)
    name = "evaluation-results" if kind == "eval_results" else "evaluation"
    for body in (read.text, read.html):
        assert reverse(f"portal:{name}", args=[round.pk]) in body
        assert "{{" not in body
        assert "One mail a week." not in body
    assert read.subject
    assert read.language == language


@pytest.mark.covers("A-11")
def test_a_reminder_asks_those_who_answered_to_ignore_it() -> None:
    round_up_to("eval_reminder", World())
    assert "If you have answered, please ignore this." in letter("eval_reminder").text


def test_the_invitation_names_minutes_day_and_thresholds() -> None:
    round_up_to("eval_open", World())
    read = letter("eval_open")
    assert read.subject == "Your view on the programme: 4 minutes"
    assert "until Monday 16 November" in read.text
    assert "groups of 5 answers" in read.text


@pytest.mark.covers("A-11")
def test_all_of_them_are_counted_only_on_the_mail_desk() -> None:
    assert all(is_discreet(kind) for kind in KINDS)
    world = World()
    round_up_to("eval_reminder", world)
    keys = Message.objects.filter(kind__in=KINDS).values_list("key", flat=True)
    assert not [key for key in keys for person in world.people if key.endswith(f":{person.pk}")]


@pytest.mark.parametrize(
    ("kind", "mail", "subject"),
    [
        ("pulse", "pulse", "How was it? Three quick questions"),
        ("followup", "followup", "Half a year later: what lasted?"),
    ],
)
def test_a_pulse_and_a_follow_up_have_words_of_their_own(kind: str, mail: str, subject: str) -> None:
    world = World()
    agree(world.programme, "pulses")
    round = world.open(kind=kind)
    read = letter(mail)
    assert read.subject == subject
    assert reverse("portal:evaluation", args=[round.pk]) in read.text
    assert bool(read.unsubscribe) == (kind == "followup")
    assert not Message.objects.filter(kind="eval_open").exists()
    services.close_round(round=round, now=NOW + timedelta(days=3))
    assert set(Message.objects.filter(kind=mail).values_list("state", flat=True)) == {"cancelled"}


def test_who_wants_no_question_half_a_year_later_gets_neither_it_nor_its_reminder() -> None:
    world = World()
    who = world.people[0]
    choose_mail(person_id=who.pk, wanted=(), offered=("later",), now=NOW)
    round = world.open(kind="followup")
    services.remind_open_rounds(now=NOW + timedelta(days=8))
    for kind in ("followup", "eval_reminder"):
        reached = Message.objects.filter(kind=kind)
        assert reached.count() == round.invited - 1
        assert not reached.filter(recipient_id=who.pk).exists()


@pytest.mark.covers("S3.42")
def test_a_sponsor_hears_that_results_are_published() -> None:
    world = World()
    Sponsor.objects.create(programme=world.programme, person=world.people[0])
    round_up_to("eval_results", world)
    mail = Message.objects.get(kind="sponsor_report")
    text = compose(mail, now=AFTER).text
    assert "The results of a round are published" in text
    assert reverse("portal:sponsor", args=[world.programme.pk]) in text
    assert "conversation" not in text
