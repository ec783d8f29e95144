"""Say what the retention terms of the privacy register would end today; the schedule does it each hour."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.utils import timezone

from mentoring.retention import due_people, due_rows


class Command(BaseCommand):
    help = (
        "List, as counts, what has been kept long enough and goes with the next turn of the schedule (B-10)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for due in due_rows(now):
            count = due.rows.count()
            if count:
                fate = "deleted" if due.goes else "emptied"
                name = apps.get_model(due.label)._meta.verbose_name_plural
                self.stdout.write(f"{count:>7}  {fate}  {name}")
        self.stdout.write(f"{due_people(now).count():>7}  erased  people")
