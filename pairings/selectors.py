"""Reads about pairs that need more than one model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pairings.models import Pairing
from participants.models import Person
from programmes.choices import Owner, Stage
from programmes.models import Cohort, Enrolment
from programmes.selectors import Gate

#: How many of the mentees have a confirmed pair before a cohort prepares, in per cent (dossier 2.1).
PAIRED_SHARE: Final = 95
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
    """Fills ``programmes.stage_gates``: nearly every mentee has a pair before preparing, none stands at the end."""
    standing = Pairing.objects.standing().filter(cohort=cohort)
    if to == Stage.PREPARING:
        mentees = Enrolment.objects.mentees().taking_part().filter(cohort=cohort)
        total = mentees.count()
        paired = mentees.filter(pk__in=standing.values("mentee_id")).count()
        is_met = paired > 0 and paired * 100 >= PAIRED_SHARE * total
        text = _("95 of 100 mentees have a pair to which both said yes.")
        return [_gate("pairs", text, is_met, _so_far(paired, total), "admin:matching_proposal_changelist")]
    if to == Stage.CLOSED:
        left = standing.count()
        note = ngettext("%(n)s pair stands", "%(n)s pairs stand", left) % {"n": left} if left else ""
        text = _("Every pair is completed or has ended.")
        return [_gate("pairs_done", text, not left, note, "admin:pairings_pairing_changelist")]
    return []


def _gate(code: str, text: str | Promise, is_met: bool, note: str, page: str) -> Gate:
    return Gate(code, text, is_met, Owner.PAIRS, note, reverse(page))


def _so_far(part: int, whole: int) -> str:
    return gettext("%(part)s of %(whole)s") % {"part": part, "whole": whole}
