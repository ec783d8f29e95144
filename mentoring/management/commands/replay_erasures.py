"""After a restore: erase anew whoever was erased since the backup was made (B-08)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from participants.services import erased_here, read_list, replay_erasures, to_replay


class Command(BaseCommand):
    help = (
        "Reads the list of erased people (ERASURE_LIST, or a file) and erases whoever is back after a restore. "
        "Run it before the restored site is opened. With --print it prints the list of this database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the list; by default the one that ERASURE_LIST names")
        parser.add_argument(
            "--dry-run", action="store_true", help="say how many are back, and change nothing"
        )
        parser.add_argument("--print", action="store_true", help="print the list of whoever is erased here")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print"]:
            self.stdout.write("\n".join(map(str, erased_here())))
            return
        lines = self._lines(options["file"] or settings.ERASURE_LIST)
        if options["dry_run"]:
            self.stdout.write(
                f"{len(lines)} on the list, {sum(1 for _one in to_replay(lines))} of them are back"
            )
            return
        done = replay_erasures(lines=lines, now=timezone.now())
        self.stdout.write(
            f"erased again: {done.erased}; out, and erased by the clock when their partners have been told: "
            f"{done.waiting}; erased here already: {done.already}; not in this backup: {done.unknown}"
        )

    def _lines(self, name: str) -> Any:
        if not name:
            raise CommandError("Name a file, or set ERASURE_LIST.")
        try:
            return read_list(Path(name).read_text(encoding="ascii"))
        except OSError as error:
            raise CommandError(f"The list cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"This is not a list of erased people: {error}") from error
