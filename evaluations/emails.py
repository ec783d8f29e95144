"""Mails of a round. Each goes to everybody alike, so that none tells who has answered (decision 23)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from evaluations.choices import RoundKind
from evaluations.engine.instruments import minutes_for
from evaluations.models import Round
from evaluations.selectors.answering import MEMBERS
from outbox.choices import OPTIONAL
from outbox.selectors import refusals
from outbox.services import Draft, queue_many
from participants.emails import recipient
from participants.models import Person
from programmes.models import Enrolment

#: Kinds of round whose invitation has words of its own.
OPENINGS: Final = {RoundKind.PULSE: "pulse", RoundKind.FOLLOWUP: "followup"}


def eval_open(*, round: Round, now: datetime) -> int:
    """Your view is wanted: how many minutes, until when, who sees what. To everybody invited.

    A pulse and a follow-up have words of their own (dossier 5.5).
    """
    kind = OPENINGS.get(RoundKind(round.kind), "eval_open")
    return queue_many(_to(kind, round, _invited(round), expires_at=round.closes_at), now=now)


def eval_reminder(*, round: Round, now: datetime) -> int:
    """Still open; ignore this if you have answered. To everybody invited, once."""
    people = _invited(round)
    if round.kind == RoundKind.FOLLOWUP:  # who wants no such question is not reminded of it either
        people -= {pk for pk, choice in refusals(people) if choice == OPTIONAL["followup"]}
    drafts = _to("eval_reminder", round, people, expires_at=round.closes_at, priority=9)
    return queue_many(drafts, now=now)


def eval_results(*, round: Round, now: datetime) -> int:
    """What was said, and what changes because of it. To everybody in the cohort."""
    members = Enrolment.objects.filter(cohort_id=round.cohort_id, state__in=MEMBERS)
    people = {*_invited(round), *members.values_list("person_id", flat=True)}
    return queue_many(_to("eval_results", round, people), now=now)


def sponsor_report(*, round: Round, now: datetime) -> int:
    """Results are published: to the sponsors, who find them on their page. To nobody twice."""
    programme = round.cohort.programme
    drafts = []
    for row in programme.sponsors.select_related("person").order_by("pk"):
        to = recipient(row.person)
        if to is not None:
            drafts.append(
                Draft(
                    kind="sponsor_report",
                    key=f"sponsor_report:round:{round.pk}:{row.person_id}",
                    to=to,
                    context={"is_round": True, "programme_id": programme.pk},
                    programme_id=programme.pk,
                    sender_name=programme.sender_name,
                    about=("round", round.pk),
                )
            )
    return queue_many(drafts, now=now)


def _invited(round: Round) -> set[int]:
    return {one["person"] for one in round.audience}


def _to(
    kind: str, round: Round, people: Iterable[int], *, expires_at: datetime | None = None, priority: int = 5
) -> Iterator[Draft]:
    programme = round.cohort.programme
    roles = {one["person"]: one["role"] for one in round.audience}
    reached = Enrolment.objects.reachable().filter(cohort=round.cohort, person__in=people)
    for person in Person.objects.filter(pk__in=reached.values("person_id")).order_by("pk"):
        to = recipient(person)
        if to is not None:
            yield Draft(
                kind=kind,
                key=f"{kind}:{round.pk}:{person.pk}",
                to=to,
                context=_context(round, roles.get(person.pk, "")),
                programme_id=programme.pk,
                sender_name=programme.sender_name,
                about=("round", round.pk),
                expires_at=expires_at,
                priority=priority,
            )


def _context(round: Round, role: str) -> dict[str, Any]:
    return {
        "round_id": round.pk,
        "minutes": minutes_for(round.questions, role),
        "closes_at": round.closes_at.isoformat(),
        "k": round.k,
        "comment_k": round.comment_k,
        "totals_only": round.is_totals_only,
    }
