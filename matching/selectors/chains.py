"""Managers upwards, in their order: the engine reads who stands above whom from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import connection

#: Every step upwards that can be reached from some people. UNION drops what was seen, so a circle in the file ends.
_STEPS = """
WITH RECURSIVE step(person_id, manager_id) AS (
    SELECT id, manager_id FROM participants_person WHERE id = ANY(%s)
  UNION
    SELECT boss.id, boss.manager_id
      FROM step JOIN participants_person boss ON boss.id = step.manager_id
)
SELECT person_id, manager_id FROM step WHERE manager_id IS NOT NULL
"""


def manager_chains(person_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
    """Each person's managers at any depth, the direct one first, opaque links of the chain included (S2.11).

    One query, whatever the depth. A chain that runs into a circle goes round it once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [sorted(person_ids)])
        above = dict(cursor.fetchall())
    return {person_id: _climb(person_id, above) for person_id in person_ids}


def _climb(person_id: int, above: Mapping[int, int]) -> tuple[int, ...]:
    chain: list[int] = []
    boss = above.get(person_id)
    while boss is not None and boss not in chain:
        chain.append(boss)
        boss = above.get(boss)
    return tuple(chain)
