"""A roster and an intake read together, and what importing them would do."""

from __future__ import annotations

from dataclasses import dataclass

from participants.choices import FileKind, RosterScope
from participants.engine.plan import Plan
from participants.engine.problems import Problem
from participants.models import ImportFile
from participants.selectors import Roster, plan_digest, roster_plan, table_of
from programmes.engine.enrolling import IntakePlan
from programmes.models import Cohort, Enrolment
from programmes.selectors.intake import IntakeTable, intake_digest, intake_plan


@dataclass(frozen=True)
class Sources:
    """What an import is made of; one of the two may be absent.

    Args:
        cohort: whom the intake enrols into; given whenever there is an intake.
        scope: what the roster keeps.
        moves_addresses: an operator imports.
    """

    roster: Roster | None
    intake: IntakeTable | None
    cohort: Cohort | None
    scope: RosterScope = RosterScope.PARTICIPANTS
    moves_addresses: bool = False

    @property
    def wanted(self) -> set[str]:
        """HR keys of everybody whom the intake names; addresses are looked up in the roster."""
        if self.intake is None:
            return set()
        return self.intake.people | self._keys_of_addresses()

    def _keys_of_addresses(self) -> set[str]:
        assert self.intake is not None  # noqa: S101  (asked only then)
        addresses = {word for word in self.intake.people if "@" in word}
        roster = self.roster
        if not addresses or roster is None or not {"email", "hr_key"} <= set(roster.mapping):
            return set()
        email, key = roster.mapping["email"], roster.mapping["hr_key"]
        rows = roster.table.rows
        return {row.cells[key].strip() for row in rows if row.cells[email].strip().lower() in addresses}


def sources_of(file: ImportFile, *, by_operator: bool = False) -> Sources:
    """The files of an import, read again, with everything chosen for them so far.

    Args:
        file: the roster, or an intake that came by itself.
        by_operator: whether a superuser imports, so that addresses of log-ins follow the file.
    """
    roster = file if file.kind == FileKind.ROSTER else None
    intake = getattr(file, "companion", None) if roster else file
    return Sources(
        roster=_roster(roster) if roster else None,
        intake=_intake(intake) if intake else None,
        cohort=Cohort.objects.select_related("programme").get(pk=intake.cohort_id) if intake else None,
        scope=RosterScope(file.scope),
        moves_addresses=by_operator,
    )


def _roster(file: ImportFile) -> Roster:
    return Roster(table_of(file), file.mapping, file.title_grades)


def _intake(file: ImportFile) -> IntakeTable:
    return IntakeTable(table_of(file), file.mapping)


@dataclass(frozen=True)
class Preview:
    """What an import would do, in both parts, and what a confirmation refers to."""

    sources: Sources
    roster: Plan | None = None
    intake: IntakePlan | None = None

    @property
    def digest(self) -> str:
        parts = [
            plan_digest(self.roster) if self.roster else "",
            intake_digest(self.intake) if self.intake else "",
        ]
        return ".".join(parts)


def lacks_participants(sources: Sources) -> bool:
    """Whether a roster is to keep participants only, while nobody in it takes part and no intake names any."""
    if sources.roster is None or sources.intake is not None or sources.scope == RosterScope.FULL:
        return False
    column = sources.roster.mapping["hr_key"]
    keys = {row.cells[column].strip() for row in sources.roster.table.rows}
    return not Enrolment.objects.filter(person__hr_key__in=keys).exists()


def preview_import(sources: Sources) -> Preview:
    """Plan both parts without writing. Columns have been chosen by then."""
    roster = None
    if sources.roster is not None:
        roster = roster_plan(
            sources.roster,
            scope=sources.scope,
            wanted=sources.wanted,
            moves_addresses=sources.moves_addresses,
        )
        if lacks_participants(sources) and not any(p.code == "nobody_wanted" for p in roster.problems):
            roster.problems.insert(0, Problem(0, "", "nobody_wanted"))
    intake = None
    if sources.intake is not None and sources.cohort is not None:
        intake = intake_plan(sources.intake, sources.cohort, roster)
    return Preview(sources, roster, intake)
