"""After a taster: both decide for themselves whether they go on (S3.37). Neither hears what the other has said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, IllegalTransition, NotAllowed
from matching import emails
from matching.models import TasterChoice
from matching.selectors.tasters import due_questions, first_talks
from matching.services.closing import proposal_is_open
from pairings.choices import STANDING
from pairings.models import Pairing
from pairings.services import end_pairing, settle_taster
from participants.models import Person


@transaction.atomic
def go_on_after_taster(*, pairing: Pairing, by: Person, now: datetime) -> bool:
    """Say that one wants to go on. Saying it twice is saying it once.

    Returns:
        Whether both want to: then the pair is a pair like any other.

    Raises:
        NotAllowed: it is not their pair.
        IllegalTransition: the pair is over.
        DomainError: the first conversation has not taken place.
    """
    found = _locked(pairing, by)
    if not found.is_taster:
        return True
    if found.state not in STANDING:
        raise IllegalTransition(_("This pair has come to its end already."))
    if found.pk not in first_talks({found.pk}):
        raise DomainError(_("First have the one conversation; then you decide."), code="no_talk_yet")
    TasterChoice.objects.get_or_create(pairing=found, person=by)
    if TasterChoice.objects.filter(pairing=found).count() < 2:
        return False
    TasterChoice.objects.filter(pairing=found).delete()
    settle_taster(pairing=found)
    return True


@transaction.atomic
def leave_after_taster(*, pairing: Pairing, by: Person, now: datetime) -> None:
    """Leave it at the taster, without a reason: the pair ends as any pair does (decision 33).

    Raises:
        NotAllowed: it is not their pair.
        IllegalTransition: the two go on already, or the pair was completed.
    """
    found = _locked(pairing, by)
    if not found.is_taster:
        raise IllegalTransition(_("You both chose to go on. You can end the pair on its own page."))
    TasterChoice.objects.filter(pairing=found).delete()
    end_pairing(pairing=found, by=by, now=now)


def ask_after_tasters(*, now: datetime) -> int:
    """Ask both to decide on the working day after their first conversation, and once more a week later.

    Returns:
        How many mails.
    """
    return emails.taster_decide(due=due_questions(now=now), now=now)


def mail_is_valid(*, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]) -> bool:
    """Fills ``outbox.still_valid``: of a proposal while one has not answered, of a taster while one has not chosen."""
    if kind != "taster_decide":
        return proposal_is_open(kind=kind, about=about, valid_while=valid_while)
    pairing_id, person_id = valid_while["pairing"], valid_while["person"]
    stands = Pairing.objects.standing().filter(pk=pairing_id, is_taster=True).exists()
    return stands and not TasterChoice.objects.filter(pairing=pairing_id, person=person_id).exists()


def _locked(pairing: Pairing, by: Person) -> Pairing:
    found: Pairing = Pairing.objects.select_for_update(of=("self",)).with_people().get(pk=pairing.pk)
    if found.role_of(by) is None:
        raise NotAllowed(_("This is not your pair."))
    return found
