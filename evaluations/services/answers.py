"""Handing in answers: once, for good, and without a trace of who wrote which (A-16, A-17, A-22)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, IllegalTransition, NotAllowed
from evaluations.choices import RoundState
from evaluations.engine.instruments import TEXT
from evaluations.models import LedgerEntry, PendingAnswer, Round
from evaluations.selectors.answering import invitation, items_for
from evaluations.services.locking import held
from evaluations.validators import clean_answer
from participants.models import Person
from sealing.choices import ScopeKind
from sealing.services import box_closer, key_of

#: Closed answers have one size per kind of question, whatever was answered, and an empty one is stored too: what
#: lies in the table while the round is open does not even tell who left which question out.
MARK_BYTES: Final = 96
BYTES_PER_SIGN: Final = 4


class NotOpen(DomainError):
    """The round is not open any more, or not yet."""

    code = "not_open"


class InvalidAnswers(DomainError):
    """Something was answered that the question does not offer. ``params["fields"]``: question → message."""

    code = "invalid_answers"


def submit_answers(
    *, round: Round, person: Person, answers: Mapping[str, Any], now: datetime, part: int = 1
) -> bool:
    """Hand in one part of a round, in one transaction: the ledger entry and one closed row per question.

    Args:
        answers: question key → value as the page's form gave it; left out, "" and "can't say" are one and the
            same. Keys that are not asked are refused.
        now: at or after the round's closing time nothing is taken any more.

    Returns:
        True when the answers were taken; False when this part had been handed in before: then nothing changes
        and the page says thank you all the same.

    Raises:
        NotAllowed: this person is not invited, or their role is not asked this part.
        NotOpen: the round is closed.
        InvalidAnswers: a value is not among those offered; nothing was stored.
    """
    with transaction.atomic():
        current = _open(round, now)
        mine = invitation(current, person)
        items = items_for(current, mine["role"], part) if mine else []
        if not items:
            raise NotAllowed(_("You are not invited to this round."))
        values = _cleaned(current, items, answers)
        if not _mark_done(current, person, part):
            return False
        PendingAnswer.objects.bulk_create(_rows(current, items, values, mine))
    return True


def _open(round: Round, now: datetime) -> Round:
    """The round, held against closing until these answers are stored."""
    try:
        current = held(round, RoundState.OPEN)
    except IllegalTransition:
        current = None
    if current is None or now >= current.closes_at:
        raise NotOpen(_("This round is closed. Nothing was stored."))
    return current


def _cleaned(round: Round, items: list[dict[str, Any]], answers: Mapping[str, Any]) -> dict[str, Any]:
    asked = {item["key"]: round.questions["scales"][item["scale"]] for item in items}
    problems: dict[str, list[Any]] = {
        key: [_("This question is not asked here.")] for key in answers if key not in asked
    }
    values = {}
    for key, scale in asked.items():
        try:
            values[key] = clean_answer(scale, answers.get(key))
        except ValidationError as error:
            problems[key] = [str(message) for message in error.messages]
    if problems:
        raise InvalidAnswers(_("Some answers are not among those offered."), fields=problems)
    return values


def _mark_done(round: Round, person: Person, part: int) -> bool:
    """Tick this person's entry; false when it is ticked. The round's lock has let only one of two in."""
    return (
        LedgerEntry.objects.filter(round=round, person=person, part=part, done=False).update(done=True) == 1
    )


def _rows(
    round: Round, items: list[dict[str, Any]], values: Mapping[str, Any], mine: Mapping[str, Any]
) -> list[PendingAnswer]:
    """One closed row per question, in no order."""
    close = box_closer(key=key_of(scope_kind=ScopeKind.ROUND, scope_id=round.pk))
    rows = []
    for item in items:
        length = _length(round.questions["scales"][item["scale"]])
        value = close(json.dumps(values[item["key"]], ensure_ascii=False).encode(), length)
        row = PendingAnswer(
            round=round, question=item["key"], role=mine["at"], department=mine["in"], value=value
        )
        rows.append(row)
    SystemRandom().shuffle(rows)
    return rows


def _length(scale: Mapping[str, Any]) -> int:
    """Bytes for any answer of a scale, spelt as JSON: a sign of a text takes at most four."""
    return scale["max_length"] * BYTES_PER_SIGN + 2 if scale["kind"] == TEXT else MARK_BYTES
