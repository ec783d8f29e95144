"""Long work with progress, and heartbeats of the clock."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from . import privacy  # noqa: F401  (fills the register)
