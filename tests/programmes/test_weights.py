"""Matching weights: six whole numbers that add up, and no pair that a perspective alone would make."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from programmes.validators import default_weights, validate_weights


@pytest.mark.covers("B-05")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"perspective": 26, "knowledge": 29}, "perspective"),
        ({"perspective": 100}, "perspective"),
        ({"knowledge": 41}, "sum"),
        ({"knowledge": -1}, "range"),
        ({"knowledge": 40.0}, "range"),
        ({"knowledge": float("nan")}, "range"),
        ({"knowledge": True}, "range"),
        ({"luck": 0}, "criteria"),
    ],
)
def test_weights_that_cannot_be_are_refused(changed: dict[str, object], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_weights({**default_weights(), **changed})
    assert refusal.value.code == code


@pytest.mark.parametrize("perspective", [0, 15, 25])
def test_a_perspective_may_weigh_up_to_a_quarter(perspective: int) -> None:
    validate_weights({**default_weights(), "perspective": perspective, "knowledge": 55 - perspective})
