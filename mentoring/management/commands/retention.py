"""Say what the retention terms of the privacy register would end today; the schedule does it each hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mentoring.retention import due_rows
from mentoring.told import NOTICE, people_out_of_reach, people_to_erase, people_who_wait
from participants.services import note_told_of_deletion


class Command(BaseCommand):
    help = (
        "List, as counts, what has been kept long enough and goes with the next turn of the schedule, and by key "
        "whom no mail tells of it beforehand (B-10)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--told",
            metavar="KEY",
            help="note that somebody whom no mail reaches was told today by another way",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["told"]:
            return self._note(options["told"], now)
        for due in due_rows(now):
            count = due.rows.count()
            if count:
                fate = "deleted" if due.goes else "emptied"
                name = apps.get_model(due.label)._meta.verbose_name_plural
                self.stdout.write(f"{count:>7}  {fate}  {name}")
        self.stdout.write(f"{people_to_erase(now).count():>7}  erased  people")
        if waiting := people_who_wait(now).count():
            self.stdout.write(
                f"{waiting:>7}  waiting  people, until their notice has gone and its days have passed"
            )
        for person in people_out_of_reach(now):
            self.stdout.write(f"{person.hr_key}: no mail tells them; tell them, then --told {person.hr_key}")
        return None

    def _note(self, key: str, now: datetime) -> None:
        person = people_out_of_reach(now).filter(hr_key=key).first()
        if person is None:
            raise CommandError(f"{key} is nobody whom a notice before deletion does not reach.")
        note_told_of_deletion(person=person, now=now)
        self.stdout.write(
            f"Noted. Their data goes when it is due, {NOTICE.days} days from now at the earliest."
        )
