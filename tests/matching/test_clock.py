"""Reminders of a proposal: after four days and on the last day, at nine, once, and only while one is silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matching.models import Proposal
from matching.services import answer_proposal, remind_proposals
from mentoring.schedule import JOBS
from outbox.models import Message
from outbox.services import drain
from programmes.choices import EnrolmentState
from programmes.models import Enrolment
from tests.matching.world import cohort, mentee, mentor, proposed

pytestmark = pytest.mark.django_db

#: Released on a Monday: due on Friday, and on the Monday after, the last day for an answer.
MONDAY = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of January 2027 in Amsterdam's winter."""
    return datetime(2027, 1, day, hour - 1, minute, tzinfo=UTC)


@pytest.fixture
def proposal() -> Proposal:
    within = cohort()
    mentor(within, "Ann"), mentee(within, "Cas")
    return proposed(within, MONDAY)[0]


def reminded() -> list[str]:
    return sorted(Message.objects.filter(kind="match_reminder").values_list("key", flat=True))


def test_whoever_is_silent_is_reminded_on_two_days_at_nine(proposal: Proposal) -> None:
    assert [remind_proposals(now=at(15, 8, 59)), remind_proposals(now=at(15))] == [0, 2]
    assert remind_proposals(now=at(15, 18)) == 0
    assert remind_proposals(now=at(17)) == 0
    assert [remind_proposals(now=at(18, 8, 59)), remind_proposals(now=at(18))] == [0, 2]
    assert remind_proposals(now=at(18, 23)) == 0
    people = [proposal.mentor.person_id, proposal.mentee.person_id]
    days = ("2027-01-15", "2027-01-18")
    assert reminded() == sorted(f"match_reminder:{day}:{who}" for day in days for who in people)


def test_after_the_last_moment_nobody_is_reminded(proposal: Proposal) -> None:
    assert remind_proposals(now=proposal.answer_by + timedelta(seconds=1)) == 0


def test_a_clock_that_stood_still_catches_up_with_the_latest_alone(proposal: Proposal) -> None:
    assert remind_proposals(now=at(18, 12)) == 2
    assert all("2027-01-18" in key for key in reminded())


@pytest.mark.parametrize("what", ["yes", "taster", "no"])
def test_who_has_answered_is_left_alone_and_the_other_is_not(proposal: Proposal, what: str) -> None:
    answer_proposal(proposal=proposal, by=proposal.mentor.person, answer=what, now=MONDAY)
    remind_proposals(now=at(15))
    assert reminded() == [f"match_reminder:2027-01-15:{proposal.mentee.person_id}"]


def test_who_pauses_is_left_alone(proposal: Proposal) -> None:
    Enrolment.objects.filter(pk=proposal.mentor_id).update(state=EnrolmentState.PAUSED)
    remind_proposals(now=at(15))
    assert reminded() == [f"match_reminder:2027-01-15:{proposal.mentee.person_id}"]


def test_days_and_hours_are_those_of_the_reader() -> None:
    within = cohort()
    mentor(within, time_zone="America/New_York", availability=["mon_am"], country="US", is_cross_border=True)
    mentee(within, availability=["mon_pm"], is_cross_border=True)
    [proposal] = proposed(within, datetime(2027, 1, 11, 12, tzinfo=UTC))
    assert proposal.answer_by.astimezone(UTC).day == 19  # the 18th is a public holiday in the United States
    assert remind_proposals(now=at(15)) == 1
    assert remind_proposals(now=at(15, 14, 59)) == 0
    assert remind_proposals(now=at(15, 15)) == 1


def test_several_proposals_of_one_person_make_one_mail_a_day() -> None:
    within = cohort()
    busy = mentor(within, "Busy", capacity=3)
    others = [mentee(within) for _ in range(3)]
    made = proposed(within, MONDAY)
    assert remind_proposals(now=at(15)) == 4
    mail = Message.objects.get(kind="match_reminder", recipient_id=busy.person_id)
    assert mail.context["number"] == 3
    assert len(others) == len(made)


@pytest.mark.covers("A-28")
@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_the_mails_name_no_topic_no_reason_and_not_the_other(smtp_server, language: str) -> None:
    within = cohort()
    ann = mentor(
        within, "Annabel", offers={"gen_ai": 5}, language=language, perspectives_offered=["consumer"]
    )
    mentee(within, "Casimir", wants={"gen_ai": 3}, language=language, perspective_wanted="consumer")
    [proposal] = proposed(within, MONDAY)
    drain(now=MONDAY)
    remind_proposals(now=at(15))
    drain(now=at(15))
    assert len(smtp_server.mails) == 4
    own = [one.message for one in smtp_server.mails if ann.person.email in str(one.message["To"])]
    assert len(own) == 2
    for mail in own:
        for part in ("plain", "html"):
            text = mail.get_body((part,)).get_content()
            assert f"/proposals/{proposal.pk}/" in text
            for secret in ("Casimir", "Generative", "gen_ai", "consumer", "%(", "{{"):
                assert secret not in text
            assert "Annabel" in text


def test_a_mail_that_waited_too_long_does_not_leave(smtp_server, proposal: Proposal) -> None:
    answer_proposal(proposal=proposal, by=proposal.mentor.person, answer="yes", now=MONDAY)
    drain(now=MONDAY)
    assert len(smtp_server.mails) == 1
    assert Message.objects.get(recipient_id=proposal.mentor.person_id).state == "cancelled"


def test_the_clock_knows_both_jobs() -> None:
    runs = {job.run for job in JOBS}
    assert {"matching.services.expire_proposals", "matching.services.remind_proposals"} <= runs
