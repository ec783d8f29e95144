"""Questionnaires, rounds, sealed answers and published results."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("Evaluation")

    def ready(self) -> None:
        from . import privacy  # noqa: F401  (fills the register)
