"""The drills of planning: what must come out the same whatever clock, database or a rival does (T10, T12 to T21)."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.drill.stage import DrillFailed, MailServer, Stage


@dataclass(frozen=True)
class Rule:
    """One drill of planning.

    Args:
        run: plays it and says in words what was seen.
    """

    name: str
    what: str
    run: Callable[[Stage], str]


def must(condition: object, otherwise: str) -> None:
    """Raise `DrillFailed` unless the condition holds."""
    if not condition:
        raise DrillFailed(otherwise)


def planners_in_opposite_order(_stage: Stage) -> str:
    """Four planners write the same 600 keys, two of them backwards."""
    from django.db import connection
    from django.utils import timezone

    from outbox.models import Message
    from outbox.services import Draft, Recipient, queue_many

    _forget()
    now = timezone.now()
    to = Recipient(1, "a@example.com", "Ann", "en", "Europe/Amsterdam")
    drafts = [Draft(kind="drill", key=f"t10:{n}", to=to, context={}, programme_id=None) for n in range(600)]

    def plan(number: int) -> int:
        try:
            return queue_many(drafts if number % 2 else drafts[::-1], now=now)
        finally:
            connection.close()

    before, started = _deadlocks(), time.monotonic()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(plan, range(4)))
    rows, dead = Message.objects.count(), _deadlocks() - before
    must(rows == 600 and not dead, f"{rows} rows, {dead} deadlocks")
    return f"600 rows, no deadlock, {time.monotonic() - started:.1f} s"


def month_ends(_stage: Stage) -> str:
    """Periods of every cadence from every anchor around month ends and the leap day touch without gap or overlap."""
    from meetings.engine.cadence import FORTNIGHTLY, MONTHLY, TWO_MONTHLY, WEEKLY, periods

    anchors = [date(2027, 1, 29 + n) for n in range(3)] + [date(2028, 2, 28), date(2028, 2, 29)]
    number = 0
    for cadence in (WEEKLY, FORTNIGHTLY, MONTHLY, TWO_MONTHLY):
        for anchor in anchors:
            following = anchor
            for period, _step in zip(periods(anchor, cadence), range(60), strict=False):
                must(period.starts_on == following, f"{cadence} from {anchor}: {period}")
                following, number = period.ends_on + timedelta(days=1), number + 1
    return f"{number:,} periods, each begins where the last ended"


def all_zones(_stage: Stage) -> str:
    """A reminder's hour exists in every zone on every day of two years, and is nine o'clock."""
    from zoneinfo import ZoneInfo, available_timezones

    from common.workdays import fixed_hour

    number = 0
    for zone in sorted(available_timezones() - {"localtime", "posixrules"}):
        for step in range(0, 730, 3):
            day = date(2026, 11, 1) + timedelta(days=step)
            at = fixed_hour(day, zone).astimezone(ZoneInfo(zone))
            must((at.date(), at.hour, at.minute) == (day, 9, 0), f"{zone} {day}: {at}")
            number += 1
    return f"{number:,} reminders, each at 09:00 where its reader is"


def clock_set_back(_stage: Stage) -> str:
    """The planner runs, the clock is set back an hour, and it runs again."""
    from meetings.services import remind
    from tests.meetings import world

    _forget()
    within = world.cohort()
    for _pair in range(5):
        world.pair(within)
    now = world.local("2027-02-03 09:30")
    first = remind(now=now)
    keys = set(world.keys())
    again = [remind(now=now - timedelta(hours=1)), remind(now=now)]
    must(first == 10 and again == [0, 0] and set(world.keys()) == keys, f"{first}, then {again}")
    return "10 mails, none again"


def two_accept_at_once(_stage: Stage) -> str:
    """Both people of a pair enter a date at once, half an hour apart."""
    from django.db import connection

    from common.errors import Conflict
    from meetings.models import Meeting
    from tests.meetings import world

    _forget()
    made = world.pair()
    at = world.local("2027-02-10 12:00")

    def enter(side: int) -> str:
        who = (made.mentor.person, made.mentee.person)[side]
        try:
            world.meet(world.loaded(made), at + side * timedelta(minutes=30), by=who)
        except Conflict:
            return "told"
        finally:
            connection.close()
        return "entered"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(enter, (0, 1)))
    must(answers == ["entered", "told"] and Meeting.objects.filter(pairing=made).count() == 1, f"{answers}")
    return "one date; the other is told that it is taken"


def moved_before_it_left(stage: Stage) -> str:
    """A date is moved twice before its first invitation has left."""
    from meetings.services import move_meeting
    from tests.meetings import world

    _forget()
    with stage.mail_server("t16") as server:
        meeting = world.meet(world.pair(), world.local("2027-02-10 12:00"))
        for hours in (1, 2):
            later = timedelta(hours=hours)
            meeting = move_meeting(
                meeting=meeting, by=None, sequence=meeting.sequence, starts_at=meeting.starts_at + later,
                ends_at=meeting.ends_at + later, format=meeting.format, place="", now=world.NOW,
            )  # fmt: skip
        sent = _sent(server, world.NOW)
        must(sent == 2 + 2, f"{sent} mails")  # the pair's introduction, and the newest revision
    return "one invitation each, of the newest revision"


def cancelled_after_refusal(stage: Stage) -> str:
    """The invitation was refused for good; then the date is called off."""
    from meetings.services import cancel_meeting
    from outbox.models import Message
    from tests.meetings import world

    _forget()
    with stage.mail_server("t17") as server:
        made = world.pair()
        meeting = world.meet(made, world.local("2027-02-10 12:00"))
        invited = Message.objects.filter(kind="meeting_changed")
        invited.update(address="nobody@refused.invalid")
        _sent(server, world.NOW)
        must(set(invited.values_list("state", flat=True)) == {"dead"}, "the invitation was not refused")
        cancel_meeting(meeting=meeting, by=made.mentor.person, now=world.NOW, sequence=meeting.sequence)
        _sent(server, world.NOW)
        states = sorted(Message.objects.filter(kind="meeting_changed").values_list("state", flat=True))
    must(states.count("sent") == 2, f"{states}")
    return "the cancellation leaves; the refused invitation stays on the desk"


def clock_off_three_days(stage: Stage) -> str:
    """The clock stands still for three days over the hour when reminders are due."""
    from meetings.services import remind
    from outbox.models import Message
    from tests.meetings import world

    _forget()
    within = world.cohort()
    pairs = [world.pair(within).pk for _pair in range(5)]
    late = world.local("2027-02-06 10:00")
    remind(now=late)
    ours = Message.objects.filter(about_kind="pairing", about_id__in=pairs, kind="monthly_meeting")
    number, again = ours.count(), remind(now=late + timedelta(minutes=5))
    must((number, again) == (10, 0), f"{number}, then {again}")
    return "one mail for each key, once it runs again"


def statement_timeout(stage: Stage) -> str:
    """The database breaks off statements while mail is being sent."""
    from django.db import OperationalError, connection, connections
    from django.utils import timezone

    from outbox.services import drain
    from tests.drill.scene import HOLD, queue_mails

    _forget()
    with stage.mail_server("t21") as server:
        queue_mails(50, HOLD)
        rival = connections.create_connection("default")
        rival.set_autocommit(False)
        with rival.cursor() as cursor:
            cursor.execute("LOCK TABLE outbox_message IN EXCLUSIVE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '200ms'")
        try:
            drain(now=timezone.now())
        except OperationalError:
            broken_off = True
        else:
            broken_off = False
        rival.rollback()
        rival.close()
        connection.close()
        drain(now=timezone.now())
        arrived = server.arrived()
    must(broken_off and len(arrived) == len({one["to"] for one in arrived}) == 50, f"{len(arrived)} arrived")
    return "50 of 50 arrive, each once, when it answers again"


def _sent(server: MailServer, now: Any) -> int:
    from outbox.services import drain

    before = len(server.arrived())
    drain(now=now)
    return len(server.arrived()) - before


def _forget() -> None:
    from meetings.models import Reminder
    from outbox.models import Message, Relay

    Reminder.objects.all().delete()
    Message.objects.all().delete()
    Relay.objects.all().delete()


def _deadlocks() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


RULES = (
    Rule("T10", "four planners in opposite order", planners_in_opposite_order),
    Rule("T12", "month ends and leap days", month_ends),
    Rule("T13", "nine o'clock in every zone", all_zones),
    Rule("T14", "the clock is set back while planning", clock_set_back),
    Rule("T15", "two enter a date at once", two_accept_at_once),
    Rule("T16", "moved before the invitation left", moved_before_it_left),
    Rule("T17", "called off after a refusal", cancelled_after_refusal),
    Rule("T18", "the clock is off for three days", clock_off_three_days),
    Rule("T21", "the database breaks off statements", statement_timeout),
)
