"""Pairs that a change of lines or barriers has made impossible: they pause, and a coordinator looks (A-29)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pairings.choices import RUNNING
from pairings.models import Hold, Pairing
from pairings.services.pausing import pause_pairing
from participants.selectors import apart_among
from participants.services import Stopped


@transaction.atomic
def hold_broken_pairs(*, person_ids: frozenset[int], now: datetime) -> Stopped:
    """Fills ``participants.lines_changed``: pairs whose two people are kept apart now pause until somebody looks.

    A line moves for everybody below, so every standing pair is looked at, not only those of the people who moved.
    Both of the two read the words of any pause; a pair that waits for a coordinator already is left as it is.
    """
    pairs = {
        pk: (mentor, mentee)
        for pk, mentor, mentee in Pairing.objects.standing().values_list(
            "pk", "mentor__person_id", "mentee__person_id"
        )
    }
    causes = apart_among(set(pairs.values()))
    broken = {pk: causes[two] for pk, two in pairs.items() if two in causes}
    # Held before they are judged: one that ends or pauses at this moment must not stop a whole import.
    rows = Pairing.objects.standing().filter(pk__in=broken.keys()).order_by("pk")
    standing = list(rows.select_for_update(of=("self",)))
    waiting = set(Hold.objects.open().filter(pairing__in=standing).values_list("pairing_id", flat=True))
    found = 0
    for pairing in standing:
        if pairing.pk in waiting:
            continue
        Hold.objects.create(pairing=pairing, cause=broken[pairing.pk], found_at=now)
        if pairing.state in RUNNING:
            pause_pairing(pairing=pairing, by=None, now=now)
        found += 1
    return Stopped(pairs=found)
