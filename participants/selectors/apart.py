"""Who must not be brought together, for matching and for whatever is already under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q

from participants.choices import ApartBy
from participants.models import Barrier, GroupMembership, NeverWith, Person
from participants.selectors.lines import superiors_of

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


def apart_among(pairs: Collection[Two]) -> Mapping[Two, ApartBy]:
    """The pairs of ids, in the order given, that a line or a barrier keeps apart, and which of the two it is.

    Three queries, whatever the number. Wishes of single people are not looked at: what stands goes on until one
    of the two ends it, so that nothing tells of a wish (decision 31).
    """
    if not pairs:
        return {}
    people = {person_id for pair in pairs for person_id in pair}
    return keeping_apart(
        pairs, above=superiors_of(people), groups=groups_of(people), barriers=barrier_links()
    )


def keeping_apart(
    pairs: Collection[Two],
    *,
    above: Mapping[int, Collection[int]],
    groups: Mapping[int, Collection[int]],
    barriers: Collection[Two],
) -> Mapping[Two, ApartBy]:
    """As ``apart_among``, for lines and groups as given."""
    walls = {*barriers, *((other, one) for one, other in barriers)}
    found: dict[Two, ApartBy] = {}
    for one, other in pairs:
        if other in above.get(one, ()) or one in above.get(other, ()):
            found[one, other] = ApartBy.LINE
        elif any((a, b) in walls for a in groups.get(one, ()) for b in groups.get(other, ())):
            found[one, other] = ApartBy.BARRIER
    return found
