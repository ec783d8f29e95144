"""The goals of a pair and its mentoring agreement, written by the two alone (S0.9, S0.32; dossier 5.4)."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed, Stale
from common.privacy import RETENTION_DAYS
from pairings.models import Agreement, PairGoal, Pairing
from pairings.selectors.pact import Pact, Wording, digest_of, pact_of
from participants.models import Person
from programmes.choices import Role
from sealing.choices import ScopeKind
from sealing.models import ScopeKey
from sealing.services import close_with, create_secret, destroy_key

#: How many goals one side keeps: more are none.
MOST_GOALS: Final = 5


@transaction.atomic
def add_goal(
    *,
    pairing: Pairing,
    by: Person,
    text: str,
    measure: str = "",
    kind: str,
    outcome: str,
    due_on: date | None = None,
    steps_total: int = 4,
) -> PairGoal:
    """Set a goal for oneself; the partner reads it, nobody else does.

    Args:
        text: what is to be reached.
        measure: how one will notice; may be empty.
        kind: ``GoalKind``.
        outcome: ``Dimension``, which of the programme's three it serves (S0.12).
        steps_total: in how many steps.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
        DomainError: "too_many", or no text.
    """
    pairing, side = _held(pairing, by)
    if PairGoal.objects.filter(pairing=pairing, side=side).count() >= MOST_GOALS:
        raise DomainError(_("Five goals are enough. Change or take away one first."), code="too_many")
    return PairGoal.objects.create(
        pairing=pairing,
        author=by,
        side=side,
        kind=kind,
        outcome=outcome,
        closed=_close(pairing, text, measure),
        due_on=due_on,
        steps_total=steps_total,
    )


@transaction.atomic
def change_goal(
    *,
    goal: PairGoal,
    by: Person,
    version: int,
    text: str,
    measure: str = "",
    kind: str,
    outcome: str,
    due_on: date | None = None,
    steps_total: int = 4,
) -> PairGoal:
    """Put a goal of one's own into other words, another day, other steps.

    Raises:
        NotAllowed: it is not theirs.
        Stale: it was changed since the page was opened; nothing is written.
    """
    pairing, found = _held_goal(goal, by)
    if found.version != version:
        raise Stale(
            _("This goal was changed in another window. Look at it, then save again."), current=found.version
        )
    found.kind, found.outcome, found.due_on = kind, outcome, due_on
    found.steps_total, found.steps_done = steps_total, min(found.steps_done, steps_total)
    found.closed = _close(pairing, text, measure)
    found.version += 1
    found.save()
    return found


@transaction.atomic
def set_steps(*, goal: PairGoal, by: Person, done: int) -> PairGoal:
    """Say how many steps are done: the number itself, so that a double click is one step.

    Raises:
        NotAllowed: it is not theirs.
        DomainError: fewer than none or more than there are ("steps").
    """
    _pairing, found = _held_goal(goal, by)
    if not 0 <= done <= found.steps_total:
        raise DomainError(_("This goal has not so many steps."), code="steps")
    if done != found.steps_done:
        found.steps_done = done
        found.version += 1
        found.save(update_fields=["steps_done", "version", "updated_at"])
    return found


@transaction.atomic
def remove_goal(*, goal: PairGoal, by: Person) -> None:
    """Take a goal of one's own away; a second time changes nothing.

    Raises:
        NotAllowed: it is not theirs.
    """
    pairing, side = _held(goal.pairing, by)
    if goal.side != side:
        raise NotAllowed(_("There is no such goal."))
    PairGoal.objects.filter(pairing=pairing, pk=goal.pk).delete()


@transaction.atomic
def accept_agreement(*, pairing: Pairing, by: Person, digest: str, now: datetime) -> Agreement:
    """Accept the mentoring agreement in the words that were on the page (S0.32).

    The first yes keeps the words; the second, to the same words, makes the agreement hold. Where a goal or the
    rhythm has changed in between, the first yes was to other words and does not count any more.

    Args:
        digest: of the words read.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
        Stale: the words have changed since; nothing is accepted.
    """
    pairing, side = _held(pairing, by)
    _key(pairing)
    pact = pact_of(_with_key(pairing.pk))
    if digest_of(pact.wording) != digest:
        raise Stale(_("The agreement has changed since you opened it. Read it once more, then agree."))
    newest = pact.agreements[0] if pact.agreements else None
    if newest is not None and pact.is_today(newest):
        return _say_yes(newest, side, now)
    if pact.waiting is not None:
        return _replace(pact.waiting, pact, side, now)
    return Agreement.objects.create(
        pairing=pairing,
        number=newest.number + 1 if newest else 1,
        closed=_close_wording(pairing, pact.wording),
        **{_yes(side): now},
    )


def _say_yes(agreement: Agreement, side: str, now: datetime) -> Agreement:
    if agreement.accepted_at(side) is None:
        setattr(agreement, _yes(side), now)
        agreement.save(update_fields=[_yes(side), "updated_at"])
    return agreement


def _replace(waiting: Agreement, pact: Pact, side: str, now: datetime) -> Agreement:
    """Newer words take the place of those that one side alone has accepted."""
    waiting.mentor_accepted_at = waiting.mentee_accepted_at = None
    waiting.closed = _close_wording(pact.pairing, pact.wording)
    setattr(waiting, _yes(side), now)
    waiting.save()
    return waiting


def _yes(side: str) -> str:
    return "mentor_accepted_at" if side == Role.MENTOR else "mentee_accepted_at"


def destroy_spent_keys(*, now: datetime) -> int:
    """Forget what opened the words of pairs whose term is over: copies of them elsewhere stay closed too.

    Returns:
        How many keys were destroyed.
    """
    last = now - timedelta(days=RETENTION_DAYS["pair_90"] or 0)
    over = Pairing.objects.filter(ended_at__lte=last).values("pk")
    spent = ScopeKey.objects.filter(scope_kind=ScopeKind.PAIR, scope_id__in=over, destroyed_at=None)
    keys = list(spent.order_by("pk"))
    for key in keys:
        destroy_key(key=key, now=now)
    return len(keys)


# --- under lock ------------------------------------------------------------------------------------------


def _held(pairing: Pairing, by: Person) -> tuple[Pairing, str]:
    """The pair under lock and the side that ``by`` has in it, as far as they have been told that it stands."""
    rows = Pairing.objects.select_for_update(of=("self",)).with_people()
    found: Pairing | None = rows.filter(pk=pairing.pk).first()
    side = found.role_of(by) if found is not None else None
    if found is None or side is None or not Pairing.objects.shown_to(by.pk).filter(pk=found.pk).exists():
        raise NotAllowed(_("There is no such pair."))
    return found, str(side)


def _held_goal(goal: PairGoal, by: Person) -> tuple[Pairing, PairGoal]:
    pairing, side = _held(goal.pairing, by)
    found: PairGoal | None = PairGoal.objects.filter(pairing=pairing, pk=goal.pk, side=side).first()
    if found is None:
        raise NotAllowed(_("There is no such goal."))
    return pairing, found


def _with_key(pk: int) -> Pairing:
    found: Pairing = Pairing.objects.with_people().with_rhythm().with_key().get(pk=pk)
    return found


def _key(pairing: Pairing) -> ScopeKey:
    """The pair's key, made with its first words; the caller holds the pair."""
    key = ScopeKey.objects.filter(scope_kind=ScopeKind.PAIR, scope_id=pairing.pk).first()
    return key or create_secret(scope_kind=ScopeKind.PAIR, scope_id=pairing.pk)


def _close(pairing: Pairing, text: str, measure: str) -> bytes:
    if not text.strip():
        raise DomainError(_("Say in a few words what you want to reach."), code="no_text")
    words = {"text": text.strip(), "measure": measure.strip()}
    return close_with(key=_key(pairing), text=json.dumps(words).encode())


def _close_wording(pairing: Pairing, words: Wording) -> bytes:
    return close_with(key=_key(pairing), text=json.dumps(words).encode())
