"""Every e-mail, stored once and sent once, and the action links it carries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from . import privacy  # noqa: F401  (fills the register)
