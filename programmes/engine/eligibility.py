"""Who may sign up for which role: grades and departments, never birth date or time in the company (S2b.3, S3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: The scale of grades begins here; nobody stands below.
LOWEST = 1


@dataclass(frozen=True)
class Rule:
    """What a call asks for.

    Args:
        distance: grades that must lie between mentor and mentee (decision 1).
        mentor_to: highest grade of a mentor, None for any.
        mentee_from: lowest grade of a mentee, None for any.
        departments: only these; empty for all.
    """

    distance: int
    mentor_to: int | None = None
    mentee_from: int | None = None
    departments: Sequence[str] = ()


def obstacle(role: str, *, grade: int | None, department: str, rule: Rule) -> str:
    """Why somebody cannot take this role: "department", "too_senior", "too_junior", "nobody_below"; or "".

    A grade that nobody knows yet stands in nobody's way: a coordinator looks at it before accepting.
    """
    if rule.departments and department not in rule.departments:
        return "department"
    if grade is None:
        return ""
    if role == "mentor":
        return "too_senior" if rule.mentor_to is not None and grade > rule.mentor_to else ""
    if grade - rule.distance < LOWEST:
        return "nobody_below"
    return "too_junior" if rule.mentee_from is not None and grade < rule.mentee_from else ""


def usual_role(*, grade: int | None, rule: Rule, highest: int | None) -> str:
    """The role that people of this grade usually take; "" where nothing points to one.

    Args:
        highest: the highest grade known in the company; the lower half of the scale teaches.
    """
    if grade is None:
        return ""
    free = [
        role
        for role in ("mentor", "mentee")
        if not obstacle(role, grade=grade, department="", rule=_any(rule))
    ]
    if len(free) < 2 or highest is None:
        return free[0] if len(free) == 1 else ""
    return "mentor" if grade + rule.distance <= highest and grade * 2 <= highest + LOWEST else "mentee"


def _any(rule: Rule) -> Rule:
    return Rule(rule.distance, rule.mentor_to, rule.mentee_from)
