"""Mails of a round. Each goes to everybody alike, so that none tells who has answered (decision 23)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from evaluations.engine.instruments import minutes_for
from evaluations.models import Round
from evaluations.selectors.answering import MEMBERS
from outbox.services import Draft, queue_many
from participants.emails import recipient
from participants.models import Person
from programmes.models import Enrolment


def eval_open(*, round: Round, now: datetime) -> int:
    """Your view is wanted: how many minutes, until when, who sees what. To everybody invited."""
    return queue_many(_to("eval_open", round, _invited(round), expires_at=round.closes_at), now=now)


def eval_reminder(*, round: Round, now: datetime) -> int:
    """Still open; ignore this if you have answered. To everybody invited, once."""
    drafts = _to("eval_reminder", round, _invited(round), expires_at=round.closes_at, priority=9)
    return queue_many(drafts, now=now)


def eval_results(*, round: Round, now: datetime) -> int:
    """What was said, and what changes because of it. To everybody in the cohort."""
    members = Enrolment.objects.filter(cohort_id=round.cohort_id, state__in=MEMBERS)
    people = {*_invited(round), *members.values_list("person_id", flat=True)}
    return queue_many(_to("eval_results", round, people), now=now)


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
