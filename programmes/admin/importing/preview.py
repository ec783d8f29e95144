"""The preview as a page shows it: people and fields in words, and nothing stored about people beyond one's scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from participants.engine.plan import Action, Known, Plan, Step
from participants.engine.problems import Problem
from participants.models import Person
from participants.selectors import FIELD_NAMES, LEFT_OUT_REASONS, at_stake, place
from programmes.engine import enrolling
from programmes.selectors import INTAKE_FIELD_NAMES, Preview, sentence

#: Rows shown of each group; the rest is counted.
SHOWN: Final = 100
PROBLEMS_SHOWN: Final = 500
#: More people missing than this, and the file is no full roster: nobody is offered as having left.
MISSING_OFFERED: Final = 500


@dataclass(frozen=True)
class Line:
    """One person of a group, and what changes for them: (field, before, after)."""

    name: str
    key: str
    changes: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True)
class Group:
    """People to whom the same happens."""

    title: str
    lines: Sequence[Line]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass
class Page:
    """Everything that step 3 shows."""

    figures: list[tuple[str, int]] = field(default_factory=list)
    intake_figures: list[tuple[str, int]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    left_out: list[tuple[str, str | Promise]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    more_problems: int = 0
    others: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)
    breaking: list[tuple[str, str]] = field(default_factory=list)
    breaking_elsewhere: int = 0
    is_partial: bool = False
    is_blocked: bool = False
    has_problems: bool = False
    writes: int = 0


def page_of(preview: Preview, user: Any) -> Page:
    """Put a preview into words for this user."""
    page = Page()
    problems: list[tuple[str, Problem]] = []
    if preview.roster is not None and preview.sources.roster is not None:
        _roster(page, preview.roster, user)
        page.left_out = [(one.header, LEFT_OUT_REASONS[one.kind]) for one in preview.sources.roster.left_out]
        problems += [(_("Roster"), problem) for problem in preview.roster.problems]
        page.others = [_row(_("Roster"), problem) for problem in preview.roster.others[:SHOWN]]
        page.notes += [f"{place(note)}: {sentence(note)}" for note in preview.roster.notes]
    if preview.intake is not None and preview.sources.intake is not None:
        _intake(page, preview.intake)
        page.unused = preview.sources.intake.unused_columns
        problems += [(_("Intake"), problem) for problem in preview.intake.problems]
    page.problems = [_row(part, problem) for part, problem in problems[:PROBLEMS_SHOWN]]
    page.more_problems = max(0, len(problems) - PROBLEMS_SHOWN)
    page.is_blocked = any(not problem.row for _part, problem in problems)
    page.has_problems = bool(problems)
    return page


def _row(part: str, problem: Problem) -> tuple[str, str, str]:
    return part, place(problem), sentence(problem)


def _roster(page: Page, plan: Plan, user: Any) -> None:
    counts = plan.counts()
    page.figures = [
        (_("new"), counts[Action.NEW] + counts[Action.OPENED]),
        (_("changed"), counts[Action.CHANGED]),
        (_("moved"), counts[Action.MOVED] + counts[Action.RELINKED]),
        (_("unchanged"), counts[Action.SAME]),
        (_("missing from the file"), counts["missing"]),
        (_("wrong rows"), counts["wrong"]),
    ]
    page.writes += plan.writes
    stake = at_stake(plan, user)
    page.breaking, page.breaking_elsewhere = list(stake.named), stake.others
    visible = _visible(plan, user)
    titles = {
        _("New people"): (Action.NEW, Action.OPENED),
        _("Changed"): (Action.CHANGED,),
        _("Moved: somebody else above them, or another unit"): (Action.MOVED, Action.RELINKED),
        _("No longer kept by name"): (Action.REDUCED, Action.DROPPED),
    }
    for title, actions in titles.items():
        steps = [step for step in plan.of(*actions) if step.name]
        if steps:
            lines = [_line(step, visible) for step in steps[:SHOWN]]
            page.groups.append(Group(title, lines, len(steps)))
    _count_links(page, plan)
    page.is_partial = len(plan.missing) > MISSING_OFFERED
    offered = visible - {user.person_id}  # nobody ends their own log-in by a tick
    page.missing = [] if page.is_partial else [one for one in plan.missing if one.id in offered]


def _count_links(page: Page, plan: Plan) -> None:
    links = len(plan.of(Action.LINK))
    if links:
        page.notes.append(
            _("%(count)s managers are kept as mere keys, so that no pair falls into a reporting line.")
            % {"count": links}
        )


def _visible(plan: Plan, user: Any) -> Set[int]:
    """Ids of the stored people in a plan whom this user may know of (C-02)."""
    ids = {step.person_id for step in plan.steps if step.person_id} | {one.id for one in plan.missing}
    return set(Person.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _line(step: Step, visible: Set[int]) -> Line:
    is_new = step.action in (Action.NEW, Action.OPENED)
    if is_new:
        return Line(step.name, step.hr_key)
    changes = [
        (str(FIELD_NAMES.get(name, name)), _value(old) if step.person_id in visible else "…", _value(new))
        for name, (old, new) in step.changes.items()
        if step.action not in (Action.REDUCED, Action.DROPPED)
    ]
    return Line(step.name, step.hr_key, changes)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {number}" for key, number in value.items()) or "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value) or "–"
    return "–" if value in (None, "") else str(value)


def _intake(page: Page, plan: enrolling.IntakePlan) -> None:
    counts = plan.counts()
    page.intake_figures = [
        (_("mentors"), counts["mentors"]),
        (_("mentees"), counts["mentees"]),
        (_("newly enrolled"), counts["new"]),
        (_("changed"), counts["changed"]),
        (_("unchanged"), counts["same"]),
        (_("wrong rows"), counts["wrong"]),
    ]
    page.writes += plan.writes
    changed = plan.of(enrolling.Action.CHANGED)
    if changed:
        lines = [
            Line(step.candidate.name, step.candidate.hr_key, _intake_changes(step))
            for step in changed[:SHOWN]
        ]
        page.groups.append(Group(_("Changed enrolments"), lines, len(changed)))


def _intake_changes(step: enrolling.Step) -> list[tuple[str, str, str]]:
    """Perspectives are named as changed and never shown (B-05)."""
    found = []
    for name, (old, new) in {**step.changes, **step.person_changes}.items():
        label = str(INTAKE_FIELD_NAMES.get(name, name))
        hidden = name.startswith("perspective")
        found.append((label, "…" if hidden else _value(old), "…" if hidden else _value(new)))
    return found
