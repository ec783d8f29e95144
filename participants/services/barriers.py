"""Information barriers: groups, who belongs to them, and the walls between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from participants.models import Barrier, BarrierGroup, GroupMembership, Person
from participants.services.audit import log_changes
from participants.services.lines import lines_changed


@transaction.atomic
def set_barrier(*, one: BarrierGroup, other: BarrierGroup, by: Person | None, now: datetime) -> Barrier:
    """Put a wall between two groups; twice is once. Pairs across it pause at once.

    Raises:
        DomainError: it is one and the same group.
    """
    if one.pk == other.pk:
        raise DomainError(_("A barrier stands between two different groups."), code="one_group")
    first, second = sorted((one, other), key=lambda group: group.pk)
    barrier, is_new = Barrier.objects.get_or_create(one=first, other=second)
    if is_new:
        members = GroupMembership.objects.filter(group__in=[first, second])
        lines_changed(person_ids=frozenset(members.values_list("person_id", flat=True)), now=now)
    return barrier


@transaction.atomic
def remove_barrier(*, barrier: Barrier, by: Person | None) -> None:
    """Take a wall away. Pairs that paused for it stay paused until a coordinator lets them go on."""
    Barrier.objects.filter(pk=barrier.pk).delete()


@transaction.atomic
def set_groups(
    *, person: Person, groups: Collection[BarrierGroup], by: Person | None, now: datetime
) -> Person:
    """Say which barrier groups somebody belongs to; the audit log keeps who said so."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    old = {one.group_id: one.group.name for one in person.memberships.select_related("group")}
    new = {group.pk: group.name for group in groups}
    if old.keys() == new.keys():
        return person
    person.memberships.exclude(group_id__in=new).delete()
    GroupMembership.objects.bulk_create(
        GroupMembership(person=person, group_id=pk) for pk in sorted(new.keys() - old.keys())
    )
    change = tuple(sorted(old.values())), tuple(sorted(new.values()))
    log_changes([(person, {"groups": change})], by=by)
    if new.keys() - old.keys():
        lines_changed(person_ids=frozenset({person.pk}), now=now)
    return person


def named_groups(names: Iterable[str], *, by: Person | None) -> Mapping[str, int]:
    """Name in small letters → id of its group; those that do not exist yet are made."""
    wanted = {name.casefold(): name for name in sorted(names, reverse=True)}  # capitals before small letters
    found = {group.name.casefold(): group.pk for group in BarrierGroup.objects.filter(_called(wanted))}
    for word in sorted(wanted.keys() - found.keys()):
        found[word] = BarrierGroup.objects.create(name=wanted[word], created_by=by).pk
    return found


def _called(names: Mapping[str, str]) -> Q:
    return Q(pk__in=BarrierGroup.objects.annotate(_small=Lower("name")).filter(_small__in=list(names)))
