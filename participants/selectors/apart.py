"""Who must not be brought together, for matching and for whatever is already under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q

from participants.models import Barrier, GroupMembership, NeverWith, Person

#: Two ids of people, the smaller first.
Two = tuple[int, int]


def two(one: int, other: int) -> Two:
    """Two people as one key, whichever is named first."""
    return (one, other) if one < other else (other, one)


def groups_of(person_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Person → ids of their barrier groups; people without one are left out. One query."""
    found: dict[int, set[int]] = {}
    rows = GroupMembership.objects.filter(person_id__in=person_ids).values_list("person_id", "group_id")
    for person_id, group_id in rows:
        found.setdefault(person_id, set()).add(group_id)
    return {person_id: frozenset(groups) for person_id, groups in found.items()}


def barrier_links() -> list[Two]:
    """Every information barrier as two ids of groups."""
    return list(Barrier.objects.order_by("pk").values_list("one_id", "other_id"))


def never_with_links(person_ids: Collection[int]) -> list[tuple[int, int]]:
    """(who asked, never with whom) among these people. For matching alone: no page ever shows it."""
    return list(NeverWith.objects.among(person_ids).order_by("pk").values_list("person_id", "other_id"))


def behind_a_barrier(one: Person, other: Person) -> bool:
    """Whether an information barrier lies between the two."""
    mine, theirs = (
        GroupMembership.objects.filter(person=person).values("group_id") for person in (one, other)
    )
    between = Q(one__in=mine, other__in=theirs) | Q(one__in=theirs, other__in=mine)
    return Barrier.objects.filter(between).exists()


def not_available(one: Person, other: Person) -> bool:
    """Whether the two are kept apart by a barrier or by a wish of one of them; nobody is told which."""
    return behind_a_barrier(one, other) or NeverWith.objects.among([one.pk, other.pk]).exists()
