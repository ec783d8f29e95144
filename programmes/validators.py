"""One-rule checks on cohorts and enrolments."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: The matching weights of dossier 2.4; they are settings of a cohort and always add up to 100.
DEFAULT_WEIGHTS: Mapping[str, int] = {
    "knowledge": 40,
    "perspective": 15,
    "distance": 15,
    "logistics": 10,
    "style": 10,
    "return_gain": 10,
}


def default_weights() -> dict[str, int]:
    """A fresh copy for the model's default."""
    return dict(DEFAULT_WEIGHTS)


def validate_weights(value: object) -> None:
    """Whole numbers from 0 to 100, one per criterion, adding up to 100."""
    if not isinstance(value, dict) or set(value) != set(DEFAULT_WEIGHTS):
        raise ValidationError(_("Give a weight for each of the six criteria."), code="criteria")
    numbers = list(value.values())
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= 100 for n in numbers):
        raise ValidationError(_("Weights are whole numbers from 0 to 100."), code="range")
    if sum(numbers) != 100:
        raise ValidationError(_("The weights add up to %(sum)s; make it 100."), "sum", {"sum": sum(numbers)})
