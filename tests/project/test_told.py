"""Nobody is erased unannounced, and nobody is kept for ever because no mail reaches them (B-10)."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from mentoring import probes
from mentoring.notices import warn_of_terms
from mentoring.retention import carry_out_terms
from mentoring.schedule import JOBS
from mentoring.told import people_out_of_reach, people_to_erase
from outbox.models import Message, Relay
from outbox.services import drain, purge, send_again
from pairings.models import Pairing
from participants.models import Person
from participants.services import mark_left
from programmes.models import Break, Cohort
from tests.meetings.world import NOW, cohort, enrolment, pair
from tests.smtp import SmtpServer

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B-10")]
DAY = dt.timedelta(days=1)
#: The programme ended on 5 January 2027; its term is over on 6 January 2028.
TERM = NOW + 367 * DAY
#: The first turn at which somebody is to be told.
FIRST = TERM - 37 * DAY


@pytest.fixture
def ended() -> Pairing:
    made = pair()
    Break.objects.create(enrolment=made.mentor, started_at=NOW, ended_at=NOW, resumes_as="active")
    Pairing.objects.filter(pk=made.pk).update(state="ended", ended_at=NOW)
    for stage in ("closing", "closed"):
        Cohort.objects.filter(pk=made.cohort_id).update(stage=stage, ends_on=(NOW + DAY).date())
    mark_left(person=made.mentee.person, now=NOW)
    Message.objects.all().delete()
    return made


def at(instant: dt.datetime) -> Any:
    return time_machine.travel(instant, tick=False)


def turn(instant: dt.datetime) -> None:
    """What the clock does in an hour: tell, erase, send."""
    with at(instant):
        warn_of_terms(now=instant)
        carry_out_terms(now=instant)
        drain(now=instant)


def text_of(server: SmtpServer) -> str:
    plain = server.mails[-1].message.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


def is_kept(made: Pairing) -> bool:
    known = bool(Person.objects.get(pk=made.mentor.person_id).first_name)
    assert Break.objects.filter(enrolment=made.mentor).exists() is known, "rows and person wait together"
    return known


def notices() -> list[tuple[str, str]]:
    return list(Message.objects.filter(kind="retention_notice").order_by("pk").values_list("state", "reason"))


def test_who_was_told_a_month_ago_is_erased_on_the_day_of_the_term(
    ended: Pairing, smtp_server: SmtpServer
) -> None:
    turn(FIRST - DAY)
    assert notices() == []
    turn(FIRST)  # a Tuesday after nine: the mail leaves
    assert notices() == [("sent", "")]
    assert "6 January 2028" in text_of(smtp_server)
    turn(TERM - DAY)
    assert is_kept(ended)
    turn(TERM)
    assert not is_kept(ended)
    assert len(notices()) == 1


def test_who_left_is_owed_no_notice_and_goes_at_their_term(ended: Pairing) -> None:
    assert list(people_to_erase(TERM)) == [ended.mentee.person]
    carry_out_terms(now=TERM)
    assert not Person.objects.get(pk=ended.mentee.person_id).first_name
    assert is_kept(ended), "the other of the two was not told"


def test_as_long_as_no_mail_leaves_nothing_goes_and_a_later_day_is_told(
    ended: Pairing, smtp_server: SmtpServer
) -> None:
    for days in range(0, 60, 5):
        with at(FIRST + days * DAY):
            warn_of_terms(now=FIRST + days * DAY)
            carry_out_terms(now=FIRST + days * DAY)
    assert is_kept(ended)
    back = FIRST + 60 * DAY  # the mail server answers again: what waited is worthless by now
    turn(back)
    assert smtp_server.mails == []
    turn(back + DAY)
    turn(back + 3 * DAY)
    assert notices() == [("cancelled", "expired"), ("sent", "")]
    sent = Message.objects.get(state="sent")
    told = dt.date.fromisoformat(sent.context["deleted_on"])
    assert told >= (back + 30 * DAY).date()
    turn(dt.datetime.combine(told, dt.time(9), dt.UTC) - 2 * DAY)
    assert is_kept(ended)
    turn(sent.sent_at + 30 * DAY)
    assert not is_kept(ended)


def refused(ended: Pairing, server: SmtpServer) -> str:
    address = str(ended.mentor.person.email)
    server.answer("550 5.1.1 no such user", at="RCPT", recipient=address)
    turn(FIRST)
    assert notices() == [("dead", "refused")]
    return address


def test_a_notice_that_is_refused_shows_a_sign_and_holds_the_erasure_for_ninety_days(
    ended: Pairing, smtp_server: SmtpServer
) -> None:
    refused(ended, smtp_server)
    with at(FIRST + DAY):
        assert probes.deletion_notices() == probes.Probe(False, "1 cannot be delivered")
        out = io.StringIO()
        call_command("retention", stdout=out)
    assert f"{ended.mentor.person.hr_key}: no mail tells them" in out.getvalue()
    for instant in (TERM, TERM + 30 * DAY, TERM + 89 * DAY):
        turn(instant)
        purge(now=instant)
        assert is_kept(ended)
    turn(TERM + 90 * DAY)
    assert not is_kept(ended), "not for ever"
    with at(TERM + 90 * DAY):
        assert probes.deletion_notices().ok


def test_a_corrected_address_gets_a_notice_of_its_own(ended: Pairing, smtp_server: SmtpServer) -> None:
    refused(ended, smtp_server)
    Person.objects.filter(pk=ended.mentor.person_id).update(email="right@example.com")
    turn(FIRST + 20 * DAY)
    turn(FIRST + 21 * DAY)
    assert notices() == [("dead", "refused"), ("sent", "")]
    sent_at = Message.objects.get(state="sent").sent_at
    turn(TERM)
    assert is_kept(ended), "not a month ago yet"
    turn(sent_at + 30 * DAY)
    assert not is_kept(ended)


def test_a_notice_sent_again_from_the_desk_counts(ended: Pairing, smtp_server: SmtpServer) -> None:
    refused(ended, smtp_server)
    smtp_server.behave()
    again = FIRST + DAY
    with at(again):
        send_again(message=Message.objects.get(kind="retention_notice"), now=again)
    turn(again)
    assert notices() == [("cancelled", "resent"), ("sent", "")]
    turn(TERM)
    assert not is_kept(ended)
    assert not is_kept(ended)


def test_who_has_no_address_is_told_by_hand_and_has_the_month_too(ended: Pairing) -> None:
    Person.objects.filter(pk=ended.mentor.person_id).update(email=None)
    key = ended.mentor.person.hr_key
    with at(TERM + DAY):
        assert warn_of_terms(now=timezone.now()) == 0
        assert list(people_out_of_reach(timezone.now())) == [ended.mentor.person]
        call_command("retention", told=key, stdout=io.StringIO())
        assert probes.deletion_notices().ok
        with pytest.raises(CommandError):
            call_command("retention", told=key)
    carry_out_terms(now=TERM + 30 * DAY)
    assert is_kept(ended)
    carry_out_terms(now=TERM + 31 * DAY)
    assert not is_kept(ended)
    assert Person.objects.get(pk=ended.mentor.person_id).deletion_told_on is None


def test_a_notice_of_an_earlier_end_is_none_of_the_next(ended: Pairing, smtp_server: SmtpServer) -> None:
    turn(FIRST)
    again = cohort(stage="closed", starts_on=TERM.date(), ends_on=(TERM + 100 * DAY).date())
    enrolment(again, "mentor", ended.mentor.person, state="completed")
    later = TERM + 100 * DAY + 366 * DAY
    assert ended.mentor.person not in people_to_erase(later)
    turn(later - 37 * DAY)
    turn(later - 34 * DAY)
    assert notices() == [("sent", ""), ("sent", "")]
    assert ended.mentor.person in people_to_erase(later)


def test_the_clock_tells_before_it_erases() -> None:
    names = [job.name for job in JOBS]
    assert names.index("mentoring.retention_notices") < names.index("mentoring.retention")
    assert not Relay.objects.filter(failures__gt=0).exists()
