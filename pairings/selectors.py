"""Reads about pairs that need more than one model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from django.db import connection
from django.utils.translation import gettext_lazy as _

from pairings.models import Pairing
from participants.models import Person
from programmes.choices import Stage
from programmes.models import Cohort, Enrolment
from programmes.selectors import Gate

#: All managers above some people at any depth. UNION drops what was seen, so a circle in the file ends.
_CHAINS = """
WITH RECURSIVE chain(person_id, manager_id) AS (
    SELECT id, manager_id FROM participants_person WHERE id = ANY(%s) AND manager_id IS NOT NULL
  UNION
    SELECT chain.person_id, boss.manager_id
      FROM chain JOIN participants_person boss ON boss.id = chain.manager_id
     WHERE boss.manager_id IS NOT NULL
)
SELECT person_id, manager_id FROM chain
"""


def managers_of(person_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Everybody above each of these people at any depth, opaque links of the chain included (S2.11).

    One query, whatever the depth; circles in the HR file end. In a circle everybody is above everybody.
    """
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_CHAINS, [sorted(person_ids)])
        for person_id, manager_id in cursor.fetchall():
            found[person_id].add(manager_id)
    return {person_id: frozenset(found[person_id]) for person_id in person_ids}


def in_reporting_line(one: Person, other: Person) -> bool:
    """Whether one of the two stands above the other, however far (decision 3)."""
    above = managers_of([one.pk, other.pk])
    return other.pk in above[one.pk] or one.pk in above[other.pk]


def standing_counts(enrolment_ids: Collection[int]) -> Mapping[int, int]:
    """How many partners each enrolment has now, paused pairs included: a paused pair keeps its seat."""
    sides = Pairing.objects.standing().values_list("mentor_id", "mentee_id")
    counts = Counter(
        side
        for pair in sides.filter(mentor_id__in=enrolment_ids) | sides.filter(mentee_id__in=enrolment_ids)
        for side in pair
    )
    return {pk: counts[pk] for pk in enrolment_ids}


def standing_states(enrolment: Enrolment) -> set[str]:
    """The states of the pairs that this enrolment has now."""
    own = Pairing.objects.standing()
    return set((own.filter(mentor=enrolment) | own.filter(mentee=enrolment)).values_list("state", flat=True))


def pairing_gates(*, cohort: Cohort, to: str) -> list[Gate]:
    """Fills ``programmes.stage_gates``: a cohort prepares when it has pairs, and closes when none stands."""
    standing = Pairing.objects.standing().filter(cohort=cohort)
    if to == Stage.PREPARING:
        return [Gate("pairs", _("At least one pair has said yes."), standing.exists())]
    if to == Stage.CLOSED:
        return [Gate("pairs_done", _("Every pair is completed or has ended."), not standing.exists())]
    return []
