"""Periods, meetings of a pair, reminders and the calendar."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from matching.selectors.tasters import had_first_talk
        from outbox.selectors import planned
        from outbox.services import outdated
        from pairings.services import (
            pairing_confirmed,
            pairing_ended,
            pairing_paused,
            rhythm_changed,
            side_freed,
        )

        from . import privacy  # noqa: F401  (fills the register)
        from .selectors import first_talks_of
        from .selectors.forecast import reminders_planned
        from .services import call_off, call_off_paused, free_side, lay_out_periods, outdated_dates

        pairing_confirmed.fill("meetings", lay_out_periods)
        rhythm_changed.fill("meetings", lay_out_periods)
        side_freed.fill("meetings", free_side)
        pairing_ended.fill("meetings", call_off)
        pairing_paused.fill("meetings", call_off_paused)
        planned.fill("meetings", reminders_planned)
        outdated.fill("meetings", outdated_dates)
        had_first_talk.fill("meetings", first_talks_of)
