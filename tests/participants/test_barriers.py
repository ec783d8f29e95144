"""Walls between groups: from the roster, at the desk, and held by the database."""

from __future__ import annotations

import datetime as dt

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from participants.models import Barrier, BarrierGroup, GroupMembership, Person
from participants.selectors import not_available
from participants.services import mark_left, remove_barrier, set_barrier, set_groups
from tests.participants.files import company
from tests.participants.test_roster import NOW, bring, person, writes
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def with_groups(**cells: str) -> list[list[str]]:
    head, *people = company()
    return [[*head, "Barrier groups"], *([*row, cells.get(f"k{row[0]}", "")] for row in people)]


def groups(key: str) -> set[str]:
    return set(person(key).memberships.values_list("group__name", flat=True))


def wall(one: str, other: str) -> Barrier:
    sides = [BarrierGroup.objects.get_or_create(name=name)[0] for name in (one, other)]
    return set_barrier(one=sides[0], other=sides[1], by=None, now=NOW)


def test_groups_have_a_column_and_one_group_whatever_its_capitals() -> None:
    bring(with_groups(k4="Audit A-1; Deals D-2", k5="audit a-1"))
    assert (groups("4"), groups("5")) == ({"Audit A-1", "Deals D-2"}, groups("5"))
    assert BarrierGroup.objects.count() == 2
    with CaptureQueriesContext(connection) as captured:
        assert bring(with_groups(k4="deals d-2;AUDIT A-1", k5="Audit A-1"))["written"] == 0
    assert writes(captured) == []
    assert bring(with_groups(k4="Deals D-2"))["changed"] == 2
    assert (groups("4"), groups("5")) == ({"Deals D-2"}, set())
    entry = LogEntry.objects.get_for_object(person("5")).latest("pk")
    assert entry.changes == {"groups": [next(iter(entry.changes["groups"])), ""]}
    bring(company())  # no such column, no word about groups
    assert groups("4") == {"Deals D-2"}


def test_a_name_that_is_too_long_is_named_by_row_and_column() -> None:
    with refused("wrong_rows"):
        bring(with_groups(k4="x" * 61))
    assert not BarrierGroup.objects.filter(name__startswith="xxx").exists()


def test_a_wall_stands_once_whichever_way_round_and_never_inside_one_group() -> None:
    first = wall("Audit", "Deals")
    assert wall("Deals", "Audit") == first
    assert first.one_id < first.other_id
    audit = BarrierGroup.objects.get(name="Audit")
    with refused("one_group"):
        set_barrier(one=audit, other=audit, by=None, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Barrier.objects.create(one_id=first.other_id, other_id=first.one_id)


def test_who_stands_on_two_sides_is_not_available_and_no_longer_when_the_wall_is_gone() -> None:
    bring(with_groups(k4="Audit", k2="Deals", k3="Tax"))
    assert not not_available(person("4"), person("2"))
    barrier = wall("Audit", "Deals")
    assert not_available(person("4"), person("2"))
    assert not_available(person("2"), person("4"))
    assert not not_available(person("4"), person("3"))
    remove_barrier(barrier=barrier, by=None)
    assert not not_available(person("4"), person("2"))


def test_groups_are_set_by_hand_logged_and_end_with_a_departure() -> None:
    bring(company())
    audit = BarrierGroup.objects.create(name="Audit")
    set_groups(person=person("4"), groups=[audit], by=person("1"), now=NOW)
    set_groups(person=person("4"), groups=[audit], by=person("1"), now=NOW)
    entries = LogEntry.objects.get_for_object(person("4")).filter(action=LogEntry.Action.UPDATE)
    assert [entry.changes for entry in entries] == [{"groups": ["", "Audit"]}]
    mark_left(person=person("4"), now=NOW + dt.timedelta(days=1))
    assert not GroupMembership.objects.exists()


def test_people_reduced_to_a_link_belong_to_no_group() -> None:
    from participants.choices import RosterScope
    from participants.services import Confirmation

    bring(with_groups(k2="Audit"))
    bring(company(), Confirmation(RosterScope.PARTICIPANTS, wanted=frozenset({"4"})))
    assert Person.objects.get(hr_key="2").is_chain_only
    assert not GroupMembership.objects.exists()
