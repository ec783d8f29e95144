"""A pair's goals and agreement in a browser, in three languages, on a desk and on a phone, light and dark."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pairings.models import Agreement, PairGoal, Pairing, Rhythm, UsualWay
from pairings.services import add_goal, set_steps, suggest_rhythm
from participants.models import Person
from participants.services import open_log_in
from tests.e2e.browser import VIEWS, faults, press
from tests.e2e.look.conftest import PHONE, SAMPLE, OpenPage, faults_seen, picture
from tests.meetings.world import cohort, enrolment, pair, person

pytestmark = pytest.mark.django_db(transaction=True)
#: The words on the two buttons, by language.
WORDS = {"en": ("Save", "I agree"), "nl": ("Opslaan", "Akkoord"), "de": ("Speichern", "Ich stimme zu")}


@pytest.fixture
def two() -> Pairing:
    today = timezone.localdate()
    within = cohort(starts_on=today - dt.timedelta(days=40), ends_on=today + dt.timedelta(days=230))
    within.programme.purpose = "To let the partner who signs see the work as the people who do it see it."
    within.programme.save()
    noor = person("Noor", last_name="El Amrani", grade=2, job_title="Associate", city="Utrecht")
    willem = person("Willem", last_name="Hartman", grade=6, job_title="Partner", city="Amsterdam")
    made = pair(
        within,
        mentor=enrolment(within, "mentor", noor),
        mentee=enrolment(within, "mentee", willem),
        now=timezone.now() - dt.timedelta(days=30),
    )
    goal = add_goal(
        pairing=made, by=willem, text="Work with generative AI myself", kind="technology", outcome="digital",
        measure="From “heard of it” to “use it”", due_on=today + dt.timedelta(days=120),
    )  # fmt: skip
    set_steps(goal=goal, by=willem, done=2)
    return made


def cookies(who: Person, language: str) -> dict[str, str]:
    who.language = language
    who.save()
    client = Client()
    client.force_login(open_log_in(person=who))
    return {"session": client.cookies["session"].value, "language": language}


@pytest.mark.covers("S0.9", "S0.32")
@pytest.mark.parametrize("language", WORDS)
def test_a_goal_is_set_and_the_agreement_accepted_on_a_phone(
    open_page: OpenPage, two: Pairing, language: str
) -> None:
    save, agree = WORDS[language]
    views = VIEWS if language == "en" else VIEWS[-1:]  # the matrix judges the pair's page in every language
    address = reverse("portal:pair-goal-add", args=[two.pk])
    with open_page(address, size=PHONE, cookies=cookies(two.mentor.person, language)) as page:
        assert faults(page, views) == []
        picture(page, f"goal-{language}")
        page.locator("#id_text").fill("See how a partner decides")
        press(page, save)
        assert faults(page, views) == []
        picture(page, f"pair-{language}")
        page.set_viewport_size({"width": 1280, "height": 900})
        picture(page, f"pair-desk-{language}")
        page.emulate_media(color_scheme="dark")
        picture(page, f"pair-desk-dark-{language}")
        page.goto(reverse("portal:pair-agreement", args=[two.pk]))
        assert faults(page, views) == []
        picture(page, f"agreement-{language}")
        press(page, agree)
        assert faults(page, views) == []
    assert PairGoal.objects.filter(side="mentor").count() == 1
    assert Agreement.objects.get().mentor_accepted_at is not None


@pytest.mark.covers("S3.8")
def test_what_the_partner_suggests_is_read_and_agreed_to(open_page: OpenPage, two: Pairing) -> None:
    place = "https://meet.example.com/lantern/second-light/room-4711"
    chosen = Rhythm("monthly", 45, "video", place)
    suggest_rhythm(pairing=two, by=two.mentor.person, rhythm=chosen, now=timezone.now())
    own, address = cookies(two.mentee.person, "de"), reverse("portal:pair-rhythm", args=[two.pk])
    with open_page(address, cookies=own) as page:
        assert not faults_seen(page, "rhythm", SAMPLE)
        press(page, "Ich stimme zu")
        assert place in page.inner_text("main")
        assert not faults_seen(page, "rhythm-pair", SAMPLE)
    assert UsualWay.objects.get(pairing=two).place == place
