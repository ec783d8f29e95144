"""What evaluation asks of a cohort before its pairs meet."""

from __future__ import annotations

import pytest

from evaluations.choices import RoundKind
from evaluations.models import Round
from evaluations.selectors import baseline_gate
from evaluations.services import launch_round, prepare_round
from programmes.choices import Stage
from tests.evaluations.world import CLOSES, NOW, World

pytestmark = pytest.mark.django_db


@pytest.mark.covers("S0.25")
def test_the_first_questionnaire_goes_out_before_the_pairs_meet() -> None:
    world = World()

    def is_met() -> bool:
        (gate,) = baseline_gate(cohort=world.cohort, to=Stage.ACTIVE)
        return gate.is_met

    assert not is_met()
    prepared = prepare_round(cohort=world.cohort, kind=RoundKind.BASELINE, closes_at=CLOSES, now=NOW, by=None)
    assert not is_met(), "a draft has reached nobody"
    launch_round(round=prepared, now=NOW, by=None, totals_only=True)
    assert Round.objects.get().state == "open"
    assert is_met()
    assert baseline_gate(cohort=world.cohort, to=Stage.CLOSING) == []
