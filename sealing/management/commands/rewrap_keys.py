"""Wrap all keys with the present sealing key, after it was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sealing.services import CannotUnseal, rewrap_keys


class Command(BaseCommand):
    help = "Wrap all sealing keys with SEALING_KEY; the old one stands in SEALING_KEY_FALLBACKS until this is done."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rewrap_keys(now=timezone.now())
        except CannotUnseal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} keys wrapped anew.")
