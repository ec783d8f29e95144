"""How a candidate sees themselves on the three criteria: one row, whether they say it at sign-up or in the intake."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from programmes.choices import BEGUN, Criterion, Fulfilment
from programmes.models import Assessment, Enrolment


def keep_own_view(*, enrolment: Enrolment, ratings: Mapping[str, str]) -> Assessment | None:
    """Store somebody's own view beside the coordinators' checklist, in words (S0.27, decision 30).

    Call it inside a transaction that holds the enrolment. Once the cohort has begun nothing is kept any more.

    Args:
        ratings: criterion → how far it is met; empty for whoever would rather not say.

    Raises:
        DomainError: a value is not on offer.
    """
    if enrolment.cohort.stage in BEGUN:
        return None
    if not set(filter(None, ratings.values())) <= set(Fulfilment.values):
        raise DomainError(_("This is not on offer."), code="choice")
    assessment, _made = Assessment.objects.select_for_update().get_or_create(
        enrolment=enrolment, defaults={"version": 0}
    )
    for name in Criterion.values:
        setattr(assessment, f"own_{name}", ratings.get(name) or "")
    assessment.save(update_fields=[*(f"own_{name}" for name in Criterion.values), "updated_at"])
    return assessment
