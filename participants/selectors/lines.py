"""Who stands above whom, by every kind of line: managers, dotted lines, appraisal (S0.2, S2.11, decision 3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.db import connection

from participants.engine.lines import closure
from participants.models import Person

#: Every step upwards that can be reached from some people. UNION drops what was seen, so circles end.
_STEPS: Final = """
WITH RECURSIVE line(low, high, kind) AS (
    SELECT id, manager_id, 'manager' FROM participants_person WHERE manager_id IS NOT NULL
  UNION ALL
    SELECT id, appraiser_id, 'appraiser' FROM participants_person WHERE appraiser_id IS NOT NULL
  UNION ALL
    SELECT person_id, manager_id, 'dotted' FROM participants_dottedline
), step(low, high, kind) AS (
    SELECT low, high, kind FROM line WHERE low = ANY(%s)
  UNION
    SELECT line.low, line.high, line.kind FROM step JOIN line ON line.low = step.high
)
SELECT low, high, kind FROM step
"""


def steps_above(person_ids: Collection[int]) -> list[tuple[int, int, str]]:
    """Every single step upwards that can be reached from these people: (who, who above, kind of line). One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [sorted(person_ids)])
        return list(cursor.fetchall())


def superiors_of(person_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Everybody above each of these people at any depth, through every kind of line, opaque links included.

    One query, whatever the depth; circles end, and in a circle everybody is above everybody.
    """
    above: dict[int, set[int]] = {}
    for low, high, _kind in steps_above(person_ids):
        above.setdefault(low, set()).add(high)
    return {person_id: frozenset(closure([person_id], above)) for person_id in person_ids}


def in_one_line(one: Person, other: Person) -> bool:
    """Whether one of the two stands above the other, however far and by whichever kind of line."""
    above = superiors_of([one.pk, other.pk])
    return other.pk in above[one.pk] or one.pk in above[other.pk]
