"""Every term of the register is carried out, in time, once, and counted (B-10)."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import call_command

from common.belongings import JOBS_OF_TERMS, belonging, ending, models_with_term
from common.privacy import RETENTION_DAYS, declared_models
from mentoring.notices import warn_of_terms
from mentoring.retention import carry_out_terms, days_of, due_people, due_rows
from mentoring.schedule import JOBS
from operations.models import Job
from outbox.models import Message
from outbox.services.rendering import compose
from pairings.models import Hold, Pairing
from participants.models import DataExport, Person, User
from participants.selectors import personal_lines
from participants.services import mark_left, open_log_in
from programmes.models import Break, Cohort, Enrolment, TopicOffer
from tests.meetings.world import NOW, cohort, enrolment, meet, pair, person
from tests.participants.everything import canary, plant

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B-10")]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_every_term_of_every_line_has_something_that_carries_it_out() -> None:
    names = {job.name for job in JOBS}
    assert set(JOBS_OF_TERMS.values()) <= names
    open_terms = []
    for label in declared_models():
        told, own = belonging(label), ending(label)
        for name, line in personal_lines(label).items():
            whose = told is not None and bool(told.own or told.named)
            is_done = (
                line.retention in ("forever", *JOBS_OF_TERMS)
                or own is not None
                or (line.retention in ("programme", "account_30") and (whose or line.erase == "keep"))
            )
            if not is_done:
                open_terms.append((label, name, line.retention))
    assert open_terms == []


def test_terms_of_whole_rows_are_one_number_of_days() -> None:
    for label in models_with_term():
        assert days_of(label) >= 0
        assert len({RETENTION_DAYS[line.retention] for line in personal_lines(label).values()}) == 1, label


@pytest.mark.parametrize(
    ("make", "kept_for"),
    [
        (lambda: DataExport.objects.create(person=person(), asked_at=NOW), 1),
        (lambda: Job.objects.create(kind="x", state="done", finished_at=NOW), 365),
        (
            lambda: Hold.objects.create(
                pairing=Pairing.objects.create(
                    cohort=(within := cohort()), mentor=enrolment(within, "mentor"),
                    mentee=enrolment(within, "mentee"), state="ended", confirmed_at=NOW, ended_at=NOW,
                ),
                cause="line", found_at=NOW,
            ),
            90,
        ),
        (lambda: Session.objects.create(session_key="s", session_data="x", expire_date=NOW), 0),
        (
            lambda: UserSession.objects.create(
                user=open_log_in(person=person()), ip="::1", session_key="s", user_agent="x", last_seen_at=NOW
            ),
            7,
        ),
    ],
    ids=["copy", "long work", "pair to look at", "session", "session shown to its owner"],
)  # fmt: skip
def test_a_row_stays_for_its_term_and_goes_after_it(make: Any, kept_for: int) -> None:
    row = make()
    if isinstance(row, UserSession):
        UserSession.objects.filter(pk=row.pk).update(last_seen_at=NOW)
    carry_out_terms(now=NOW + kept_for * DAY)
    assert type(row)._default_manager.filter(pk=row.pk).exists()
    assert carry_out_terms(now=NOW + kept_for * DAY + DAY) >= 1
    assert not type(row)._default_manager.filter(pk=row.pk).exists()


def test_a_log_in_goes_thirty_days_after_somebody_left_and_the_audit_log_after_a_year() -> None:
    who = person()
    open_log_in(person=who)
    mark_left(person=who, now=NOW)
    carry_out_terms(now=NOW + 30 * DAY)
    assert User.objects.filter(person=who).exists()
    carry_out_terms(now=NOW + 32 * DAY)
    assert not User.objects.filter(person=who).exists()
    assert LogEntry.objects.exists()
    carry_out_terms(now=NOW + 367 * DAY)
    assert not LogEntry.objects.exists()


def _closed(ends_on: dt.date) -> Pairing:
    made = pair()
    meet(made, NOW + DAY, place="The canteen")
    topic = TopicOffer._meta.get_field("topic").related_model.objects.filter(programme=None).first()
    TopicOffer.objects.create(enrolment=made.mentor, topic=topic, level=3)
    Break.objects.create(enrolment=made.mentor, started_at=NOW, ended_at=NOW, resumes_as="active")
    Pairing.objects.filter(pk=made.pk).update(state="completed", ended_at=NOW)
    for stage in ("closing", "closed"):
        Cohort.objects.filter(pk=made.cohort_id).update(stage=stage, ends_on=ends_on)
    return made


def _told(*people: Person, at: dt.datetime) -> None:
    """As if the notice before deletion had gone to them."""
    for one in people:
        Message.objects.create(
            key=f"retention_notice:{one.pk}", kind="retention_notice", about_kind="person", about_id=one.pk,
            state="sent", created_at=at, not_before=at, sent_at=at, settled_at=at, policy="resend",
            message_id=f"<{one.pk}@example.com>", language="en", time_zone="UTC",
        )  # fmt: skip


def test_a_year_after_a_programme_closed_nothing_in_it_says_anything_about_anybody() -> None:
    ends_on = (NOW + DAY).date()
    made = _closed(ends_on)
    senior = made.mentee.person
    running = enrolment(cohort(), "mentee", senior)  # she takes part elsewhere and stays known
    before = NOW + 366 * DAY
    _told(made.mentor.person, at=before - 31 * DAY)
    assert not due_people(before).filter(pk=made.mentor.person_id).exists()
    carry_out_terms(now=before)
    assert TopicOffer.objects.filter(enrolment=made.mentor).exists()
    with time_machine.travel(before + DAY, tick=False):
        assert carry_out_terms(now=before + DAY) > 0
    assert not TopicOffer.objects.filter(enrolment=made.mentor).exists()
    assert not Break.objects.filter(enrolment=made.mentor).exists()
    junior = Person.objects.get(pk=made.mentor.person_id)
    assert (junior.first_name, junior.email) == ("", None)
    assert Person.objects.get(pk=senior.pk).first_name
    assert Enrolment.objects.filter(pk=running.pk).exists()
    assert Pairing.objects.filter(pk=made.pk).exists()
    left = {due.label: due.rows.count() for due in due_rows(before + DAY)}
    assert {label: count for label, count in left.items() if count} == {}
    assert carry_out_terms(now=before + DAY) == 0


def test_twice_is_once_however_much_there_was() -> None:
    who = canary()
    made = plant(who)
    Pairing.objects.filter(pk=made.pk).update(state="ended", ended_at=NOW)
    for stage in ("preparing", "active", "closing", "closed"):
        Cohort.objects.filter(pk=made.cohort_id).update(stage=stage, ends_on=(NOW + DAY).date())
    later = NOW + 800 * DAY
    _told(*Person.objects.all(), at=later - 31 * DAY)
    with time_machine.travel(later, tick=False):
        assert carry_out_terms(now=later) > 20
    assert carry_out_terms(now=later) == 0


def test_a_programme_that_runs_keeps_its_people_and_so_does_a_roster() -> None:
    made, stranger = pair(), person()
    carry_out_terms(now=NOW + 4000 * DAY)
    assert Person.objects.get(pk=made.mentor.person_id).first_name
    assert Person.objects.get(pk=stranger.pk).first_name


def test_the_schedule_counts_it_and_a_command_says_it_beforehand() -> None:
    DataExport.objects.create(person=person(), asked_at=NOW - 2 * DAY)
    out = io.StringIO()
    call_command("retention", stdout=out)
    assert "1  deleted" in out.getvalue()
    assert DataExport.objects.exists()
    job = next(one for one in JOBS if one.name == "mentoring.retention")
    from mentoring.schedule import run_one

    assert run_one(job, now=NOW).count == 1
    assert json.dumps({"count": run_one(job, now=NOW).count}) == '{"count": 0}'


def test_a_month_before_everybody_is_told_once_who_is_about_to_be_erased() -> None:
    ends_on = (NOW + DAY).date()
    made = _closed(ends_on)
    enrolment(cohort(), "mentee", made.mentee.person)  # she takes part elsewhere and stays known
    last = NOW + 329 * DAY
    assert warn_of_terms(now=last) == 0
    assert warn_of_terms(now=last + DAY) == 1
    assert warn_of_terms(now=last + 2 * DAY) == 0
    mail = Message.objects.get(kind="retention_notice")
    assert (mail.recipient_id, mail.programme_id) == (made.mentor.person_id, None)
    assert mail.context["deleted_on"] == (ends_on + 366 * DAY).isoformat()
    assert due_people(NOW + 367 * DAY).filter(pk=mail.recipient_id).exists(), "the day that was told"
    assert not due_people(NOW + 366 * DAY).filter(pk=mail.recipient_id).exists()
    text = compose(mail, now=last).text
    assert "6 January 2028" in text
    assert "/copy/" in text
