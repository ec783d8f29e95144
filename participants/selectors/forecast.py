"""Which pairs an import would break, before anything is written (issue: preview before the confirm)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from common.hooks import declare
from participants.choices import ApartBy
from participants.engine.lines import closure
from participants.engine.plan import Plan
from participants.models import BarrierGroup, Person
from participants.selectors.apart import Two, barrier_links, keeping_apart


@dataclass(frozen=True)
class Forecast:
    """Lines and groups as they will be once a plan is carried out."""

    plan: Plan

    @cached_property
    def _keys(self) -> Mapping[int, str]:
        return dict(Person.objects.order_by().values_list("pk", "hr_key"))

    def apart(self, pairs: Collection[Two]) -> Mapping[Two, ApartBy]:
        """Of these pairs of ids, those that will be kept apart. Three queries, whatever the number."""
        ids = {key: pk for pk, key in self._keys.items()}
        people = {pk: self._keys[pk] for pair in pairs for pk in pair}
        above = {
            pk: {ids[boss] for boss in closure([key], self.plan.above) if boss in ids}
            for pk, key in people.items()
        }
        return keeping_apart(pairs, above=above, groups=self._groups_of(people), barriers=barrier_links())

    def _groups_of(self, people: Mapping[int, str]) -> Mapping[int, set[int]]:
        numbers = {name.casefold(): pk for pk, name in BarrierGroup.objects.values_list("pk", "name")}
        return {
            pk: {
                numbers[name.casefold()]
                for name in self.plan.groups.get(key, ())
                if name.casefold() in numbers
            }
            for pk, key in people.items()
        }


@dataclass(frozen=True)
class AtStake:
    """Pairs that would have to pause.

    Args:
        named: those that the reader coordinates, as (the two, why).
        others: how many there are in programmes of others.
    """

    named: Sequence[tuple[str, str]] = ()
    others: int = 0


class _StakeSignature(Protocol):
    def __call__(self, *, forecast: Forecast, user: Any) -> AtStake: ...


#: The preview of an import says which pairs it would break, as far as the reader may know of them.
pairs_at_stake = declare(
    "participants.pairs_at_stake",
    purpose="which standing pairs would come into one line, or behind a barrier, if an import were carried out",
    signature=_StakeSignature.__call__,
)


def at_stake(plan: Plan, user: Any) -> AtStake:
    """What carrying out this plan would break; nothing to ask where no line and no group moves."""
    moving = {"manager", "appraiser", "dotted", "groups"}
    if all(moving.isdisjoint(step.changes) for step in plan.steps if step.person_id):
        return AtStake()
    answers = pairs_at_stake(forecast=Forecast(plan), user=user)
    return AtStake(
        named=[pair for answer in answers for pair in answer.named], others=sum(a.others for a in answers)
    )
