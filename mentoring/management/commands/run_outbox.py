"""Send due mail without Celery."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from common.database import is_away
from outbox.services import drain, recover


class Command(BaseCommand):
    help = (
        "Send the mail that is due and take up what a dead worker left, without Celery and broker. Several may "
        "run at once, beside workers too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until asked to stop")
        parser.add_argument(
            "--every", type=float, default=2.0, metavar="SECONDS", help="pause between two looks (2)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = threading.Event()
        if not options["loop"]:
            self.stdout.write(f"{self._once()} sent")
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            self._once_or_wait()
            self.stopping.wait(options["every"])

    def _once(self) -> int:
        now = timezone.now()
        recover(now=now)
        return drain(now=now, stop=self.stopping.is_set)

    def _once_or_wait(self) -> None:
        """A database that restarts is no reason to end: the mail is in it."""
        try:
            count = self._once()
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error):
                raise
            self.stderr.write(f"Database away: {type(error).__name__}")
            close_old_connections()
            return
        if count:
            self.stdout.write(f"{count} sent")
