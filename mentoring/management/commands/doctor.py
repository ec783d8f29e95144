"""`manage.py doctor`: says in words what is wrong with this installation and what to do about it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mentoring.doctor import Finding, examine


class Command(BaseCommand):
    help = "Checks database, broker, worker, beat, mail, translations, time zones and keys; exit 1 if any is ill."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=2))
        else:
            for finding in findings:
                self._print(finding)
        if not all(finding.ok for finding in findings):
            raise SystemExit(1)

    def _print(self, finding: Finding) -> None:
        verdict = self.style.SUCCESS("well ") if finding.ok else self.style.ERROR("ILL  ")
        self.stdout.write(f"{verdict} {finding.name:<13} {finding.found}")
        if finding.remedy:
            self.stdout.write(f"{'':19} {finding.remedy}")
