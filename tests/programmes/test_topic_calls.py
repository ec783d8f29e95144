"""Everybody names a topic: asked once, reminded once, answered with a link alone, counted and never listed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import Conflict, DomainError, IllegalTransition, NotAllowed
from operations.services import run
from outbox.models import Message
from outbox.services import drain
from participants.models import Person, User
from participants.services import open_log_in
from programmes.engine.topic_days import remind_day, remind_day_at
from programmes.models import ColleagueTopic, Programme, Topic, TopicCall, TopicSuggestion
from programmes.selectors import gates, named_by, topic_call_state, turnout
from programmes.services import (
    change_topic_call,
    close_topic_call,
    decide_suggestion,
    name_topic,
    open_topic_call,
    pass_on_topics,
    prepare_topic_call,
    remind_topic_calls,
    take_back_topics,
    take_break,
)
from tests.programmes.world import NOW, World, make_person, make_world, take_part
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
LAST_DAY = dt.date(2027, 1, 27)  # a Wednesday, sixteen days after NOW


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def prepared(world: World, **values: Any) -> TopicCall:
    return prepare_topic_call(
        programme=world.programme, values={"closes_on": LAST_DAY, **values}, by=world.coordinator
    )


def asked(world: World) -> TopicCall:
    """A call whose mails are stored."""
    call = prepared(world)
    run(job_id=open_topic_call(call=call, by=world.coordinator, now=NOW).pk)
    call.refresh_from_db()
    return call


def told(kind: str) -> set[str]:
    rows = Message.objects.filter(kind=kind).exclude(state="cancelled")
    return set(rows.values_list("first_name", flat=True))


def say(call: TopicCall, person: Person, code: str = "gen_ai", **values: Any) -> None:
    given = {"sentence": "I rebuilt our sampling sheet with it.", "now": NOW, **values}
    name_topic(call=call, person=person, code=code, **given)


# --- whom it reaches ------------------------------------------------------------------------------------


@pytest.mark.covers("S4.9", "S4.8")
def test_everybody_is_asked_once_whether_they_take_part_or_have_a_log_in_or_not(world: World) -> None:
    make_person("a", "Ada")
    open_log_in(person=make_person("b", "Bea"))
    take_part(world, "m", "mentor")
    offering = take_part(world, "o", "mentor", offers={"gen_ai": 4})
    take_break(enrolment=take_part(world, "p", "mentee"), by=None, now=NOW)
    make_person("n", "Nomail", email=None)
    make_person("l", "Left", state="left")
    call = asked(world)
    assert told("topic_call") == {"Ada", "Bea", "Lotte", "Pm"}
    assert offering.person.first_name not in told("topic_call")
    make_person("c", "Cas")
    run(job_id=open_topic_call(call=call, by=None, now=NOW).pk)
    assert told("topic_call") == {"Ada", "Bea", "Cas", "Lotte", "Pm"}
    assert Message.objects.count() == 5
    with pytest.raises(DomainError, match="nobody to ask"):
        open_topic_call(call=call, by=None, now=NOW)


@pytest.mark.covers("S0.1")
def test_a_programme_for_a_department_asks_that_department_and_whoever_takes_part(world: World) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(scope="department", scope_name="deals")
    world.programme.refresh_from_db()
    make_person("a", "Ada", department="Deals")
    other = make_person("b", "Bea", department="Tax")
    take_part(world, "m", "mentor")
    call = asked(world)
    assert told("topic_call") == {"Ada", "Pm"}
    with pytest.raises(NotAllowed):
        say(call, other)
    client = Client()
    client.force_login(open_log_in(person=other))
    assert client.get(reverse("portal:topic-call", args=[call.pk])).status_code == 404
    assert (turnout(call).people, turnout(call).with_topic) == (2, 0)


def test_the_reminder_has_a_day_of_peace_before_it_and_work_on_it() -> None:
    opened = dt.date(2027, 1, 11)
    assert remind_day(opened, dt.date(2027, 1, 27)) == dt.date(2027, 1, 20)
    assert remind_day(opened, dt.date(2027, 1, 18)) == dt.date(2027, 1, 16)
    assert remind_day(opened, dt.date(2027, 1, 14)) is None
    assert remind_day_at(dt.date(2027, 1, 16), dt.date(2027, 1, 18), "NL") == dt.date(2027, 1, 18)


@pytest.mark.covers("S4.9")
def test_one_reminder_goes_to_whoever_was_asked_and_has_said_nothing(
    world: World, smtp_server: SmtpServer
) -> None:
    people = {name: make_person(name, name.title()) for name in ("ada", "bea", "cas", "dan")}
    call = asked(world)
    say(call, people["ada"])
    pass_on_topics(call=call, person=people["bea"], now=NOW)
    make_person("new", "New")
    early, day = NOW + dt.timedelta(days=5), NOW + dt.timedelta(days=9)
    assert remind_topic_calls(now=early) == 0
    assert remind_topic_calls(now=day) == 3
    assert remind_topic_calls(now=day + dt.timedelta(hours=3)) == 0
    assert told("topic_reminder") == {"Cas", "Dan", "Lotte"}
    say(call, people["dan"], now=day)
    with time_machine.travel(day, tick=False):
        drain(now=day)
    assert "Which topic could you talk about?" in {mail.message["Subject"] for mail in smtp_server.mails}
    sent = Message.objects.filter(kind="topic_reminder", state="sent").values_list("first_name", flat=True)
    assert set(sent) == {"Cas", "Lotte"}


def test_a_call_ends_with_its_day_and_its_mails_are_withdrawn_when_it_is_closed(world: World) -> None:
    ada = make_person("a", "Ada")
    call = asked(world)
    close_topic_call(call=call, by=None, now=NOW)
    assert told("topic_call") == set()
    call.refresh_from_db()
    with pytest.raises(DomainError, match="any more"):
        say(call, ada)
    with pytest.raises(IllegalTransition):
        close_topic_call(call=call, by=None, now=NOW)
    run(job_id=open_topic_call(call=call, by=None, now=NOW).pk)
    after = dt.datetime(2027, 1, 28, 8, tzinfo=dt.UTC)
    call.refresh_from_db()
    assert topic_call_state(call, after) == "over"
    assert remind_topic_calls(now=after) == 0
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_topiccall SET state = 'prepared'")


def test_one_call_at_a_time_and_three_weeks_at_most(world: World) -> None:
    call = prepared(world)
    with pytest.raises(Conflict, match="already"):
        prepared(world)
    change_topic_call(call=call, values={"closes_on": dt.date(2027, 3, 1)}, by=None)
    with pytest.raises(DomainError, match="Three weeks"):
        open_topic_call(call=call, by=None, now=NOW)
    change_topic_call(call=call, values={"closes_on": dt.date(2027, 1, 10)}, by=None)
    with pytest.raises(DomainError, match="has passed"):
        open_topic_call(call=call, by=None, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        TopicCall.objects.create(programme=world.programme, closes_on=LAST_DAY)


@pytest.mark.covers("S4.15")
def test_a_cohort_waits_with_its_selection_until_colleagues_have_had_their_time(world: World) -> None:
    call = asked(world)
    world.cohort.stage = "open"
    world.cohort.save()
    gate = next(one for one in gates(world.cohort, "selecting", now=NOW) if one.code == "topics")
    assert not gate.is_met
    assert gate.path == reverse("admin:programmes_topiccall_turnout", args=[call.pk])
    later = next(
        one
        for one in gates(world.cohort, "selecting", now=NOW + dt.timedelta(days=17))
        if one.code == "topics"
    )
    assert later.is_met


# --- naming ---------------------------------------------------------------------------------------------


@pytest.mark.covers("S4.9")
def test_a_topic_is_named_with_one_sentence_changed_and_taken_back(world: World) -> None:
    ada, call = make_person("a", "Ada"), asked(world)
    say(call, ada)
    say(call, ada, sentence="  It drafts   my memos. ")
    assert ColleagueTopic.objects.get().sentence == "It drafts my memos."
    for code, sentence in (("gen_ai", " "), ("nonsense", "x"), ("", "x")):
        with pytest.raises(DomainError):
            say(call, ada, code, sentence=sentence)
    for code in ("craft", "leadership", "social_media", "work_culture"):
        say(call, ada, code)
    with pytest.raises(DomainError, match="plenty"):
        say(call, ada, "technologies")
    stranger = make_person("b", "Bea")
    ids = list(ColleagueTopic.objects.values_list("pk", flat=True))
    assert take_back_topics(call=call, person=stranger, ids=ids) == 0
    assert take_back_topics(call=call, person=ada, ids=ids[:1]) == 1
    assert take_back_topics(call=call, person=ada) == 4


@pytest.mark.covers("S4.3")
def test_a_topic_in_own_words_waits_as_a_suggestion_and_is_named_once_it_is_in_the_list(world: World) -> None:
    ada, call = make_person("a", "Ada"), asked(world)
    say(call, ada, "", own_words="Data ethics", sentence="I wrote our checklist.")
    waiting = TopicSuggestion.objects.get()
    assert (turnout(call).with_topic, named_by(world.programme.pk, ada).count) == (1, 1)
    craft = Topic.objects.get(programme=None, code="craft")
    decide_suggestion(suggestion=waiting, to="merged", into=craft, by=world.coordinator)
    named = ColleagueTopic.objects.get()
    assert (named.person, named.topic, named.sentence) == (ada, craft, "I wrote our checklist.")


@pytest.mark.covers("C-14", "C-16")
def test_the_link_of_the_mail_names_a_topic_without_a_log_in(world: World, smtp_server: SmtpServer) -> None:
    ada, call = make_person("a", "Ada"), asked(world)
    drain(now=NOW)
    mail = next(one for one in smtp_server.mails if one.recipients == [ada.email])
    text = mail.message.get_body(("plain",)).get_content()
    path = re.search(r"/topic-calls/in/\S+/", text)
    assert path, text
    client = Client()
    first = client.get(path[0])
    assert first["Location"] == reverse("portal:topic-call-landing")
    assert first["Referrer-Policy"] == "no-referrer"
    page = client.get(first["Location"])
    assert page.status_code == 200
    assert not ColleagueTopic.objects.exists()
    wrong = client.post(first["Location"], {"name": "1", "topic": "gen_ai", "sentence": ""})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"sentence"})
    said = {"name": "1", "topic": "gen_ai", "sentence": "CANARY shows it"}
    assert client.post(first["Location"], said).status_code == 302
    again = Client()
    again.get(path[0])
    shown = again.get(first["Location"]).content.decode()
    assert "You have named 1 topic." in shown
    assert "CANARY" not in shown
    assert not User.objects.filter(person=ada).exists()
    again.post(first["Location"], {"drop_all": "1"})
    assert not ColleagueTopic.objects.exists()
    close_topic_call(call=call, by=None, now=NOW)
    assert again.get(first["Location"]).status_code == 200
    with time_machine.travel(NOW + dt.timedelta(days=15), tick=False):
        assert again.get(first["Location"]).status_code == 410
    assert Client().get("/topic-calls/in/nonsense/", follow=True).status_code == 410


def test_a_logged_in_colleague_finds_the_question_on_the_first_page_and_sees_what_they_named(
    world: World,
) -> None:
    ada = make_person("a", "Ada")
    call, client = asked(world), Client()
    client.force_login(open_log_in(person=ada))
    page = reverse("portal:topic-call", args=[call.pk])
    assert page in client.get("/").content.decode()
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    assert len(seen) <= 8, [one["sql"][:120] for one in seen.captured_queries]
    both = {"name": "1", "topic": "craft", "own_words": "Boats", "sentence": "x"}
    assert client.post(page, both).status_code == 422
    there = {"name": "1", "own_words": "Generative AI", "sentence": "x"}
    assert set(client.post(page, there).context["form"].errors) == {"own_words"}
    assert client.post(page, {"name": "1", "topic": "craft", "sentence": "Sails"}).status_code == 302
    assert "Sails" in client.get(page).content.decode()
    assert page not in client.get("/").content.decode()
    named = ColleagueTopic.objects.get()
    client.post(page, {"drop": named.pk})
    client.post(page, {"none": "1"})
    assert not ColleagueTopic.objects.exists()
    assert page not in client.get("/").content.decode()


# --- the desk -------------------------------------------------------------------------------------------


@pytest.mark.covers("S4.9")
def test_the_desk_asks_sees_numbers_and_answers_and_closes(client: Client, world: World) -> None:
    people = [make_person(f"d{n}", f"Person-{n}", department="Deals") for n in range(6)]
    make_person("t", "Solitary", department="Tax")
    client.force_login(world.user)
    add = {"programme": world.programme.pk, "closes_on": "2027-01-27"}
    made = client.post(reverse("admin:programmes_topiccall_add"), add)
    call = TopicCall.objects.get()
    page = reverse("admin:programmes_topiccall_turnout", args=[call.pk])
    assert made["Location"] == page
    assert client.post(page, {"open": "1"}).status_code == 302
    say(call, people[0])
    shown = client.get(page)
    assert shown.context["turnout"].departments == [("", 8, 1)]  # two of others would stand alone
    text = shown.content.decode()
    assert "Person-0" in text
    assert "Person-1" not in text
    assert "Solitary" not in text
    assert "Tax" not in text
    client.post(page, {"close": "1"})
    call.refresh_from_db()
    assert call.state == "closed"
    assert client.get(reverse("admin:programmes_topiccall_change", args=[call.pk])).status_code == 200
    stranger = Client()
    stranger.force_login(make_world("Elsewhere").user)
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {"open": "1"}).status_code == 404


@pytest.mark.covers("D-15")
def test_the_page_of_a_call_asks_the_same_few_questions_whatever_it_holds(
    client: Client, world: World
) -> None:
    call, counts = asked(world), []
    topic = Topic.objects.get(programme=None, code="craft")
    client.force_login(world.user)
    page = reverse("admin:programmes_topiccall_turnout", args=[call.pk])
    for start, end in ((0, 10), (10, 200)):
        people = Person.objects.bulk_create(
            Person(hr_key=f"z{n}", first_name="Z", last_name=str(n), department=f"D{n % 9}")
            for n in range(start, end)
        )
        ColleagueTopic.objects.bulk_create(
            ColleagueTopic(programme=world.programme, person=one, topic=topic, sentence="x") for one in people
        )
        client.get(page)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, [one["sql"][:160] for one in seen.captured_queries]
