"""Among equally good plans, the one that the published seed draws: the same on every machine and solver version."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from matching.engine.assign import Assigned, assign
from matching.engine.certificate import Proof
from matching.engine.encode import Ints
from matching.engine.network import EXACT, Network, Slots
from matching.engine.table import Table

Words = npt.NDArray[np.uint64]

_MOST_BITS = 32
_WORD = (1 << 64) - 1


def draw(table: Table, network: Network, proof: Proof, most_cells: int) -> Assigned:
    """The best plan with the highest sum of lots.

    A plan is best exactly when it keeps the prices' complementary slackness: pairs worth more than their prices are
    in, pairs worth less are out, and likewise for places and seats. What is left open is decided by lots.
    """
    slack = network.edge - proof.mentee_prices[:, None] - proof.mentor_prices[None, :]
    open_pairs = (network.edge > 0) & (slack >= 0)
    rows, columns = np.nonzero(open_pairs)
    most = int(min(network.places.sum(), network.seats.sum()))
    bits = _bits(most)
    force = (most + 1) << (bits + 1)
    edge = np.zeros(network.edge.shape, np.int64)
    edge[rows, columns] = lots(table, rows, columns, bits) + 1 + np.where(slack[rows, columns] > 0, force, 0)
    places = _kept(network.place_slots(), proof.mentee_prices, force)
    seats = _kept(network.seat_slots(), proof.mentor_prices, force)
    return assign(edge, places, seats, most_cells)


def lots(table: Table, rows: Ints, columns: Ints, bits: int = _MOST_BITS) -> Ints:
    """A number per pair, drawn from the seed and the two keys; 0 to ``2**bits - 1``."""
    cohort = table.cohort
    seed = np.uint64(cohort.problem.policy.tie_seed & _WORD)
    ours, theirs = _words(cohort.mentees.keys), _words(cohort.mentors.keys)
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


def _words(keys: tuple[str, ...]) -> Words:
    digests = (hashlib.blake2b(key.encode(), digest_size=8).digest() for key in keys)
    return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)


def _mix(words: Words) -> Words:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
