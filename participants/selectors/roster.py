"""A roster beside what is stored: the plan that the preview shows and the import carries out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Final

from participants.choices import ERASED_KEY, OWN_KEY, FileKind, PersonState, RosterScope
from participants.engine import headers
from participants.engine.grades import by_title
from participants.engine.plan import Known, Plan, Wish, make_plan
from participants.engine.problems import Problem
from participants.engine.rows import PersonRow, Tell, check_rows, titles
from participants.engine.tables import Table
from participants.models import ColumnMapping, DottedLine, GroupMembership, Person, TitleGrade, User

#: Fields that a roster may write, apart from the lines upwards and the state.
ROSTER_VALUES: Final = (
    "first_name",
    "last_name",
    "email",
    "job_title",
    "grade",
    "department",
    "team",
    "discipline",
    "city",
    "office",
    "country",
    "time_zone",
    "languages",
)


@dataclass(frozen=True)
class Roster:
    """A roster as read, with the coordinator's choice of columns and grades.

    Args:
        mapping: field → column index.
        grades: job title → grade, as given for this file; remembered ones come from the database.
    """

    table: Table
    mapping: Mapping[str, int]
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def left_out(self) -> list[headers.LeftOut]:
        return headers.left_out(self.table.headers, self.mapping)

    @property
    def columns(self) -> dict[str, str]:
        return {name: self.table.headers[index] for name, index in self.mapping.items()}

    @property
    def missing_columns(self) -> list[Problem]:
        return [Problem(1, "", "missing_column", {"field": name}) for name in headers.missing(self.mapping)]


def remembered_mapping(
    table: Table, kind: FileKind, fields: Mapping[str, Sequence[str]] = headers.ROSTER_FIELDS
) -> dict[str, int]:
    """The columns chosen the last time that this header row came by; else those that leave no doubt."""
    known = ColumnMapping.objects.filter(kind=kind, header_digest=table.digest).first()
    return dict(known.mapping) if known else headers.guess(table.headers, fields)


def known_grades() -> dict[str, int]:
    """Job title → grade, as remembered from earlier files."""
    return dict(TitleGrade.objects.values_list("title", "grade"))


def title_grades(roster: Roster, wanted: Set[str] | None = None) -> list[tuple[str, int, int | None]]:
    """(title, how many people, grade or None) for the screen, in the order of the alphabet.

    Args:
        wanted: HR keys that an import would keep beside people with a part already; None for everybody.
    """
    grades = by_title({**known_grades(), **roster.grades})
    only = None
    if wanted is not None and "hr_key" in roster.mapping:
        only = set(wanted) | set(Person.objects.needed().values_list("hr_key", flat=True))
    return [
        (title, count, grades.get(title.casefold()))
        for title, count in titles(roster.table, roster.mapping, only).items()
    ]


def roster_plan(
    roster: Roster,
    *,
    scope: RosterScope,
    wanted: Set[str],
    moves_addresses: bool = False,
    tell: Tell | None = None,
) -> Plan:
    """What importing this roster would do now. Reads the whole of people once.

    Args:
        wanted: HR keys of an intake file given along.
        moves_addresses: an operator imports, so that addresses of people with a log-in follow the file.
        tell: is told every so often how many rows have been read.
    """
    grades = by_title({**known_grades(), **roster.grades})
    checked = check_rows(roster.table, roster.mapping, grades, tell)
    wish = Wish(scope == RosterScope.FULL, wanted, moves_addresses, roster.columns)
    return make_plan(checked, adopted(known_people(), checked.rows, wish), wish)


def adopted(known: Mapping[str, Known], rows: Mapping[str, PersonRow], wish: Wish) -> dict[str, Known]:
    """People who came in by themselves, under the key of the row that has their address (decision 29).

    They keep their row here, their log-in and their part; a link of somebody's chain that bore the key is one with
    them from then on. Only where the import keeps this person by name.
    """
    found = dict(known)
    own = {str(one.values.get("email")): one for one in known.values() if one.hr_key.startswith(OWN_KEY)}
    for key, row in rows.items():
        one, there = own.get(str(row.values.get("email"))), known.get(key)
        is_kept = one is not None and (wish.keeps_all or one.is_needed or key in wish.wanted)
        if one is None or not is_kept or (there is not None and not there.is_link):
            continue
        del found[one.hr_key]
        above = one if there is None else there
        found[key] = replace(
            one, hr_key=key, adopted_from=one.hr_key, manager=above.manager, appraiser=above.appraiser
        )
    return found


def known_people() -> dict[str, Known]:
    """Everybody stored, by HR key, links included."""
    needed = set(Person.objects.needed().values_list("pk", flat=True))
    with_log_in = set(User.objects.exclude(person=None).values_list("person_id", flat=True))
    rows = list(
        Person.objects.order_by().values(
            "pk", "hr_key", "manager_id", "appraiser_id", "state", "is_chain_only", *ROSTER_VALUES
        )
    )
    keys: dict[int | None, str] = {row["pk"]: row["hr_key"] for row in rows}
    beside = _Beside(keys, _dotted_keys(keys), _group_names(), needed, with_log_in)
    return {row["hr_key"]: _known(row, beside) for row in rows}


@dataclass(frozen=True)
class _Beside:
    """What is known of people beside their own rows, by their ids."""

    keys: Mapping[int | None, str]
    dotted: Mapping[int, tuple[str, ...]]
    groups: Mapping[int, tuple[str, ...]]
    needed: Set[int]
    with_log_in: Set[int]


def _group_names() -> Mapping[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for person_id, name in GroupMembership.objects.order_by().values_list("person_id", "group__name"):
        found.setdefault(person_id, []).append(name)
    return {person_id: tuple(sorted(names)) for person_id, names in found.items()}


def _dotted_keys(keys: Mapping[int | None, str]) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for person_id, manager_id in DottedLine.objects.order_by().values_list("person_id", "manager_id"):
        found.setdefault(person_id, []).append(keys[manager_id])
    return {person_id: tuple(sorted(bosses)) for person_id, bosses in found.items()}


def _known(row: Mapping[str, Any], beside: _Beside) -> Known:
    return Known(
        id=row["pk"],
        hr_key=row["hr_key"],
        manager=beside.keys.get(row["manager_id"], ""),
        appraiser=beside.keys.get(row["appraiser_id"], ""),
        dotted=beside.dotted.get(row["pk"], ()),
        groups=beside.groups.get(row["pk"], ()),
        values={name: row[name] for name in ROSTER_VALUES},
        is_active=row["state"] == PersonState.ACTIVE,
        is_link=row["is_chain_only"],
        # Pairs that were hang on somebody who was erased, and the line that says so: no roster drops the row.
        is_needed=row["pk"] in beside.needed or row["hr_key"].startswith(ERASED_KEY),
        has_log_in=row["pk"] in beside.with_log_in,
    )


def plan_digest(plan: Plan) -> str:
    """Stands for what a plan would write: a confirmation holds for exactly the plan that was shown."""
    steps = [
        [step.action, step.hr_key, {name: new for name, (_old, new) in sorted(step.changes.items())}]
        for step in plan.steps
    ]
    return hashlib.sha256(json.dumps(steps, default=str).encode()).hexdigest()
