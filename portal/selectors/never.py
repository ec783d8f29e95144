"""One's own list of people with whom one never wants to be paired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pairings.models import Pairing
from participants.models import NeverWith, Person


@dataclass(frozen=True)
class NeverPage:
    """The author's own rows, and what a search has found.

    Args:
        found: people who are called exactly as asked; None when nothing was asked.
        pairing: a pair that the author has with somebody on the list; it goes on until one of the two ends it.
    """

    rows: Sequence[NeverWith]
    found: Sequence[Person] | None = None
    pairing: Pairing | None = None
    partner: Person | None = None


def never_page(person: Person, found: Sequence[Person] | None = None) -> NeverPage:
    """Two queries, whatever the length of the list."""
    rows = NeverWith.objects.of(person.pk).select_related("other").order_by("other__last_name", "pk")
    listed = list(rows)
    named = {row.other_id for row in listed}
    pairs = Pairing.objects.shown_to(person.pk).with_people()
    pairing = next((pair for pair in pairs if pair.partner_of(person).pk in named), None)
    return NeverPage(
        rows=listed,
        found=None if found is None else [one for one in found if one.pk not in named],
        pairing=pairing,
        partner=pairing.partner_of(person) if pairing else None,
    )
