"""The encrypted field and its keys per scope."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealingConfig(AppConfig):
    name = "sealing"
    verbose_name = _("Sealing")

    def ready(self) -> None:
        from . import privacy  # noqa: F401  (fills the register)
