"""The communication plan: laid out, planned, sent once at nine in the morning, moved with the cohort."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from common.errors import DomainError, IllegalTransition
from outbox.models import Message
from outbox.services import drain
from participants.models import Person
from programmes.choices import AnnouncementState, Stage
from programmes.engine.plan_days import day_of, leaves_at
from programmes.models import Announcement, Cohort
from programmes.selectors import PLAN, announcement_text
from programmes.services import (
    add_announcement,
    call_off_announcement,
    change_announcement,
    change_cohort,
    clone_cohort,
    plan_announcement,
    send_due_announcements,
    set_enrolment_state,
    suggest_plan,
)
from tests.programmes.test_desk_lists import form_of, text
from tests.programmes.world import NOW, World, make_world, take_part
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
#: The cohort begins on 1 February 2027; one week before it is the day of the two reminders by role.
WEEK_BEFORE = dt.datetime(2027, 1, 25, tzinfo=dt.UTC)


@pytest.fixture
def world() -> World:
    made = make_world()
    for stage in (Stage.OPEN, Stage.SELECTING, Stage.MATCHING, Stage.PREPARING):
        Cohort.objects.update(stage=stage)
    made.cohort.refresh_from_db()
    suggest_plan(cohort=made.cohort, by=None)
    return made


def one(code: str) -> Announcement:
    return Announcement.objects.get(code=code)


def plan(code: str) -> Announcement:
    return plan_announcement(announcement=one(code), by=None, now=NOW)


def at(hour: int, minute: int = 0) -> dt.datetime:
    return WEEK_BEFORE.replace(hour=hour, minute=minute)


# --- days --------------------------------------------------------------------------------------------------


def test_days_hang_on_the_cohorts_days() -> None:
    days = {"starts_on": dt.date(2027, 2, 1), "ends_on": dt.date(2027, 10, 31)}
    assert day_of("start", -7, **days) == dt.date(2027, 1, 25)
    assert day_of("middle", 0, **days) == dt.date(2027, 6, 17)
    assert day_of("end", 56, **days) == dt.date(2027, 12, 26)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2027-01-24T20:00Z", "2027-01-25T08:00Z"),  # the evening before: at nine in Amsterdam
        ("2027-01-25T10:00Z", "2027-01-25T10:00Z"),  # late, by daylight: now
        ("2027-01-25T19:00Z", "2027-01-26T08:00Z"),  # late in the evening: the next morning
        ("2027-01-26T03:00Z", "2027-01-26T08:00Z"),  # at night: when the day has begun
    ],
)
def test_a_mail_leaves_at_nine_and_never_at_night(now: str, leaves: str) -> None:
    moment = dt.datetime.fromisoformat(now)
    assert leaves_at(dt.date(2027, 1, 25), "Europe/Amsterdam", moment) == dt.datetime.fromisoformat(leaves)


# --- the plan ----------------------------------------------------------------------------------------------


@pytest.mark.covers("S0.45")
def test_the_shipped_plan_speaks_at_each_stage_and_sends_nothing_by_itself(world: World) -> None:
    take_part(world, "1", "mentor")
    assert {line.stage for line in PLAN} >= {
        "selecting",
        "matching",
        "preparing",
        "active",
        "closing",
        "closed",
    }
    assert suggest_plan(cohort=world.cohort, by=None) == 0, "laid out once"
    assert set(Announcement.objects.values_list("state", flat=True)) == {"suggested"}
    send_due_announcements(now=at(9))
    assert not Message.objects.exists()
    for language, words in (("en", "keep the first hour free"), ("nl", "eerste uur"), ("de", "erste Stunde")):
        assert words in announcement_text(one("mentees_ready"), language).subject


@pytest.mark.covers("S0.45")
def test_each_gets_it_once_at_nine_where_they_are(world: World, smtp_server: SmtpServer) -> None:
    mentor, far = take_part(world, "1", "mentor"), take_part(world, "2", "mentor")
    take_part(world, "3", "mentee")
    Person.objects.filter(pk=far.person_id).update(time_zone="Asia/Tokyo", language="de")
    Person.objects.filter(pk=mentor.person_id).update(time_zone="Europe/Amsterdam")
    plan("mentors_ready")
    send_due_announcements(now=at(0) - dt.timedelta(hours=4))
    send_due_announcements(now=at(9))
    due = dict(Message.objects.values_list("recipient_id", "not_before"))
    assert due == {mentor.person_id: at(8), far.person_id: at(0)}
    assert one("mentors_ready").sent_to == 2
    drain(now=at(12))
    assert sorted(str(mail.message["Subject"]) for mail in smtp_server.mails) == sorted(
        [announcement_text(one("mentors_ready"), code).subject for code in ("en", "de")]
    )
    assert send_due_announcements(now=at(12)) == 0


def test_it_waits_for_its_stage_and_is_left_out_when_its_time_has_passed(world: World) -> None:
    take_part(world, "1", "mentor")
    plan("begins")
    first_day = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)
    assert send_due_announcements(now=first_day) == 0, "the cohort is still preparing"
    Cohort.objects.update(stage=Stage.ACTIVE)
    assert send_due_announcements(now=first_day + dt.timedelta(days=2)) == 1
    assert one("begins").state == "sent"
    plan("mentees_ready")
    send_due_announcements(now=first_day)
    assert one("mentees_ready").state == "skipped", "the cohort has moved on"
    plan("thanks")
    send_due_announcements(now=dt.datetime(2027, 11, 20, 9, tzinfo=dt.UTC))
    assert one("thanks").state == "skipped"


def test_its_day_moves_with_the_cohort_and_nobody_gets_it_twice(
    world: World, smtp_server: SmtpServer
) -> None:
    near, far = take_part(world, "1", "mentor"), take_part(world, "2", "mentor")
    Person.objects.filter(pk=near.person_id).update(time_zone="Europe/Amsterdam")
    Person.objects.filter(pk=far.person_id).update(time_zone="America/New_York")
    plan("mentors_ready")
    send_due_announcements(now=at(8))
    drain(now=at(8, 30))
    assert len(smtp_server.mails) == 1, "it is night in New York"
    week = dt.timedelta(days=7)
    change_cohort(
        cohort=world.cohort, values={"starts_on": world.cohort.starts_on + week}, by=None, now=at(9)
    )
    row = one("mentors_ready")
    assert (row.sends_on, row.state, row.sent_to) == (dt.date(2027, 2, 1), "planned", 1)
    drain(now=at(23))
    assert len(smtp_server.mails) == 1, "what waited is withdrawn"
    send_due_announcements(now=at(9) + week)
    drain(now=at(20) + week)
    assert [str(mail.message["To"]) for mail in smtp_server.mails][1:] == [far.person.email]
    assert one("mentors_ready").sent_to == 2
    change_cohort(cohort=Cohort.objects.get(), values={"name": "Renamed"}, by=None, now=at(9))
    assert one("mentors_ready").state == "sent"


def test_whoever_leaves_before_its_hour_does_not_get_it(world: World, smtp_server: SmtpServer) -> None:
    gone = take_part(world, "1", "mentor")
    plan("mentors_ready")
    send_due_announcements(now=at(0))
    set_enrolment_state(enrolment=gone, to="withdrawn", by=None, now=at(1))
    drain(now=at(12))
    assert smtp_server.mails == []


def test_what_has_been_sent_stands_and_what_has_not_can_be_called_off(world: World) -> None:
    row = call_off_announcement(announcement=plan("mentors_ready"), by=None, now=NOW)
    assert row.state == AnnouncementState.SUGGESTED
    with pytest.raises(DomainError, match="day has passed"):
        plan_announcement(announcement=row, by=None, now=at(9) + dt.timedelta(days=1))
    with pytest.raises(DomainError, match="nmae"):
        change_announcement(announcement=row, values={"body_en": "{nmae}"}, by=None)
    own = add_announcement(
        cohort=world.cohort, by=None,
        values={"stage": "preparing", "anchor": "start", "offset_days": -7, "audience": "mentors"},
    )  # fmt: skip
    with pytest.raises(DomainError, match="first language"):
        plan_announcement(announcement=own, by=None, now=NOW)
    Announcement.objects.filter(pk=own.pk).update(state="planned")
    Announcement.objects.filter(pk=own.pk).update(state="sent")
    for refused in (
        lambda: call_off_announcement(announcement=own, by=None, now=NOW),
        lambda: change_announcement(announcement=own, values={"offset_days": 1}, by=None),
    ):
        with pytest.raises((IllegalTransition, DomainError), match="has been sent"):
            refused()


def test_a_clone_says_the_same_on_its_own_days(world: World) -> None:
    change_announcement(announcement=one("kickoff"), values={"body_en": "Come, {name}."}, by=None)
    plan("kickoff") if one("kickoff").sends_on >= NOW.date() else None
    made = clone_cohort(cohort=world.cohort, name="2028", starts_on=dt.date(2028, 2, 1), by=None)
    copied = made.announcements.get(code="kickoff")
    assert (copied.body_en, copied.state, copied.sends_on) == (
        "Come, {name}.",
        "suggested",
        dt.date(2028, 1, 11),
    )
    assert made.announcements.count() == len(PLAN)


# --- the pages ---------------------------------------------------------------------------------------------


@pytest.mark.covers("S0.45")
def test_the_plan_is_laid_out_previewed_and_planned_at_the_desk(client: Client, world: World) -> None:
    Announcement.objects.all().delete()
    client.force_login(world.user)
    address = reverse("admin:programmes_announcement_plan", args=[world.cohort.pk])
    assert "No announcement yet" in text(client.get(address))
    client.post(address, {"suggest": "1"})
    Cohort.objects.update(starts_on="2099-02-01", ends_on="2099-11-01")
    for row in Announcement.objects.all():
        change_announcement(announcement=Announcement.objects.get(pk=row.pk), values={}, by=None)
    shown = text(client.get(address))
    assert "Kick-off: save the date" in shown
    row = one("kickoff")
    preview = text(client.get(reverse("admin:programmes_announcement_preview", args=[row.pk])))
    assert "Leaders learn from juniors." in preview
    assert "2099" in preview
    form = reverse("admin:programmes_announcement_change", args=[row.pk])
    data = form_of(client.get(form))
    assert "kick-off" in data["body_en"]
    assert client.post(form, {**data, "body_nl": "{nmae}"}).status_code == 200
    assert client.post(form, {**data, "body_nl": "Kom!"}).status_code == 302
    row.refresh_from_db()
    assert (row.body_nl, row.body_en) == ("Kom!", ""), "what was not touched stays the shipped text"
    client.post(address, {"plan": str(row.pk)})
    assert one("kickoff").state == "planned"
    client.post(address, {"call_off": str(row.pk)})
    assert one("kickoff").state == "suggested"
    assert "10 announcements are planned" in text(client.post(address, {"plan_all": "1"}, follow=True))
    other = make_world("Other").cohort
    for foreign in (reverse("admin:programmes_announcement_plan", args=[other.pk]),):
        assert client.get(foreign).status_code == 404
        assert client.post(foreign, {"suggest": "1"}).status_code == 404
    assert client.post(address, {"plan": "999999"}).status_code == 404


def test_what_lies_behind_asks_for_another_day_instead_of_being_planned(client: Client, world: World) -> None:
    client.force_login(world.user)
    row = one("kickoff")
    Announcement.objects.filter(pk=row.pk).update(sends_on=dt.date(2020, 1, 6), state="suggested")
    page = client.get(reverse("admin:programmes_announcement_plan", args=[world.cohort.pk]))
    line = next(line for line in page.context["lines"] if line.announcement.pk == row.pk)
    assert line.is_past
    assert f'name="plan" value="{row.pk}"' not in page.content.decode()
    assert reverse("admin:programmes_announcement_change", args=[row.pk]) in page.content.decode()


def test_what_was_sent_shows_the_words_that_went_out_in_every_language(client: Client, world: World) -> None:
    plan("mentors_ready")
    send_due_announcements(now=at(9))
    row = one("mentors_ready")
    assert (row.state, row.body_nl) == ("sent", "")
    client.force_login(world.user)
    page = client.get(reverse("admin:programmes_announcement_change", args=[row.pk]))
    assert page.status_code == 200
    shown = text(page)
    for language, _name in settings.LANGUAGES:
        assert announcement_text(row, language).subject in shown
    row.refresh_from_db()
    assert row.body_nl == "", "shown, not stored"
