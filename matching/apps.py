"""Matching runs, proposals and the rules they follow."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from operations.services import register_job
        from outbox.services import still_valid

        from . import privacy  # noqa: F401  (fills the register)
        from .services import RUN_JOB, proposal_is_open, run_matching

        register_job(RUN_JOB, run_matching)
        still_valid.fill("matching", proposal_is_open)
