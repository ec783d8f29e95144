"""Cycles, meetings of a pair, reminders and the calendar."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from . import privacy  # noqa: F401  (fills the register)
