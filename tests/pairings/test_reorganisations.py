"""Random companies reorganise again and again: no pair that goes on is ever inside a reporting line (A-29, S2.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError, IllegalTransition
from outbox.models import Message
from pairings.choices import RUNNING
from pairings.models import Hold, Pairing
from pairings.services import confirm_pairing, resume_pairing
from participants.choices import FileKind, RosterScope
from participants.engine.tables import read_table
from participants.models import Person
from participants.selectors import Roster, at_stake, remembered_mapping, roster_plan
from participants.services import Confirmation, apply_roster, open_log_in
from programmes.models import Cohort, Coordinator, Enrolment, NamedContact, Programme
from tests.matching.engine.cohorts import examples
from tests.matching.world import NOW, cohort
from tests.participants.files import as_csv

pytestmark = pytest.mark.django_db

MENTORS, MENTEES, OTHERS = "1234", "5678", "90"
EVERYBODY = MENTORS + MENTEES + OTHERS
HEADER = [
    "employee_id", "first_name", "last_name", "email", "grade", "manager_id", "appraiser_id", "dotted_line_ids",
]  # fmt: skip


@dataclass(frozen=True)
class Lines:
    """Whom a file names above somebody."""

    manager: str = ""
    appraiser: str = ""
    dotted: tuple[str, ...] = ()

    @property
    def above(self) -> set[str]:
        return {self.manager, self.appraiser, *self.dotted} - {""}


Chart = Mapping[str, Lines]


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Managers without a circle; dotted lines and appraisers of any kind, circles too. Some people are missing."""
    order = draw(st.permutations(EVERYBODY))
    found = {}
    for place, key in enumerate(order):
        others = [one for one in EVERYBODY if one != key]
        found[key] = Lines(
            draw(st.sampled_from(["", *order[:place]])),
            draw(st.sampled_from(["", "", "", *others])),
            tuple(draw(st.lists(st.sampled_from(others), max_size=1, unique=True))),
        )
    return found


def in_line(one: str, other: str, above: Mapping[str, set[str]]) -> bool:
    """Whether one stands above the other: a plain walk, beside what the software asks."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            new = above.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        return seen

    return other in reached(one) or one in reached(other)


def roster(chart: Chart) -> Roster:
    rows = [
        [key, f"First{key}", f"Last{key}", f"p{key}@example.com", "8" if key in MENTEES else "3",
         lines.manager, lines.appraiser, ";".join(lines.dotted)]
        for key, lines in sorted(chart.items())
    ]  # fmt: skip
    table = read_table(as_csv([HEADER, *rows]), "people.csv")
    return Roster(table, remembered_mapping(table, FileKind.ROSTER), {})


def bring(chart: Chart, scope: RosterScope) -> int:
    """Import a file; how many pairs paused for it."""
    done = apply_roster(roster=roster(chart), confirmation=Confirmation(scope), by=None, now=NOW)
    return done["in_line"]


def keys(pairing: Pairing) -> tuple[str, str]:
    return pairing.mentor.person.hr_key, pairing.mentee.person.hr_key


def enrolled(within: Cohort, role: str, people: Sequence[str]) -> list[Enrolment]:
    return [
        Enrolment.objects.create(
            cohort=within, person=Person.objects.get(hr_key=key), role=role, state="accepted"
        )
        for key in people
    ]


def check(above: Mapping[str, set[str]]) -> None:
    for pairing in Pairing.objects.standing().with_people():
        is_broken = in_line(*keys(pairing), above)
        assert not (is_broken and pairing.state in RUNNING), f"{keys(pairing)} goes on in one line"
        assert Hold.objects.open().filter(pairing=pairing).count() <= 1
        if is_broken:
            assert Hold.objects.open().get(pairing=pairing).cause == "line"


def foretold(chart: Chart, scope: RosterScope, by: Programme) -> set[tuple[str, str]]:
    """The pairs that the preview names, by the keys in their people's names."""
    user = open_log_in(person=Coordinator.objects.get(programme=by).person)
    stake = at_stake(roster_plan(roster(chart), scope=scope, wanted=frozenset()), user)
    assert stake.others == 0
    return {(words.split("Last")[1][0], words.split("Last")[2][0]) for words, _why in stake.named}


@examples(5)
@given(st.lists(charts(), min_size=2, max_size=4), st.permutations(MENTEES), st.booleans())
@pytest.mark.covers("A-29", "S2.11", "S0.2")
def test_after_any_reorganisations_no_running_pair_is_inside_a_line(
    history: list[Chart], partners: list[str], is_narrow: bool
) -> None:
    with transaction.atomic():
        scope = RosterScope.PARTICIPANTS if is_narrow else RosterScope.FULL
        bring(history[0], RosterScope.FULL)
        above = {key: lines.above for key, lines in history[0].items()}
        within = cohort(stage="active")
        boss = Person.objects.create(hr_key="c", first_name="Co", last_name="Ordi", email="c@example.com")
        Coordinator.objects.create(programme=within.programme, person=boss)
        ear = Person.objects.create(hr_key="e", first_name="Ear", last_name="Outside", email="e@example.com")
        NamedContact.objects.create(programme=within.programme, person=ear)
        seats = enrolled(within, "mentor", MENTORS), enrolled(within, "mentee", partners)
        for mentor, mentee in zip(*seats, strict=True):
            two = mentor.person.hr_key, mentee.person.hr_key
            if in_line(*two, above):
                with pytest.raises(DomainError):
                    confirm_pairing(mentor=mentor, mentee=mentee, is_taster=False, now=NOW)
            else:
                confirm_pairing(mentor=mentor, mentee=mentee, is_taster=False, now=NOW)
        for chart in history[1:]:
            Message.objects.all().delete()
            running = {keys(one): one.pk for one in Pairing.objects.running().with_people()}
            above |= {key: lines.above for key, lines in chart.items()}
            broken = {two for two in running if in_line(*two, above)}
            assert foretold(chart, scope, within.programme) == broken
            assert bring(chart, scope) == len(broken)
            check(above)
            assert Message.objects.filter(kind="pause").count() == Message.objects.count() == 2 * len(broken)
            for pairing in Pairing.objects.filter(state="paused").with_people():
                if in_line(*keys(pairing), above):
                    with pytest.raises(IllegalTransition):
                        resume_pairing(pairing=pairing, by=boss, now=NOW)
                else:
                    resume_pairing(pairing=pairing, by=boss, now=NOW)
            check(above)
        transaction.set_rollback(True)
