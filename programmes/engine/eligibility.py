"""Who may sign up for which role: grades and departments, never birth date or time in the company (S2b.3, S3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

#: The scale of grades begins here; nobody stands below.
LOWEST = 1


@dataclass(frozen=True)
class Rule:
    """What is asked of whoever signs up: the charter's terms, as far as the call narrows them.

    Args:
        distance: grades that must lie between mentor and mentee (decision 1).
        mentor_to, mentor_from: highest and lowest grade of a mentor, None for any.
        mentee_from, mentee_to: the same of a mentee.
        departments: only these, in either role; empty for all.
        mentor_departments, mentee_departments: only these in this role.
        scope, scope_name: "department" or "team" and which, where the programme is for that one alone.
    """

    distance: int
    mentor_to: int | None = None
    mentee_from: int | None = None
    departments: Sequence[str] = ()
    mentor_from: int | None = None
    mentee_to: int | None = None
    mentor_departments: Sequence[str] = ()
    mentee_departments: Sequence[str] = ()
    scope: str = "organisation"
    scope_name: str = ""

    def is_for(self, department: str, team: str) -> bool:
        """Whether it is for people of this place at all."""
        place = {"department": department, "team": team}.get(self.scope)
        is_meant = place is None or place.casefold() == self.scope_name.casefold()
        return is_meant and (not self.departments or department in self.departments)


def obstacle(role: str, *, grade: int | None, department: str, rule: Rule, team: str = "") -> str:
    """Why somebody cannot take this role, as a short stable code; "" when they can.

    A grade that nobody knows yet stands in nobody's way: a coordinator looks at it before accepting.
    """
    if not rule.is_for(department, team):
        return "department"
    departments = rule.mentor_departments if role == "mentor" else rule.mentee_departments
    if departments and department not in departments:
        return "role_department"
    return "" if grade is None else _by_grade(role, grade, rule)


def _by_grade(role: str, grade: int, rule: Rule) -> str:
    if role == "mentor":
        if rule.mentor_to is not None and grade > rule.mentor_to:
            return "too_senior"
        return "mentor_above" if rule.mentor_from is not None and grade < rule.mentor_from else ""
    if grade - rule.distance < LOWEST:
        return "nobody_below"
    if rule.mentee_to is not None and grade > rule.mentee_to:
        return "mentee_below"
    return "too_junior" if rule.mentee_from is not None and grade < rule.mentee_from else ""


def usual_role(*, grade: int | None, rule: Rule, highest: int | None) -> str:
    """The role that people of this grade usually take; "" where nothing points to one.

    Args:
        highest: the highest grade known in the company; the lower half of the scale teaches.
    """
    if grade is None:
        return ""
    anywhere = replace(
        rule, departments=(), mentor_departments=(), mentee_departments=(), scope="organisation"
    )
    free = [
        role for role in ("mentor", "mentee") if not obstacle(role, grade=grade, department="", rule=anywhere)
    ]
    if len(free) < 2 or highest is None:
        return free[0] if len(free) == 1 else ""
    return "mentor" if grade + rule.distance <= highest and grade * 2 <= highest + LOWEST else "mentee"
