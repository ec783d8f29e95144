"""`make bench-mail`: how fast the outbox sends, as ratios taken in one run beside two loops that promise nothing.

Each round sends the same mails three ways, one after the other: by the outbox (two commits each, the second
waited for before the final dot), over one reused connection with nothing around it, and over one connection for
each mail with STARTTLS and log-in. The median round counts; no time of day is ever a verdict.
"""

from __future__ import annotations

import argparse
import smtplib
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median

from tests.drill.stage import Stage, choose, words

LAYOUT = "bench-mail"
#: Ratios that must be reached (reminders, section 11).
BESIDE_TLS, BESIDE_BARE, AGAIN = 1.5, 0.3, 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=120, help="each gets two mails")
    given = parser.parse_args()
    choose(LAYOUT)
    with Stage(LAYOUT, broker=False) as stage:
        certificate = stage.layout.data / "certificate.pem"
        sending(stage, certificate, given.rounds, given.pairs)
        planning()


def sending(stage: Stage, certificate: Path, rounds: int, pairs: int) -> None:
    """Print mails a second and the two ratios."""
    from tests.drill.sink import make_certificate

    make_certificate(certificate)
    now = prepare(pairs)
    found: list[tuple[float, ...]] = []
    with stage.mail_server("tls", certificate=certificate) as secure, stage.mail_server("plain") as plain:
        for _round in range(rounds):
            queued = queue_reminders(now)
            alone = rate(lambda: _drained(now), queued)
            queue_reminders(now)
            ready = rate(lambda: _prepared(now), queued)
            mails = stored()
            ours = rate(lambda: _drained(now), queued)
            bare = rate(lambda: over_one_line(plain.port, mails), len(mails))  # noqa: B023
            tls = rate(lambda: over_many_lines(secure.port, certificate, mails), len(mails))  # noqa: B023
            found.append((ours, bare, tls, alone, ready))
    ours, bare, tls, alone, ready = (median(one[place] for one in found) for place in range(5))
    beside_bare, beside_tls = (
        median(one[0] / one[1] for one in found),
        median(one[0] / one[2] for one in found),
    )
    print("\n" + words([
        ("way", "mails a second", "the outbox beside it", "wanted"),
        ("the outbox, texts ready", f"{ours:.0f}", "", ""),
        ("one worker making texts", f"{ready:.0f}", "", ""),
        ("one worker making texts and sending", f"{alone:.0f}", "", ""),
        ("one reused connection, nothing else", f"{bare:.0f}", f"{beside_bare:.2f}", f">= {BESIDE_BARE}"),
        ("a connection for each, STARTTLS, log-in", f"{tls:.0f}", f"{beside_tls:.1f}", f">= {BESIDE_TLS}"),
    ]), flush=True)  # fmt: skip


def prepare(pairs: int) -> datetime:
    """A cohort of pairs without dates, on the day when they are asked for one."""
    from meetings.services import plan_cycles
    from tests.meetings import world

    within = world.cohort()
    for _pair in range(pairs):
        world.pair(within)
    now = world.local("2027-02-03 09:00")
    plan_cycles(now=world.NOW)
    return now


def queue_reminders(now: datetime) -> int:
    """Two mails for each pair, as the clock queues them; what went before is forgotten."""
    from meetings.models import Reminder
    from meetings.services import remind
    from outbox.models import Message

    Message.objects.all().delete()
    Reminder.objects.all().delete()
    return remind(now=now)


def _drained(now: datetime) -> None:
    from outbox.services import drain

    drain(now=now)


def _prepared(now: datetime) -> None:
    from outbox.services import prepare

    prepare(now=now, budget=None)


def stored() -> list[tuple[str, bytes]]:
    """Address and bytes of what the outbox is about to send, for the other two."""
    from outbox.models import Message

    rows = Message.objects.exclude(raw=None).values_list("address", "raw")
    return [(address, bytes(raw)) for address, raw in rows]


def over_one_line(port: int, mails: list[tuple[str, bytes]]) -> None:
    with smtplib.SMTP("localhost", port) as line:
        for address, content in mails:
            line.sendmail("mentoring@example.com", [address], content)


def over_many_lines(port: int, certificate: Path, mails: list[tuple[str, bytes]]) -> None:
    from tests.drill.sink import PASSWORD, USER

    context = ssl.create_default_context(cafile=str(certificate))
    for address, content in mails:
        with smtplib.SMTP("localhost", port) as line:
            line.starttls(context=context)
            line.login(USER, PASSWORD)
            line.sendmail("mentoring@example.com", [address], content)


def planning() -> None:
    """Print what planning 10,000 keys a second time costs beside the first."""
    from outbox.services import queue_many

    now, drafts = ten_thousand()
    first = seconds(lambda: queue_many(drafts, now=now))
    again = median(seconds(lambda: queue_many(drafts, now=now)) for _ in range(3))
    print("\n" + words([
        ("10,000 keys", "seconds", "beside the first", "wanted"),
        ("planned first", f"{first:.2f}", "", ""),
        ("planned again", f"{again:.2f}", f"{again / first:.2f}", f"<= {AGAIN}"),
    ]), flush=True)  # fmt: skip


def ten_thousand() -> tuple[datetime, list[object]]:
    from outbox.services import Draft, Recipient
    from tests.meetings.world import NOW

    to = [Recipient(n, f"p{n}@example.com", "Ann", "en", "Europe/Amsterdam") for n in range(10_000)]
    return NOW, [
        Draft(kind="monthly_meeting", key=f"bench:{one.person_id}", to=one, context={}, programme_id=None)
        for one in to
    ]


def rate(act: Callable[[], object], number: int) -> float:
    return number / seconds(act)


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
