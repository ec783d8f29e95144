"""Print how many mails of each kind are in each state."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from common.errors import DomainError
from outbox.choices import State
from outbox.models import Message
from outbox.selectors import counts, totals
from outbox.services import send_again


class Command(BaseCommand):
    help = "Print how many mails of each kind are in each state; nothing about whom they are for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")
        parser.add_argument(
            "--send-again",
            metavar="KIND",
            help="first send the failed mails of this kind again, as after mending a template; for kinds that "
            "the mail desk only counts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["send_again"]:
            self._send_again(options["send_again"])
        table = counts(Message.objects.all())
        if options["json"]:
            report = {"kinds": table, "total": totals(table.values())}
            self.stdout.write(json.dumps(report, indent=2))
        else:
            self.stdout.write(_as_text(table))

    def _send_again(self, kind: str) -> None:
        now = timezone.now()
        for message in Message.objects.filter(kind=kind, state=State.DEAD).order_by("id"):
            try:
                send_again(message=message, now=now)
            except DomainError as refusal:
                self.stderr.write(f"{kind} {message.pk}: {refusal}")


def _as_text(table: dict[str, dict[str, int]]) -> str:
    if not table:
        return "The outbox is empty."
    total = totals(table.values())
    states = [state for state in State.values if total[state]]
    width = max(len(kind) for kind in [*table, "total"])
    head = " " * width + "".join(f"{state:>11}" for state in states)
    rows = [*sorted(table.items()), ("total", total)]
    lines = [
        f"{kind:<{width}}" + "".join(f"{row.get(state, 0):>11}" for state in states) for kind, row in rows
    ]
    return "\n".join([head, *lines])
