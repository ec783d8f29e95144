"""The sample's tasters: most pairs went on after their first conversation, and one still has to say so."""

from __future__ import annotations

from datetime import datetime

from common.errors import DomainError
from matching.services import go_on_after_taster
from pairings.models import Pairing
from programmes.models import Cohort


def decide_tasters(cohort: Cohort, *, now: datetime) -> int:
    """Both of a pair go on; of the last one only the mentor has said so yet. Whoever has not talked cannot decide.

    Returns:
        How many pairs go on.
    """
    tasters = list(
        Pairing.objects.standing().filter(cohort=cohort, is_taster=True).with_people().order_by("pk")
    )
    count = 0
    for place, pairing in enumerate(tasters, start=1):
        try:
            go_on_after_taster(pairing=pairing, by=pairing.mentor.person, now=now)
            if place < len(tasters):
                count += go_on_after_taster(pairing=pairing, by=pairing.mentee.person, now=now)
        except DomainError:
            continue
    return count
