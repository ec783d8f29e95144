"""The no-fault way out: free at once, told at a fixed hour, in the same words whatever the cause (decision 33)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, transaction

from common.errors import IllegalTransition
from meetings.models import Booking
from meetings.selectors import lamps, next_meeting, pairs_today, things_to_do
from outbox.models import Message
from pairings.models import Pairing
from pairings.services import end_pairing, pause_pairing, send_due_notices
from participants.models import Person
from participants.services import mark_left
from programmes.choices import EnrolmentState
from programmes.models import Enrolment, Programme
from tests.meetings.world import NOW, cohort, keys, local, meet, pair, person, utc

pytestmark = pytest.mark.django_db

#: A Tuesday afternoon; notices leave on Wednesday at nine in Amsterdam.
THEN = local("2027-01-12 15:30")
NOTICE = utc("2027-01-13 08:00")


def by_mentor(pairing: Pairing) -> None:
    end_pairing(pairing=pairing, by=pairing.mentor.person, now=THEN)


def by_mentee(pairing: Pairing) -> None:
    end_pairing(pairing=pairing, by=pairing.mentee.person, now=THEN)


def by_coordinator(pairing: Pairing) -> None:
    end_pairing(pairing=pairing, by=person(), now=THEN)


def by_departure(pairing: Pairing) -> None:
    mark_left(person=pairing.mentor.person, now=THEN)


def _without_ids(context: dict[str, object]) -> dict[str, object]:
    return {
        key: _without_ids(value) if isinstance(value, dict) else value
        for key, value in context.items()
        if not key.endswith("_id")
    }


def mails_to(who: Person) -> list[tuple[object, ...]]:
    """What reaches somebody: kind, texts, calendar and hour, without the ids that make keys unique."""
    rows = Message.objects.filter(recipient_id=who.pk).exclude(kind="match_confirmed").order_by("kind", "pk")
    skipped = ("uid", "UID")
    return [
        (
            row.kind,
            _without_ids(row.context),
            row.calendar and [line for line in row.calendar["text"].splitlines() if line[:3] not in skipped],
            row.created_at,
            row.not_before,
        )
        for row in rows
    ]


@pytest.mark.covers("A-27")
def test_the_mentee_gets_the_same_mails_at_the_same_hour_whatever_the_cause() -> None:
    seen = []
    for end in (by_mentor, by_mentee, by_coordinator, by_departure):
        with transaction.atomic():
            mentor = person("Noor", last_name="A", email="noor@x.nl")
            mentee = person("Willem", last_name="B", email="willem@x.nl")
            made = pair(cohort(Programme.objects.create(name="P")), mentor=mentor, mentee=mentee)
            meet(made, local("2027-01-20 12:00"))
            Message.objects.all().delete()
            end(made)
            assert keys() == []
            assert send_due_notices(now=NOTICE - timedelta(seconds=1)) == 0
            assert send_due_notices(now=NOTICE) == 1
            seen.append(mails_to(mentee))
            transaction.set_rollback(True)
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert [mail[0] for mail in seen[0]] == ["exit", "meeting_changed"]


def _page(pairing: Pairing, who: Person) -> list[object]:
    """What the portal shows of this pair to one of the two."""
    now = THEN + timedelta(hours=2)
    shown = Pairing.objects.shown_to(who.pk).with_people()
    today = pairs_today(shown, now=now)
    return [
        [one.pk for one in shown],
        [(lamp.state, lamp.ordinal) for one in shown for lamp in lamps(one, now=now)],
        getattr(next_meeting(today), "pk", None),
        [(todo.kind, todo.pairing.pk) for todo in things_to_do(today)],
    ]


@pytest.mark.covers("A-27")
@pytest.mark.parametrize("end", [by_mentor, by_coordinator, by_departure])
def test_until_that_hour_the_partners_pages_do_not_change(end: Callable[[Pairing], None]) -> None:
    made = pair()
    meet(made, local("2027-02-03 12:00"))
    mentee = made.mentee.person
    before = _page(made, mentee)
    assert before[0] == [made.pk]
    assert before[3] == [("plan", made.pk)]
    end(made)
    assert _page(made, mentee) == before
    assert Enrolment.objects.get(pk=made.mentee_id).state == EnrolmentState.ACTIVE
    send_due_notices(now=NOTICE)
    assert _page(made, mentee) == [[], [], None, []]
    assert Enrolment.objects.get(pk=made.mentee_id).state == EnrolmentState.ACCEPTED


def test_whoever_ends_it_is_free_at_once() -> None:
    made = pair()
    meeting = meet(made, local("2027-01-20 12:00"))
    by_mentor(made)
    mentor = made.mentor.person
    assert Enrolment.objects.get(pk=made.mentor_id).state == EnrolmentState.ACCEPTED
    assert not Pairing.objects.shown_to(mentor.pk).exists()
    assert not Booking.objects.filter(person=mentor).exists()
    assert Booking.objects.get(meeting=meeting).person_id == made.mentee.person_id
    other = pair(made.cohort, mentor=Enrolment.objects.get(pk=made.mentor_id), now=THEN)
    assert meet(other, meeting.starts_at, now=THEN).pk


def test_the_hour_comes_and_nothing_is_left_that_tells_who_ended_it() -> None:
    made = pair()
    meeting = meet(made, local("2027-01-20 12:00"))
    by_mentor(made)
    assert Pairing.objects.get().ended_by_id == made.mentor.person_id
    assert send_due_notices(now=NOTICE) == 1
    made.refresh_from_db()
    assert (made.state, made.ended_at, made.notice_due_at, made.ended_by) == ("ended", THEN, None, None)
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"
    assert not Booking.objects.exists()
    assert Message.objects.filter(kind="exit").count() == 2
    cancelled = Message.objects.filter(kind="meeting_changed", valid_while__sequence=1)
    assert {row.calendar["method"] for row in cancelled} == {"CANCEL"}
    assert send_due_notices(now=NOTICE + timedelta(days=1)) == 0


@pytest.mark.covers("A-27")
def test_no_log_tells_afterwards_who_of_the_two_ended_it() -> None:
    made, other = pair(), pair()
    LogEntry.objects.all().delete()
    by_mentor(made)
    send_due_notices(now=NOTICE)
    assert not LogEntry.objects.exists()
    by_coordinator(other)
    assert LogEntry.objects.get_for_model(Pairing).get().changes["state"] == ["confirmed", "ended"]


def test_notices_wait_for_a_day_on_which_both_work() -> None:
    friday = local("2027-01-15 08:00")
    plain = pair()
    end_pairing(pairing=plain, by=None, now=friday)
    assert Pairing.objects.get(pk=plain.pk).notice_due_at == utc("2027-01-18 08:00")
    american = pair(mentee=person(grade=6, country="US"))  # Monday 18 January is Martin Luther King Day
    end_pairing(pairing=american, by=None, now=friday)
    assert Pairing.objects.get(pk=american.pk).notice_due_at == utc("2027-01-19 08:00")


def test_somebody_who_has_left_gets_nothing() -> None:
    made = pair()
    Message.objects.all().delete()
    by_departure(made)
    send_due_notices(now=NOTICE)
    assert set(Message.objects.values_list("recipient_id", flat=True)) == {made.mentee.person_id}


def test_all_pairs_of_a_departure_end_in_every_cohort() -> None:
    mentor = person(grade=2)
    here, there, others = pair(mentor=mentor), pair(mentor=mentor), pair()
    mark_left(person=mentor, now=THEN)
    states = {row.pk: row.state for row in Pairing.objects.all()}
    assert states == {here.pk: "ended", there.pk: "ended", others.pk: "confirmed"}


def test_ending_twice_changes_nothing_and_a_completed_pair_does_not_end() -> None:
    made = pair()
    by_mentor(made)
    end_pairing(pairing=made, by=made.mentee.person, now=THEN + timedelta(hours=1))
    made.refresh_from_db()
    assert (made.ended_at, made.ended_by_id) == (THEN, made.mentor.person_id)
    done = pair(cohort())
    Pairing.objects.filter(pk=done.pk).update(state="active")
    Pairing.objects.filter(pk=done.pk).update(state="completed", ended_at=NOW)
    with pytest.raises(IllegalTransition):
        end_pairing(pairing=done, by=None, now=THEN)


def test_a_paused_pair_ends_too_and_its_pause_with_the_notice() -> None:
    made = pair()
    pause = pause_pairing(pairing=made, by=None, now=NOW)
    by_mentee(made)
    send_due_notices(now=NOTICE)
    pause.refresh_from_db()
    assert pause.ended_at == NOTICE


@pytest.mark.covers("D-03")
def test_one_failure_holds_up_no_other_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    from pairings import emails

    bad, good = pair(), pair()
    for made in (bad, good):
        end_pairing(pairing=made, by=None, now=THEN)
    real = emails.exit

    def breaks(**values: object) -> object:
        if values["pairing"].pk == bad.pk:
            raise RuntimeError
        return real(**values)

    monkeypatch.setattr(emails, "exit", breaks)
    assert send_due_notices(now=NOTICE) == 1
    assert Pairing.objects.get(pk=bad.pk).notice_due_at is not None
    assert Pairing.objects.get(pk=good.pk).notice_due_at is None
    monkeypatch.undo()
    assert send_due_notices(now=NOTICE) == 1


def test_who_ended_it_cannot_outlive_the_notice() -> None:
    made = pair()
    by_mentor(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.filter(pk=made.pk).update(notice_due_at=None)
