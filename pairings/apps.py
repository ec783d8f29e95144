"""The agreed pair and its life."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PairingsConfig(AppConfig):
    name = "pairings"
    verbose_name = _("Pairs")

    def ready(self) -> None:
        from outbox.services import still_valid
        from participants.selectors import pairs_at_stake
        from participants.services import erasure_waits, lines_changed, person_left
        from programmes.selectors import stage_gates
        from programmes.services import part_resumed, part_stopped, part_turning

        from . import privacy  # noqa: F401  (fills the register)
        from .selectors import pairing_gates, pairs_in_forecast
        from .services import (
            end_pairs_of_person,
            has_untold_partners,
            hold_broken_pairs,
            hold_pairs,
            is_still_valid,
            resume_pairs,
            stop_pairs,
        )

        erasure_waits.fill("pairings", has_untold_partners)
        lines_changed.fill("pairings", hold_broken_pairs)
        pairs_at_stake.fill("pairings", pairs_in_forecast)
        part_resumed.fill("pairings", resume_pairs)
        part_stopped.fill("pairings", stop_pairs)
        part_turning.fill("pairings", hold_pairs)
        person_left.fill("pairings", end_pairs_of_person)
        still_valid.fill("pairings", is_still_valid)
        stage_gates.fill("pairings", pairing_gates)
