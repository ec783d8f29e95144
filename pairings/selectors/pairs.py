"""Reads about pairs that need more than one model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pairings.models import Pairing
from participants.selectors import AtStake, Forecast
from programmes.choices import Owner, Stage
from programmes.models import Cohort, Enrolment
from programmes.selectors import Gate

#: How many of the mentees have a confirmed pair before a cohort prepares, in per cent (dossier 2.1).
PAIRED_SHARE: Final = 95


def standing_counts(enrolment_ids: Collection[int]) -> Mapping[int, int]:
    """How many partners each enrolment has now, paused pairs included: a paused pair keeps its seat."""
    sides = Pairing.objects.standing().values_list("mentor_id", "mentee_id")
    counts = Counter(
        side
        for pair in sides.filter(mentor_id__in=enrolment_ids) | sides.filter(mentee_id__in=enrolment_ids)
        for side in pair
    )
    return {pk: counts[pk] for pk in enrolment_ids}


def standing_states(enrolment: Enrolment) -> set[str]:
    """The states of the pairs that this enrolment has now."""
    own = Pairing.objects.standing()
    return set((own.filter(mentor=enrolment) | own.filter(mentee=enrolment)).values_list("state", flat=True))


def pairing_gates(*, cohort: Cohort, to: str) -> list[Gate]:
    """Fills ``programmes.stage_gates``: nearly every mentee has a pair before preparing, none stands at the end."""
    standing = Pairing.objects.standing().filter(cohort=cohort)
    if to == Stage.PREPARING:
        mentees = Enrolment.objects.mentees().taking_part().filter(cohort=cohort)
        total = mentees.count()
        paired = mentees.filter(pk__in=standing.values("mentee_id")).count()
        is_met = paired > 0 and paired * 100 >= PAIRED_SHARE * total
        text = _("95 of 100 mentees have a pair to which both said yes.")
        return [_gate("pairs", text, is_met, _so_far(paired, total), "admin:matching_proposal_changelist")]
    if to == Stage.CLOSED:
        left = standing.count()
        note = ngettext("%(n)s pair stands", "%(n)s pairs stand", left) % {"n": left} if left else ""
        text = _("Every pair is completed or has ended.")
        return [_gate("pairs_done", text, not left, note, "admin:pairings_pairing_changelist")]
    return []


def _gate(code: str, text: str | Promise, is_met: bool, note: str, page: str) -> Gate:
    return Gate(code, text, is_met, Owner.PAIRS, note, reverse(page))


def _so_far(part: int, whole: int) -> str:
    return gettext("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def pairs_in_forecast(*, forecast: Forecast, user: Any) -> AtStake:
    """Fills ``participants.pairs_at_stake``: running pairs that an import would part, named within one's scope."""
    running = Pairing.objects.running().with_people().order_by("mentor__person__last_name", "pk")
    two = {pairing.pk: (pairing.mentor.person_id, pairing.mentee.person_id) for pairing in running}
    causes = forecast.apart(set(two.values()))
    broken = [pairing for pairing in running if two[pairing.pk] in causes]
    mine = set(
        Pairing.objects.visible_to(user).filter(pk__in=[p.pk for p in broken]).values_list("pk", flat=True)
    )
    named = [(str(pairing), str(causes[two[pairing.pk]].label)) for pairing in broken if pairing.pk in mine]
    return AtStake(named=named, others=len(broken) - len(named))
