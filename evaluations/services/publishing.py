"""Figures are computed once, from sealed answers, and never again (A-06); publishing shows them to everybody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from evaluations import emails
from evaluations.choices import RoundState
from evaluations.engine.release import VIEWS, Answers, Earlier, comments, members, trends, view
from evaluations.models import Round, SealedAnswer, Snapshot
from evaluations.selectors.participation import counted_people
from evaluations.services.locking import held
from participants.models import Person


def freeze_results(*, round: Round) -> Snapshot:
    """Compute a sealed round's figures, once; a second call returns what the first one made.

    Raises:
        DomainError: the round is not sealed yet.
    """
    with transaction.atomic():
        current = held(round, RoundState.CLOSED, RoundState.PUBLISHED)
        made = Snapshot.objects.filter(round=current).first()
        if made is not None:
            return made
        if current.sealed_at is None:
            raise DomainError(
                _("The answers are still being sealed. Try again in a minute."), code="unsealed"
            )
        content = _content(current)
        return Snapshot.objects.create(round=current, content=content, digest=digest(content))


def digest(content: Any) -> str:
    """SHA-256 of the figures in one canonical spelling."""
    spelt = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelt.encode()).hexdigest()


def _content(round: Round) -> dict[str, Any]:
    answers = _answers(round)
    answered = max((sum(by_role.values()) for by_role in round.respondents.values()), default=0)
    counted = len(counted_people(round))
    words = comments(round.questions, answers, round.respondents, round.comment_k)
    return {
        "invited": counted,
        "answered": min(answered, counted) if answered >= round.k else None,
        "comments": {} if round.is_totals_only else _shuffled(words),
        "views": {reader: _view(round, answers, reader) for reader in VIEWS},
    }


def _view(round: Round, answers: Answers, reader: str) -> dict[str, Any]:
    atoms = {(one["at"], one["in"]) for one in round.audience}
    made = view(round.questions, answers, atoms, round.k, reader)
    before = list(_earlier(round, reader))
    return {**made, "trends": trends(made, members(round.audience), before, round.k)}


def _answers(round: Round) -> Answers:
    found = Answers()
    rows = SealedAnswer.objects.filter(round=round).values_list("question", "role", "department", "value")
    for question, role, department, value in rows.order_by("pk"):
        found.add(question, (role, department), value)
    return found


def _shuffled(texts: dict[str, list[str]]) -> dict[str, list[str]]:
    """Each question's comments in an order of their own, fixed from here on (A-23)."""
    for of_question in texts.values():
        SystemRandom().shuffle(of_question)
    return texts


def _earlier(round: Round, reader: str) -> Iterable[Earlier]:
    """The cohort's earlier figures, newest first."""
    rows = Snapshot.objects.filter(round__cohort_id=round.cohort_id, round__closed_at__lt=round.closed_at)
    for row in rows.select_related("round").order_by("-round__closed_at"):
        yield Earlier(row.round_id, row.content["views"][reader], members(row.round.audience))


def publish_round(*, round: Round, changes: str, now: datetime, by: Person | None = None) -> Round:
    """Show a closed round's figures to everybody in the cohort and tell them by mail.

    Args:
        changes: what the programme changes because of what was said; it stands above the figures (S0.39).

    Raises:
        IllegalTransition: the round is not closed, or published already.
        DomainError: ``unsealed``, or ``no_changes`` when nothing is said about what follows.
    """
    if not changes.strip():
        raise DomainError(_("Say what you change, or why you change nothing."), code="no_changes")
    with transaction.atomic():
        current = held(round, RoundState.CLOSED)
        freeze_results(round=current)
        current.state, current.published_at, current.changes = RoundState.PUBLISHED, now, changes.strip()
        current.save(update_fields=["state", "published_at", "changes", "updated_at"])
        emails.eval_results(round=current, now=now)
        emails.sponsor_report(round=current, now=now)
    return current
