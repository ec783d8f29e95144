"""`manage.py coverage_of_mission`: write docs/coverage.md, or check that it is current."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mentoring import mission


class Command(BaseCommand):
    help = "Writes docs/coverage.md from docs/mission.json and the tests' markers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when the page is behind"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        page = mission.coverage_page(settings.BASE_DIR)
        path = settings.BASE_DIR / "docs/coverage.md"
        if unknown := mission.unknown_ids(settings.BASE_DIR):
            raise CommandError(f"Markers name lines that do not exist: {', '.join(unknown)}")
        if not check:
            path.write_text(page)
            self.stdout.write(f"wrote {path.relative_to(settings.BASE_DIR)}")
        elif not path.exists() or path.read_text() != page:
            raise CommandError("docs/coverage.md is behind the tests; run `make coverage-of-mission`.")
