"""Run every scheduled job once, as of an instant."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentoring.schedule import Outcome, run_all
from outbox.selectors import health


class Command(BaseCommand):
    help = (
        "Run every scheduled job once as of an instant, sending the mail that is due then included, and print a "
        "count per job. The instant decides what is due (decision 40); a later run does nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now", metavar="INSTANT", help="such as 2027-02-01T08:00:00Z; the clock by default"
        )
        parser.add_argument(
            "--allow-future", action="store_true", help="accept an instant that has not come yet, for trials"
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = _instant(options["now"])
        if now > timezone.now() and not options["allow_future"]:
            raise CommandError(
                f"{_words(now)} has not come yet. What would be done and mailed then cannot be taken back; add "
                "--allow-future if you mean it."
            )
        outcomes = list(run_all(now=now))
        self.stdout.write(_as_json(now, outcomes) if options["json"] else _as_text(now, outcomes))
        self._tell_of_relay(now)
        failed = [outcome.name for outcome in outcomes if outcome.error]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The log says why; the others have run.")

    def _tell_of_relay(self, now: datetime) -> None:
        """Why no mail left, where that is not the schedule's doing."""
        since = health(now=now).relay_failing_since
        if since is not None:
            self.stderr.write(f"The mail server has not let us in since {_words(since)}. Due mail waits.")


def _instant(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no instant; write it like 2027-02-01T08:00:00Z.") from error
    if instant.tzinfo is None:
        raise CommandError(f"“{text}” names no time zone; write it like 2027-02-01T08:00:00Z.")
    return instant.astimezone(UTC)


def _words(now: datetime) -> str:
    return now.isoformat(timespec="seconds").replace("+00:00", "Z")


def _as_json(now: datetime, outcomes: Iterable[Outcome]) -> str:
    jobs = [{"name": o.name, "count": o.count, "error": o.error} for o in outcomes]
    return json.dumps({"now": _words(now), "jobs": jobs}, indent=2)


def _as_text(now: datetime, outcomes: Iterable[Outcome]) -> str:
    lines = [f"{o.count:>7}  {o.name}" + (f"  failed: {o.error}" if o.error else "") for o in outcomes]
    return "\n".join([f"As of {_words(now)}:", *lines])
