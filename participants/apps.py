"""People of the company, their log-ins and the roster files they come from."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = _("People")

    def ready(self) -> None:
        from . import privacy  # noqa: F401  (fills the register)
