"""Matching runs, proposals and the rules they follow."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from . import privacy  # noqa: F401  (fills the register)
