"""What evaluation asks of a cohort before it moves on."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.choices import RoundKind, RoundState
from evaluations.models import Round
from programmes.choices import Stage
from programmes.models import Cohort
from programmes.selectors import Gate


def baseline_gate(*, cohort: Cohort, to: str) -> list[Gate]:
    """Fills ``programmes.stage_gates``: before the first meeting everybody is asked where they stand (dossier 2.1)."""
    if to != Stage.ACTIVE:
        return []
    sent = Round.objects.filter(cohort=cohort, kind=RoundKind.BASELINE).exclude(state=RoundState.DRAFT)
    text = _("The questionnaire before the first meeting has gone out.")
    return [Gate("baseline", text, sent.exists(), path=reverse("admin:evaluations_round_changelist"))]
