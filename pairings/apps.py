"""The agreed pair and its life."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PairingsConfig(AppConfig):
    name = "pairings"
    verbose_name = _("Pairs")

    def ready(self) -> None:
        from . import privacy  # noqa: F401  (fills the register)
