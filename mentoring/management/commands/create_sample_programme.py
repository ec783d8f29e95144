"""`manage.py create_sample_programme`: a living sample, built through the services alone."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mentoring.sample.build import Builder
from mentoring.sample.charter import PROGRAMME
from programmes.models import Programme


class Command(BaseCommand):
    help = "Builds the fictional firm Vossendijk Lindner with a cohort in its eighth month. Local mode only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mentors", type=int, default=122)
        parser.add_argument("--mentees", type=int, default=200)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, mentors: int, mentees: int, seed: int, **options: Any) -> None:
        if not settings.LOCAL_MODE:
            raise CommandError("Sample data is made in local mode only, never on a company’s own database.")
        if not (4 <= mentors <= 2000 and 4 <= mentees <= 2000):
            raise CommandError("Between 4 and 2,000 people on each side.")
        if Programme.objects.filter(name=PROGRAMME).exists():
            raise CommandError(f"There is a programme named {PROGRAMME} already.")
        started = time.monotonic()
        builder = Builder(mentors=mentors, mentees=mentees, seed=seed, now=timezone.now(), say=self._say)
        sample = builder.build()
        self.stdout.write(
            f"{sample.pairs} pairs, {sample.meetings} meetings, {len(sample.rounds)} questionnaires "
            f"in {time.monotonic() - started:.0f} s"
        )

    def _say(self, text: str) -> None:
        self.stdout.write(f"sample: {text} ...")
        self.stdout.flush()
