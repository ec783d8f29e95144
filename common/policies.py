"""Who may open an address: every view declares it, and a house test refuses one that does not (C-01)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

POLICIES: Final = {
    "public": "anybody, without logging in; shows nothing about a person",
    "link": "whoever holds a single-purpose link from a mail",
    "entrance": "log-in, recovery and log-out; answers alike for known and unknown addresses",
    "person": "any active person who is logged in; only their own data",
    "participant": "a person with an enrolment; only what concerns their own enrolments",
    "coordinator": "a coordinator, limited to their programmes",
    "sponsor": "a sponsor of the programme; its purpose, stages, counts, published results and their own tasks",
    "council": "a works-council member or coordinator of the programme; settings and agreements, nobody's data",
    "contact": "the named contact of a programme; only what was addressed to them",
    "delegate": "who plans dates for a leader; only those dates",
    "operator": "operators and load balancers, from allow-listed addresses",
    "local": "only in local mode; 404 elsewhere",
}


def policy(name: str) -> Callable[[View], View]:
    """Declare the policy of a view. Enforcing it is the view's own access function.

    Raises:
        ValueError: the name is not in ``POLICIES``.
    """
    if name not in POLICIES:
        raise ValueError(f"unknown policy {name!r}")

    def mark(view: View) -> View:
        view.policy_name = name  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(view: Callable[..., Any]) -> str | None:
    """The declared policy of a resolved view, class-based views included."""
    declared = getattr(view, "policy_name", None)
    if declared is None and hasattr(view, "view_class"):
        declared = getattr(view.view_class, "policy_name", None)
    return declared
