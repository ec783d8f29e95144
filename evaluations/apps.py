"""Questionnaires, rounds, sealed answers and published results."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("Evaluation")

    def ready(self) -> None:
        from operations.services import register_job
        from outbox.services.asking import still_valid
        from programmes.selectors import evaluation_kinds, stage_gates

        from . import privacy, selectors, services  # noqa: F401  (privacy fills the register)

        register_job(services.SEAL_JOB, services.run_sealing)
        evaluation_kinds.fill("evaluations", selectors.kinds_to_agree_on)
        still_valid.fill("evaluations", selectors.mail_holds)
        stage_gates.fill("evaluations", selectors.baseline_gate)
