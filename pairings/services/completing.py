"""The good end: a pair has gone its way to the end of the cohort."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import IllegalTransition
from pairings.choices import PAIRING_TRANSITIONS, PairingState
from pairings.models import Pairing, Pause
from pairings.selectors import standing_states
from pairings.services.ending import pairing_ended
from pairings.services.enrolments import lock_enrolments, settle, settle_holds
from participants.models import Person
from programmes.choices import TAKING_PART, EnrolmentState


@transaction.atomic
def complete_pairing(*, pairing: Pairing, by: Person | None, now: datetime) -> Pairing:
    """Close a pair that has met to the end of its cohort. Completing it twice changes nothing.

    A person whose last pair this was has completed the cohort too.

    Raises:
        IllegalTransition: the pair never met, or is over.
    """
    found: Pairing = Pairing.objects.select_for_update(of=("self",)).with_people().get(pk=pairing.pk)
    if found.state == PairingState.COMPLETED:
        return found
    if PairingState.COMPLETED not in PAIRING_TRANSITIONS[found.state]:
        raise IllegalTransition(_("Only a pair that meets can be completed."))
    Pause.objects.open().filter(pairing=found).update(ended_at=now)
    found.state, found.ended_at = PairingState.COMPLETED, now
    found.version += 1
    found.save()
    settle_holds(found, now)
    for enrolment in lock_enrolments(found.mentor, found.mentee):
        if enrolment.state in TAKING_PART and not standing_states(enrolment):
            enrolment.state = EnrolmentState.COMPLETED
            enrolment.save(update_fields=["state", "updated_at"])
        else:
            settle(enrolment)
    pairing_ended(pairing=found, now=now)
    return found
