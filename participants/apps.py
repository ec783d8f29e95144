"""People of the company, their log-ins and the roster files they come from."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = _("People")

    def ready(self) -> None:
        from operations.services import register_job

        from . import privacy, services  # noqa: F401  (privacy fills the register)

        register_job(services.EXPORT_JOB, services.run_export)
        register_job(services.ERASE_JOB, services.run_erasure)
