"""Among equally good plans, the one that the published seed draws: the same on every machine and solver version."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matching.engine.certificate import Proof
from matching.engine.encode import Cohort, Ints
from matching.engine.network import EXACT, Capacities, Chosen, Edges, Network, Slots
from matching.engine.sparse import assign_among

Words = npt.NDArray[np.uint64]

_MOST_BITS = 32
_WORD = (1 << 64) - 1


def draw(cohort: Cohort, capacities: Capacities, proof: Proof, tight: Edges) -> Chosen:
    """The best plan with the highest sum of lots.

    A plan is best exactly when it keeps the prices' complementary slackness: pairs worth more than their prices are
    in, pairs worth less are out, and likewise for places and seats. What is left open is decided by lots.

    Args:
        tight: every pair that is worth its prices or more; ``worth`` is what it is worth beyond them.
    """
    most = int(min(capacities.places.sum(), capacities.seats.sum()))
    bits = _bits(most)
    force = (most + 1) << (bits + 1)
    drawn = lots(cohort, tight.rows, tight.columns, bits) + 1 + np.where(tight.worth > 0, force, 0)
    places = _kept(capacities.place_slots, proof.mentee_prices, force)
    seats = _kept(capacities.seat_slots, proof.mentor_prices, force)
    settled, rest = _settled(Edges(tight.rows, tight.columns, drawn), places, seats)
    found = [settled]
    if rest.rows.size:
        found.append(assign_among(rest, _without(places, settled.rows), _without(seats, settled.columns)))
    rows, columns = (
        np.concatenate([part.rows for part in found]),
        np.concatenate([part.columns for part in found]),
    )
    order = np.lexsort((columns, rows))
    return Chosen(rows[order], columns[order])


def _settled(edges: Edges, places: Slots, seats: Slots) -> tuple[Chosen, Edges]:
    """What follows without any choice: whoever must have somebody and has one possible partner left, again and
    again; and the pairs that stay open. Mostly nothing stays."""
    height, width = int(edges.rows.max(initial=-1)) + 1, int(edges.columns.max(initial=-1)) + 1
    single = np.bincount(places.owner, minlength=height)[:height] == 1
    must = (np.bincount(places.owner, places.bonus > 0, height)[:height] > 0) & single
    free = np.bincount(seats.owner, minlength=width)[:width]
    open_pairs, made = np.arange(edges.rows.size), np.zeros(edges.rows.size, bool)
    while True:
        rows = edges.rows[open_pairs]
        follows = open_pairs[must[rows] & (np.bincount(rows, minlength=height)[rows] == 1)]
        if not follows.size:
            break
        made[follows] = True
        must[edges.rows[follows]] = False
        free -= np.bincount(edges.columns[follows], minlength=width)
        open_pairs = open_pairs[~made[open_pairs] & (free[edges.columns[open_pairs]] > 0)]
    rest = Edges(edges.rows[open_pairs], edges.columns[open_pairs], edges.worth[open_pairs])
    return Chosen(edges.rows[made], edges.columns[made]), rest


def _without(slots: Slots, used: Ints) -> Slots:
    """Slots that are left once the first ones of some owners are used; those that must be filled come first."""
    first = np.searchsorted(slots.owner, slots.owner)
    rank = np.arange(slots.owner.size) - first
    times = np.bincount(used, minlength=int(slots.owner.max(initial=0)) + 1)
    kept = rank >= times[slots.owner]
    return Slots(slots.owner[kept], slots.bonus[kept])


def tight_edges(network: Network, proof: Proof) -> Edges:
    """Pairs that are worth their prices or more, and what is left over."""
    left = network.left(proof.mentee_prices, proof.mentor_prices)
    columns, rows = np.nonzero((left >= 0).T)
    real = network.at(rows, columns) > 0
    rows, columns = rows[real], columns[real]
    return Edges(rows, columns, left[rows, columns])


def lots(cohort: Cohort, rows: Ints, columns: Ints, bits: int = _MOST_BITS) -> Ints:
    """A number per pair, drawn from the seed and the two keys; 0 to ``2**bits - 1``."""
    seed = np.uint64(cohort.problem.policy.tie_seed & _WORD)
    ours, theirs = cohort.mentees.words, cohort.mentors.words
    mixed = _mix(_mix(_mix(ours ^ seed)[rows]) ^ theirs[columns])
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def _bits(most: int) -> int:
    """As many bits as leave the sum of all lots and forces exact in float64."""
    return max(1, min(_MOST_BITS, EXACT.bit_length() - 2 - (16 * (most + 1) ** 2).bit_length()))


def _kept(slots: Slots, prices: Ints, force: int) -> Slots:
    """Slots that a best plan may fill; those it must fill carry a bonus above all lots."""
    value = prices[slots.owner] + slots.bonus
    kept = value >= 0
    return Slots(slots.owner[kept], np.where(value[kept] > 0, force, 0))


def _mix(words: Words) -> Words:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
