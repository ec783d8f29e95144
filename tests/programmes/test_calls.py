"""Open calls: set up, announced once to each, answered by anybody, in time and in a role that fits."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import Conflict
from operations.models import Job
from operations.services import cancel_job, run
from outbox.models import ActionLink, Message
from outbox.services import drain
from outbox.services.rendering import compose
from participants.models import Person, User
from participants.services import open_log_in
from programmes.engine.eligibility import Rule, obstacle, usual_role
from programmes.engine.hours import budget
from programmes.models import Cohort, Enrolment, OpenCall, Programme
from programmes.selectors import Audience, call_state, people_to_ask
from programmes.services import (
    announce_call,
    change_call,
    publish_call,
    set_enrolment_state,
    sign_up,
    take_back,
)
from tests.programmes.world import NOW, World, make_person, make_world
from tests.refusals import refused
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
LAST_DAY = dt.date(2027, 1, 20)


@pytest.fixture(autouse=True)
def _at_the_time_of_the_call() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def open_call(world: World, **values: Any) -> OpenCall:
    Cohort.objects.filter(pk=world.cohort.pk).update(stage="open")
    world.cohort.refresh_from_db()
    return publish_call(cohort=world.cohort, values={"closes_on": LAST_DAY, **values}, by=world.coordinator)


def announce(call: OpenCall, **audience: Any) -> Job:
    job = announce_call(call=call, audience=Audience(**audience), by=None, now=NOW)
    return run(job_id=job.pk) or job


def links(server: SmtpServer) -> list[str]:
    return [
        re.search(r"https?://[^/]+(/calls/\S+)", mail.message.get_body(("plain",)).get_content()).group(1)
        for mail in server.mails
    ]


# --- hours and roles --------------------------------------------------------------------------------------


@pytest.mark.covers("S2b.5")
@pytest.mark.parametrize(
    ("role", "partners", "hours"), [("mentor", 1, 20), ("mentor", 2, 34), ("mentee", 1, 18)]
)
def test_nine_months_take_the_hours_that_the_dossier_names(role: str, partners: int, hours: int) -> None:
    found = budget(role, days=273, cadence="monthly", meeting_minutes=60, partners=partners)
    assert found.hours == hours
    assert sum(part.minutes for part in found.parts) == found.minutes


@pytest.mark.parametrize(
    ("days", "cadence", "times"),
    [(273, "two_monthly", 5), (273, "fortnightly", 19), (28, "weekly", 4), (10, "monthly", 1)],
)
def test_the_rhythm_decides_how_many_conversations_there_are(days: int, cadence: str, times: int) -> None:
    found = budget("mentee", days=days, cadence=cadence, meeting_minutes=45)
    assert (found.parts[0].times, found.parts[0].minutes) == (times, times * 45)


@pytest.mark.covers("S2b.3", "S0.48")
@pytest.mark.parametrize(
    ("role", "grade", "code"),
    [
        ("mentee", 2, "nobody_below"),
        ("mentee", 3, "too_junior"),
        ("mentee", 6, ""),
        ("mentor", 4, ""),
        ("mentor", 5, "too_senior"),
        ("mentor", None, ""),
        ("mentee", None, ""),
    ],
)
def test_who_may_take_which_role(role: str, grade: int | None, code: str) -> None:
    rule = Rule(distance=2, mentor_to=4, mentee_from=5)
    assert obstacle(role, grade=grade, department="Tax", rule=rule) == code


def test_a_call_for_some_departments_is_for_those_alone() -> None:
    rule = Rule(distance=2, departments=("Tax",))
    assert obstacle("mentor", grade=2, department="Deals", rule=rule) == "department"
    assert obstacle("mentor", grade=2, department="Tax", rule=rule) == ""


@pytest.mark.parametrize(
    ("role", "grade", "department", "code"),
    [
        ("mentor", 2, "Tax", ""),
        ("mentor", 1, "Tax", "mentor_above"),
        ("mentor", 2, "Deals", "role_department"),
        ("mentee", 7, "Deals", ""),
        ("mentee", 9, "Deals", "mentee_below"),
    ],
)
def test_the_terms_of_the_charter_hold_in_a_call(role: str, grade: int, department: str, code: str) -> None:
    rule = Rule(distance=2, mentor_from=2, mentee_to=8, mentor_departments=("Tax",))
    assert obstacle(role, grade=grade, department=department, rule=rule) == code
    team = replace(rule, scope="team", scope_name="Blue")
    assert obstacle(role, grade=grade, department=department, rule=team) == "department"
    assert obstacle(role, grade=grade, department=department, team="BLUE", rule=team) == code


@pytest.mark.covers("S2b.3", "S0.1")
def test_a_call_narrows_the_charter_and_never_widens_it(world: World, client: Client) -> None:
    charter = {
        "mentor_highest_grade": 3,
        "mentee_lowest_grade": 6,
        "scope": "department",
        "scope_name": "Tax",
    }
    Programme.objects.filter(pk=world.programme.pk).update(mentor_min_months=6, **charter)
    call = open_call(world, mentor_grade_to=5, mentee_grade_from=7)
    four, six, seven = (make_person(str(n), grade=n, department="Tax") for n in (4, 6, 7))
    junior, elsewhere = (
        make_person("j", grade=3, department="Tax"),
        make_person("e", grade=3, department="Deals"),
    )
    for person, role, code in (
        (four, "mentor", "too_senior"), (six, "mentee", "too_junior"), (elsewhere, "mentor", "department"),
    ):  # fmt: skip
        with refused(code):
            sign_up(call=call, person=person, role=role, now=NOW)
    for person, role in ((junior, "mentor"), (seven, "mentee")):
        assert sign_up(call=call, person=person, role=role, now=NOW).role == role
    client.force_login(open_log_in(person=six))
    page = client.get(reverse("portal:call", args=[call.pk])).content.decode()
    assert "grade 3 or lower · 6 months in the company" in page
    assert "grade 7 or higher" in page
    assert set(people_to_ask(call, Audience())) == {four, six}
    client.force_login(world.user)
    form = reverse("admin:programmes_opencall_change", args=[call.pk])
    opened = client.get(form).context["adminform"].form.initial
    given = {"closes_on": LAST_DAY, "mentor_grade_to": 5, "mentee_grade_from": 4, **{"seen_version": 1}}
    wrong = client.post(form, given)
    assert {"mentor_grade_to", "mentee_grade_from"} <= set(wrong.context["adminform"].form.errors), opened


@pytest.mark.parametrize(
    ("grade", "role"), [(1, "mentor"), (4, "mentor"), (5, "mentee"), (8, "mentee"), (None, "")]
)
def test_the_usual_role_is_a_hint_by_grade(grade: int | None, role: str) -> None:
    assert usual_role(grade=grade, rule=Rule(distance=2), highest=8) == role


# --- announcing -------------------------------------------------------------------------------------------


@pytest.mark.covers("S4.8")
def test_a_call_is_announced_once_to_each_and_never_to_whom_it_should_not(
    world: World, smtp_server: SmtpServer
) -> None:
    call = open_call(world)
    junior = make_person("j", "Jo", grade=2, department="Tax")
    senior = make_person("s", "Sy", grade=7, department="Deals")
    make_person("gone", state="left")
    make_person("mute", email=None)
    Person.objects.create(hr_key="link", is_chain_only=True)
    inside = make_person("in", grade=2)
    sign_up(call=call, person=inside, role="mentor", now=NOW)
    open_log_in(person=senior)
    assert announce(call, departments=("Tax",)).result == {"told": 1, "before": 0}
    assert announce(call).result == {"told": 2, "before": 1}  # Sy, and the coordinator, who may take part too
    assert announce(call, named=("j", "SY.S@example.com", "link", "gone")).result == {"told": 0, "before": 2}
    assert set(Message.objects.filter(kind="announce").values_list("recipient_id", flat=True)) == {
        junior.pk, senior.pk, world.coordinator.pk,
    }  # fmt: skip
    assert drain(now=NOW) == 3
    texts = {m.recipients[0]: m.message.get_body(("plain",)).get_content() for m in smtp_server.mails}
    assert "Your view is wanted" in texts["jo.j@example.com"]
    assert "about 20 hours" in texts["jo.j@example.com"]
    assert "/calls/in/" in texts["jo.j@example.com"]
    assert f"/calls/{call.pk}/" in texts["sy.s@example.com"], (
        "whoever has a log-in gets no link that opens one"
    )
    assert (
        not ActionLink.objects.filter(person_id=senior.pk).exclude(purpose__startswith="unsubscribe").exists()
    )


@pytest.mark.parametrize(
    ("audience", "keys"),
    [
        ({"cities": ("Utrecht",)}, {"a", "c"}),
        ({"grade_from": 5}, {"b", "c"}),
        ({"grade_to": 3, "cities": ("Utrecht",)}, {"a"}),
        ({"named": ("b",), "cities": ("Utrecht",)}, {"b"}),
        ({"departments": ("Nowhere",)}, set()),
    ],
)
def test_an_audience_is_chosen_by_place_grade_or_name(
    world: World, audience: dict[str, Any], keys: set[str]
) -> None:
    call = open_call(world)
    for key, grade, city in (("a", 2, "Utrecht"), ("b", 6, "Berlin"), ("c", 6, "Utrecht")):
        make_person(key, grade=grade, city=city)
    found = people_to_ask(call, Audience(**audience)).exclude(pk=world.coordinator.pk)
    assert set(found.values_list("hr_key", flat=True)) == keys


@pytest.mark.covers("S3.35")
def test_a_senior_gets_the_sponsors_letter_in_place_of_the_announcement(world: World) -> None:
    call = open_call(world)
    make_person("j", "Jo", grade=2)
    senior = make_person("s", "Sy", grade=7)
    senior.language = "de"
    senior.save()
    Programme.objects.update(signed_by="Marijke Vossendijk")
    announce(call)
    assert announce(call).result["told"] == 0, "nobody gets both"
    mail = Message.objects.get(kind="invite_senior", recipient_id=senior.pk)
    assert not Message.objects.filter(kind="announce", recipient_id=senior.pk).exists()
    assert Message.objects.filter(kind="announce", address="jo.j@example.com").exists()
    text = compose(mail, now=NOW).text
    assert "Guten Tag Sy," in text
    assert text.count("Sy") == 1, "the letter brings its own salutation"
    assert "Marijke Vossendijk" in text
    assert "{" not in text


def test_nothing_is_announced_when_nobody_can_sign_up(world: World) -> None:
    call = open_call(world)
    make_person("j")
    after = dt.datetime(2027, 1, 21, 0, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with refused("not_open"):
        announce_call(call=call, audience=Audience(), by=None, now=after)
    with refused("nobody"):
        announce_call(call=call, audience=Audience(named=("nobody",)), by=None, now=NOW)
    assert Message.objects.count() == 0


def test_a_cancelled_announcement_writes_to_nobody(world: World) -> None:
    call = open_call(world)
    make_person("j")
    job = announce_call(call=call, audience=Audience(), by=None, now=NOW)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    cancel_job(job=job)
    run(job_id=job.pk)
    assert Message.objects.filter(kind="announce").count() == 0


def test_a_mail_about_a_call_that_closed_meanwhile_never_leaves(
    world: World, smtp_server: SmtpServer
) -> None:
    call = open_call(world)
    make_person("j")
    announce(call)
    Cohort.objects.filter(pk=world.cohort.pk).update(stage="selecting")
    drain(now=NOW)
    assert smtp_server.mails == []
    assert set(Message.objects.filter(kind="announce").values_list("state", flat=True)) == {"cancelled"}


def test_an_announcement_to_many_asks_the_database_little(world: World) -> None:
    call = open_call(world)
    Person.objects.bulk_create(
        Person(hr_key=f"m{n}", first_name="M", last_name=str(n), email=f"m{n}@example.com")
        for n in range(600)
    )
    job = announce_call(call=call, audience=Audience(), by=None, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        done = run(job_id=job.pk)
    assert done.result["told"] == 601
    assert len(queries) < 60


# --- signing up -------------------------------------------------------------------------------------------


@pytest.mark.covers("S0.48", "S1.1")
def test_signing_up_is_a_wish_in_either_role(world: World) -> None:
    call = open_call(world)
    junior, senior = make_person("j", grade=2), make_person("s", grade=7)
    one = sign_up(call=call, person=junior, role="mentor", now=NOW)
    other = sign_up(call=call, person=senior, role="mentee", now=NOW)
    assert (one.state, one.role, other.role) == ("applied", "mentor", "mentee")
    assert sign_up(call=call, person=junior, role="mentor", now=NOW).pk == one.pk
    assert Enrolment.objects.count() == 2


def test_a_role_that_cannot_be_is_refused_kindly_and_a_mind_may_change(world: World) -> None:
    call = open_call(world, mentor_grade_to=5)
    junior, middle = make_person("j", grade=1), make_person("m", grade=4)
    with refused("nobody_below", "mentor"):
        sign_up(call=call, person=junior, role="mentee", now=NOW)
    with refused("role"):
        sign_up(call=call, person=junior, role="boss", now=NOW)
    sign_up(call=call, person=middle, role="mentee", now=NOW)
    changed = sign_up(call=call, person=middle, role="mentor", now=NOW)
    assert (changed.role, changed.capacity) == ("mentor", 2)
    assert Enrolment.objects.get(person=middle).version == 2


@pytest.mark.parametrize(
    ("stage", "now", "state"),
    [
        ("open", NOW, "open"),
        ("open", dt.datetime(2027, 1, 20, 22, 59, tzinfo=dt.UTC), "open"),
        ("open", dt.datetime(2027, 1, 20, 23, 0, tzinfo=dt.UTC), "over"),
        ("selecting", NOW, "closed"),
        ("draft", NOW, "closed"),
    ],
)
def test_one_can_sign_up_while_the_cohort_is_open_and_until_its_last_day(
    world: World, stage: str, now: dt.datetime, state: str
) -> None:
    call = open_call(world)
    Cohort.objects.filter(pk=world.cohort.pk).update(stage=stage)
    call = OpenCall.objects.get(pk=call.pk)
    assert call_state(call, now) == state
    if state != "open":
        with refused("not_open"):
            sign_up(call=call, person=make_person("j"), role="mentor", now=now)
        assert not Enrolment.objects.exists()


def test_an_application_taken_back_leaves_nothing_and_may_come_again(world: World) -> None:
    call, junior = open_call(world), make_person("j", grade=2)
    enrolment = sign_up(call=call, person=junior, role="mentor", now=NOW)
    take_back(enrolment=enrolment, by=junior, now=NOW)
    assert not Enrolment.objects.exists()
    again = sign_up(call=call, person=junior, role="mentor", now=NOW)
    set_enrolment_state(enrolment=again, to="accepted", by=None, now=NOW)
    with pytest.raises(Conflict):
        take_back(enrolment=again, by=junior, now=NOW)
    with pytest.raises(Conflict):
        sign_up(call=call, person=junior, role="mentor", now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("D-07")
def test_ten_clicks_at_once_are_one_application(world: World) -> None:
    call, junior = open_call(world), make_person("j", grade=2)

    def click(_number: int) -> str:
        try:
            sign_up(call=call, person=junior, role="mentor", now=NOW)
            return "in"
        except Conflict:
            return "again"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(click, range(10)))
    assert found == ["in"] * 10
    assert Enrolment.objects.count() == 1


def test_settings_of_a_call_are_checked(world: World) -> None:
    call = open_call(world)
    with refused("invalid"):
        change_call(call=call, values={"mentor_seats": 0}, by=None)
    with pytest.raises(Conflict):
        publish_call(cohort=world.cohort, values={"closes_on": LAST_DAY}, by=None)
    assert change_call(call=call, values={"mentor_seats": 12}, by=None).version == 2


# --- pages ------------------------------------------------------------------------------------------------


def page(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.covers("S0.11", "S4.1", "S2b.5")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("You lead: your agenda", "You pass on what you have learned", "hours in all")),
        ("nl", ("Jij leidt", "Je geeft door wat je hebt geleerd", "uur in totaal")),
        ("de", ("Sie führen", "Sie geben weiter, was Sie gelernt haben", "Stunden insgesamt")),
    ],
)
def test_the_page_says_what_each_role_gains_and_costs(
    client: Client, world: World, language: str, words: tuple[str, ...]
) -> None:
    call = open_call(world)
    client.force_login(open_log_in(person=make_person("j", grade=2, language=language)))
    text = page(client.get(reverse("portal:call", args=[call.pk])))
    assert all(word in text for word in words), text
    assert world.programme.purpose in text


@pytest.mark.covers("S3.35")
def test_the_page_carries_the_sponsors_words_once_somebody_signs_them(client: Client, world: World) -> None:
    call = open_call(world)
    client.force_login(open_log_in(person=make_person("j", "Jo", grade=7)))
    address = reverse("portal:call", args=[call.pk])
    assert "Dear Jo" not in page(client.get(address))
    Programme.objects.update(signed_by="Marijke Vossendijk")
    text = page(client.get(address))
    assert "Dear Jo" in text
    assert "Marijke Vossendijk" in text
    assert "about 18 hours" in text


def test_the_page_says_what_a_line_manager_is_told(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = open_call(world)
    client.force_login(open_log_in(person=make_person("j", grade=2)))
    address = reverse("portal:call", args=[call.pk])
    assert "What your line manager is told Nothing" in page(client.get(address))
    monkeypatch.setattr("portal.selectors.calls.is_on", lambda programme_id, switch: True)
    assert "the hours it takes, and nothing else" in page(client.get(address))


@pytest.mark.covers("S0.48")
def test_a_colleague_signs_up_changes_role_and_takes_it_back(client: Client, world: World) -> None:
    call = open_call(world)
    client.force_login(open_log_in(person=make_person("m", grade=4)))
    address = reverse("portal:call", args=[call.pk])
    assert client.post(address, {"role": ""}).status_code == 422
    assert "You have signed up" in page(client.post(address, {"role": "mentor"}, follow=True))
    assert "You, as a mentor" in page(client.get(address))
    assert "You, as a mentee" in page(client.post(address, {"role": "mentee"}, follow=True))
    assert "You came forward as a mentee" in page(client.get("/"))
    back = client.post(reverse("portal:call-take-back", args=[call.pk]), follow=True)
    assert "Nothing of it is kept" in page(back)
    assert not Enrolment.objects.exists()


def test_a_page_says_kindly_that_it_is_over(client: Client, world: World) -> None:
    call = open_call(world)
    address = reverse("portal:call", args=[call.pk])
    with time_machine.travel(NOW + dt.timedelta(days=20), tick=False):
        client.force_login(open_log_in(person=make_person("m", grade=4)))
        text = page(client.get(address))
        assert "Signing up was possible until Wednesday 20 January" in text
        assert "Sign me up" not in text
        late = client.post(address, {"role": "mentor"})
    assert late.status_code == 422
    assert "Signing up was possible" in page(late)
    assert not Enrolment.objects.exists()


@pytest.mark.covers("C-01")
def test_a_call_of_a_cohort_that_is_not_open_yet_is_not_there(client: Client, world: World) -> None:
    call = publish_call(cohort=world.cohort, values={"closes_on": LAST_DAY}, by=None)
    client.force_login(open_log_in(person=make_person("m")))
    assert client.get(reverse("portal:call", args=[call.pk])).status_code == 404
    assert client.get(reverse("portal:call", args=[call.pk + 1])).status_code == 404
    client.logout()
    assert client.get(reverse("portal:call", args=[call.pk])).status_code == 302


@pytest.mark.covers("C-14", "C-15", "C-16")
def test_the_mails_link_shows_a_page_and_only_its_button_lets_in(
    client: Client, world: World, smtp_server: SmtpServer
) -> None:
    call = open_call(world)
    junior = make_person("j", "Jo", grade=2, department="Tax")
    announce(call, departments=("Tax",))
    drain(now=NOW)
    link = links(smtp_server)[0]
    for _scan in range(3):
        client.head(link)
        moved = client.get(link)
    assert (moved.status_code, moved["Referrer-Policy"]) == (302, "no-referrer")
    shown = client.get(moved.url)
    assert "This button lets you in" in page(shown)
    assert "Jo" not in page(shown), "a forwarded mail shows nobody's name"
    assert not User.objects.filter(person=junior).exists()
    entered = client.post(moved.url)
    assert entered.url == reverse("portal:call", args=[call.pk])
    assert client.session["_auth_user_id"] == str(User.objects.get(person=junior).pk)
    assert not Enrolment.objects.exists(), "coming in is not signing up"
    stranger = Client()
    assert stranger.get(stranger.get(link).url).status_code == 410


@pytest.mark.covers("C-08")
def test_a_link_never_walks_past_the_log_in_of_somebody_who_has_one(
    client: Client, world: World, smtp_server: SmtpServer
) -> None:
    call = open_call(world)
    senior = make_person("s", "Sy", grade=7, department="Deals")
    announce(call, departments=("Deals",))
    drain(now=NOW)
    open_log_in(person=senior)
    answer = client.post(client.get(links(smtp_server)[0]).url)
    assert answer.url.startswith(reverse("account_request_login_code"))
    assert "_auth_user_id" not in client.session


def test_a_coordinator_sees_how_many_before_anything_is_sent(client: Client, world: World) -> None:
    call = open_call(world)
    make_person("j", grade=2, department="Tax")
    client.force_login(world.user)
    address = reverse("admin:programmes_opencall_announce", args=[call.pk])
    counted = client.post(address, {"departments": "Tax", "count": "1"})
    assert "1 person belongs to this choice" in page(counted)
    assert Message.objects.count() == 0
    assert Job.objects.count() == 0
    wrong = client.post(address, {"grade_from": "many", "count": "1"})
    assert wrong.status_code == 422
    sent = client.post(address, {"departments": "Tax", "send": "1"})
    assert sent.url == reverse("admin:operations_job_progress", args=[Job.objects.get().pk])
    other = make_world("Other")
    client.force_login(other.user)
    assert client.get(address).status_code == 404
