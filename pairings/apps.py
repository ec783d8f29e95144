"""The agreed pair and its life."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PairingsConfig(AppConfig):
    name = "pairings"
    verbose_name = _("Pairs")

    def ready(self) -> None:
        from outbox.services import still_valid
        from participants.services import person_left
        from programmes.selectors import stage_gates

        from . import privacy  # noqa: F401  (fills the register)
        from .selectors import pairing_gates
        from .services import end_pairs_of_person, is_still_valid

        person_left.fill("pairings", end_pairs_of_person)
        still_valid.fill("pairings", is_still_valid)
        stage_gates.fill("pairings", pairing_gates)
