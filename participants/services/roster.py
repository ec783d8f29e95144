"""Carrying out a roster's plan: all of it in one transaction, by sets, and nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, Stale
from participants.choices import Language, PersonState, RosterScope
from participants.engine.plan import Action, Plan, Step
from participants.engine.steps import LINES
from participants.models import DottedLine, GroupMembership, Person, TitleGrade
from participants.selectors import ROSTER_VALUES, Roster, Tell, known_grades, plan_digest, roster_plan
from participants.services.audit import log_changes
from participants.services.barriers import named_groups
from participants.services.lines import Stopped, lines_changed, total
from participants.services.logins import move_log_in
from participants.services.people import mark_left

BATCH: Final = 500
_NAMED: Final = (Action.NEW, Action.OPENED, Action.CHANGED, Action.MOVED)
_BLANK: Final[Mapping[str, Any]] = {
    "first_name": "", "last_name": "", "email": None, "job_title": "", "grade": None, "department": "",
    "team": "", "discipline": "", "city": "", "office": "", "country": "", "languages": [], "availability": [],
    "time_zone": settings.TIME_ZONE, "language": Language.EN, "is_chain_only": True,
    "state": PersonState.ACTIVE, "left_on": None,
}  # fmt: skip


@dataclass(frozen=True)
class Confirmation:
    """What the coordinator has seen and agreed to.

    Args:
        scope: what is kept.
        wanted: HR keys of an intake file given along.
        skips_wrong: rows that are wrong stay out; otherwise any of them stops the whole import.
        left: ids of people, missing from the file, who are said to have left.
        digest: of the plan shown; None on the command line, where the plan is shown and done at once.
        moves_addresses: an operator imports.
    """

    scope: RosterScope
    wanted: Set[str] = frozenset()
    skips_wrong: bool = False
    left: Set[int] = field(default_factory=frozenset)
    digest: str | None = None
    moves_addresses: bool = False


@transaction.atomic
def apply_roster(
    *,
    roster: Roster,
    confirmation: Confirmation,
    by: Person | None,
    now: datetime,
    outcomes: list[list[Any]] | None = None,
) -> dict[str, int]:
    """Import a roster as it was confirmed, all or nothing.

    Args:
        by: who confirmed; None on the command line.
        outcomes: is filled with what became of each row.

    Returns:
        Counts per action, "written", "left", and "in_line": pairs that pause for it, and
        "withdrawn": proposals that are no longer possible.

    Raises:
        DomainError: columns are missing, or rows are wrong and are not to be skipped.
        Stale: people changed since the preview, so that it no longer says what would happen.
    """
    # Held in one order, so that of two imports at once the second plans on what the first has written.
    list(Person.objects.select_for_update().order_by("pk").values_list("pk"))
    plan = checked_roster(roster=roster, confirmation=confirmation)
    _remember_grades(roster.grades)
    try:
        with transaction.atomic():
            _write(plan, now=now, by=by, moves_addresses=confirmation.moves_addresses)
    except IntegrityError as error:
        raise Stale(_("Somebody else imported at the same time. Look at the preview once more.")) from error
    gone = [one.id for one in plan.missing if one.id in confirmation.left]
    left = sum(mark_left(person=p, now=now, by=by) for p in Person.objects.filter(pk__in=gone))
    moved = frozenset(
        step.person_id
        for step in plan.steps
        if step.person_id and not step.changes.keys().isdisjoint((*LINES, "groups"))
    )
    stopped = total(lines_changed(person_ids=moved, now=now)) if moved else Stopped()
    if outcomes is not None:
        outcomes += outcomes_of(plan, left=gone)
    return {
        **plan.counts(),
        "written": plan.writes,
        "left": left,
        "in_line": stopped.pairs,
        "withdrawn": stopped.proposals,
    }


def outcomes_of(plan: Plan, *, left: Iterable[int]) -> list[list[Any]]:
    """What became of each row: [row, HR key, outcome, what changed], in the order of the file (import log)."""
    gone = set(left)
    rows: list[list[Any]] = [
        [step.row, step.hr_key, step.action.value, sorted(step.changes)] for step in plan.steps
    ]
    rows += [[problem.row, "", "wrong", [problem.code]] for problem in plan.problems]
    rows += [[0, one.hr_key, "left", []] for one in plan.missing if one.id in gone]
    return sorted(rows, key=lambda row: (row[0] == 0, row[0], row[1], row[2]))


def checked_roster(*, roster: Roster, confirmation: Confirmation, tell: Tell | None = None) -> Plan:
    """The plan of a roster that may be carried out as confirmed.

    Args:
        tell: is told every so often how many rows have been read.

    Raises:
        DomainError, Stale: as ``apply_roster``.
    """
    if roster.missing_columns:
        raise DomainError(_("Columns are missing."), code="missing_columns")
    plan = roster_plan(
        roster,
        scope=confirmation.scope,
        wanted=confirmation.wanted,
        moves_addresses=confirmation.moves_addresses,
        tell=tell,
    )
    if confirmation.digest is not None and plan_digest(plan) != confirmation.digest:
        raise Stale(_("People have changed since the preview. Look at it once more, then confirm."))
    whole_file = [problem for problem in plan.problems if not problem.row]
    if whole_file or (plan.problems and not confirmation.skips_wrong):
        raise DomainError(_("Some rows are wrong. Correct them or leave them out."), code="wrong_rows")
    return plan


def _remember_grades(grades: Mapping[str, int]) -> None:
    known = {title.casefold(): grade for title, grade in known_grades().items()}
    for title, grade in grades.items():
        if known.get(title.casefold()) == grade:
            continue
        stored = TitleGrade.objects.filter(title__iexact=title).first() or TitleGrade(title=title)
        stored.grade = grade
        stored.save()


def _write(plan: Plan, *, now: datetime, by: Person | None, moves_addresses: bool) -> None:
    _adopt(plan.steps)
    ids = dict(Person.objects.values_list("hr_key", "pk"))
    _create(plan.of(Action.NEW, Action.LINK), ids)
    _update(plan.of(Action.OPENED, Action.CHANGED, Action.MOVED, Action.RELINKED, Action.REDUCED), ids,
            now=now, by=by, moves_addresses=moves_addresses)  # fmt: skip
    _settle_dotted(plan.steps, ids)
    _settle_groups(plan.steps, ids, by)
    reduced = [step.person_id for step in plan.of(Action.REDUCED) if step.person_id]
    if reduced:
        GroupMembership.objects.filter(person_id__in=reduced).delete()
    dropped = [step.person_id for step in plan.of(Action.DROPPED) if step.person_id]
    if dropped:
        Person.objects.filter(pk__in=dropped).delete()


def _adopt(steps: Iterable[Step]) -> None:
    """Give people who came in by themselves the key of their row; a link that bore it becomes one with them."""
    for step in steps:
        if "hr_key" not in step.changes or step.person_id is None:
            continue
        link = Person.objects.filter(hr_key=step.hr_key).exclude(pk=step.person_id).first()
        if link is not None:
            Person.objects.filter(pk=step.person_id).update(manager=link.manager, appraiser=link.appraiser)
            Person.objects.filter(manager=link).update(manager=step.person_id)
            Person.objects.filter(appraiser=link).update(appraiser=step.person_id)
            DottedLine.objects.filter(manager=link).update(manager=step.person_id)
            link.delete()
        Person.objects.filter(pk=step.person_id).update(hr_key=step.hr_key)


def _create(steps: Sequence[Step], ids: dict[str, int]) -> None:
    """New people level by level, managers first, so that hardly anybody is written twice. Fills ``ids``."""
    waiting = {step.hr_key: step for step in steps}
    made: list[tuple[Step, Person]] = []
    while waiting:
        level = [step for step in waiting.values() if _new_of(step, "manager") not in waiting]
        assert level  # noqa: S101  (a plan's lines never run in a circle)
        people = [_new_person(step, ids) for step in level]
        for step, person in zip(level, Person.objects.bulk_create(people, batch_size=BATCH), strict=True):
            ids[person.hr_key] = person.pk
            made.append((step, person))
            del waiting[person.hr_key]
    _name_later_appraisers(made, ids)


def _name_later_appraisers(made: Iterable[tuple[Step, Person]], ids: Mapping[str, int]) -> None:
    """Appraisers who were not written yet when the people whom they appraise were."""
    late = []
    for step, person in made:
        appraiser = _new_of(step, "appraiser")
        if appraiser and person.appraiser_id is None:
            person.appraiser_id = ids[appraiser]
            late.append(person)
    if late:
        Person.objects.bulk_update(late, ["appraiser"], batch_size=BATCH)


def _settle_dotted(steps: Iterable[Step], ids: Mapping[str, int]) -> None:
    """Draw the dotted lines that a plan names, and wipe those it no longer names."""
    moved = {ids[step.hr_key]: step.changes["dotted"] for step in steps if "dotted" in step.changes}
    gone = Q()
    for person_id, (old, new) in moved.items():
        for key in set(old) - set(new):
            gone |= Q(person_id=person_id, manager_id=ids[key])
    if gone:
        DottedLine.objects.filter(gone).delete()
    lines = [
        DottedLine(person_id=person_id, manager_id=ids[key])
        for person_id, (old, new) in moved.items()
        for key in sorted(set(new) - set(old))
    ]
    DottedLine.objects.bulk_create(lines, batch_size=BATCH)


def _settle_groups(steps: Iterable[Step], ids: Mapping[str, int], by: Person | None) -> None:
    """Put people into the barrier groups that a plan names, and out of those it no longer names."""
    moved = {ids[step.hr_key]: step.changes["groups"] for step in steps if "groups" in step.changes}
    if not moved:
        return
    groups = named_groups({name for old, new in moved.values() for name in (*old, *new)}, by=by)
    gone = Q()
    made = []
    for person_id, (old, new) in moved.items():
        before, after = ({groups[name.casefold()] for name in names} for names in (old, new))
        if before - after:
            gone |= Q(person_id=person_id, group_id__in=before - after)
        made += [GroupMembership(person_id=person_id, group_id=pk) for pk in sorted(after - before)]
    if gone:
        GroupMembership.objects.filter(gone).delete()
    GroupMembership.objects.bulk_create(made, batch_size=BATCH)


def _new_of(step: Step, line: str) -> str:
    """The key of whom a step puts above somebody by this kind of line; empty for nobody."""
    key: str = step.changes[line][1] if line in step.changes else ""
    return key


def _new_person(step: Step, ids: Mapping[str, int]) -> Person:
    above = {
        "manager_id": ids.get(_new_of(step, "manager")),
        "appraiser_id": ids.get(_new_of(step, "appraiser")),
    }
    if step.action is Action.LINK:
        return Person(hr_key=step.hr_key, is_chain_only=True, **above)
    values = {name: step.changes[name][1] for name in ROSTER_VALUES if name in step.changes}
    values = {name: value for name, value in values.items() if value is not None}
    language = _page_language(values.get("languages") or [])
    return Person(hr_key=step.hr_key, language=language, **above, **values)


def _page_language(languages: Iterable[str]) -> str:
    """The first working language that pages and mails exist in."""
    return next((code for code in languages if code in Language.values), Language.EN)


def _update(
    steps: Sequence[Step],
    ids: Mapping[str, int],
    *,
    now: datetime,
    by: Person | None,
    moves_addresses: bool,
) -> None:
    people = Person.objects.in_bulk([step.person_id for step in steps])
    touched: set[str] = {"version", "updated_at"}
    for step in steps:
        touched |= _change(people[step.person_id], step, ids, now)
    if not people:
        return
    log_changes([(people[step.person_id], step.changes) for step in steps], by=by)
    moving = [step for step in steps if "email" in step.changes and step.action in _NAMED]
    # Addresses may change hands within one file; the constraint would see two owners for a moment.
    Person.objects.filter(pk__in=[step.person_id for step in moving]).update(email=None)
    Person.objects.bulk_update(people.values(), sorted(touched), batch_size=BATCH)
    if moves_addresses:
        for step in moving:
            move_log_in(person=people[step.person_id], address=step.changes["email"][1])


def _change(person: Person, step: Step, ids: Mapping[str, int], now: datetime) -> set[str]:
    """Set what the step says on the instance; returns the names of the fields touched."""
    values: dict[str, Any] = {
        name: new for name, (_old, new) in step.changes.items() if name in ROSTER_VALUES
    }
    if step.action is Action.REDUCED:
        values = dict(_BLANK)
    if step.action is Action.OPENED:
        values |= {"is_chain_only": False, "language": _page_language(values.get("languages") or [])}
    for line in ("manager", "appraiser"):
        if line in step.changes:
            values[f"{line}_id"] = ids.get(_new_of(step, line))
    if "state" in step.changes:
        values |= {"state": PersonState.ACTIVE, "left_on": None}
    for name, value in values.items():
        setattr(person, name, value)
    person.version += 1
    person.updated_at = now
    return {name.removesuffix("_id") for name in values}
