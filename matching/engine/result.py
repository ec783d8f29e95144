"""What comes out: a plan with its proof, and reasons as codes and numbers. The words live with the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of the plan; pinned and current say where it comes from.

    ``score`` is 0 to 100000. CONFIDENTIAL like ``PairReasons.terms``: pages show bands.
    """

    mentee: str
    mentor: str
    score: int
    pinned: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of a plan.

    Args:
        matched: number of pairs (decision 31).
        people: mentees with at least one mentor.
        score: sum of the pairs' scores.
        value: what was maximised after coverage: scores (bent by ``concave``), stickiness, load.
        weakest: lowest score of a pair, ``None`` without pairs.
        floor: what every pair outside the pins had to reach, ``None`` unless fairness is ``floor``.
        idle_mentors: mentors with capacity and without a pair.
        allowed: number of pairs that break no rule.
    """

    matched: int
    people: int
    score: int
    value: int
    weakest: int | None
    floor: int | None
    idle_mentors: int
    allowed: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proof that no plan covers more, or as much and is worth more (duality, whole numbers).

    Args:
        primal: value of the plan, in points.
        bound: value that no plan with this coverage can exceed, in points.
        gap: ``bound - primal``; 0 proves coverage and value alike.
        engine: the method that found the plan.
        rounds: how often the assignment was solved for the final value.
        mentee_prices, mentor_prices: the dual prices behind the bound, in the scale of the proof.
    """

    primal: int
    bound: int
    gap: int
    engine: str
    rounds: int
    mentee_prices: Mapping[str, int]
    mentor_prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """The best set of pairs, sorted by mentee and mentor key, and who has nobody."""

    pairs: tuple[Pair, ...]
    unmatched_mentees: tuple[str, ...]
    unmatched_mentors: tuple[str, ...]
    totals: Totals
    certificate: Certificate
    input_digest: str
    tie_seed: int


@dataclass(frozen=True, slots=True)
class TopicGain:
    """What one side can learn from the other on one topic; ``gain`` is priority times the levels between."""

    topic: str
    priority: int
    learner_level: int
    teacher_level: int
    gain: int


@dataclass(frozen=True, slots=True)
class Window:
    """Two weekly blocks that overlap, each in its owner's zone."""

    mentee_block: str
    mentor_block: str
    minutes: int


@dataclass(frozen=True, slots=True)
class CriterionReason:
    """How a pair does on one criterion.

    Args:
        criterion: its code.
        band: ``strong``, ``some`` or ``none``; ``None`` for a private criterion, which has no band.
        facts: codes of what is the case, for instance ``other_department`` or ``site_unknown``.
    """

    criterion: str
    band: str | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairReasons:
    """Why these two, as data.

    Args:
        score: sum of ``terms``; ``None`` where the pair's score was given and not computed.
        terms: exact points per criterion. CONFIDENTIAL: a perspective can be read off by subtraction
            (decision 31); pages show bands.
        most: what each criterion could contribute at best.
        criteria: bands and facts per criterion, in the order of ``codes.CRITERIA``.
        learns: what the mentee can learn, most first. ``gives_back``: the other direction.
        windows: shared weekly windows. ``languages``: shared ones. ``grade_distance``: mentee minus mentor.
    """

    mentee: str
    mentor: str
    score: int | None
    terms: Mapping[str, int]
    most: Mapping[str, int]
    criteria: tuple[CriterionReason, ...]
    learns: tuple[TopicGain, ...]
    gives_back: tuple[TopicGain, ...]
    windows: tuple[Window, ...]
    languages: tuple[str, ...]
    grade_distance: int | None


@dataclass(frozen=True, slots=True)
class Witness:
    """Why seats are short: these people have no allowed partner outside ``others``, whose seats are all taken.

    Args:
        people: keys on the side of the one left out, themselves included.
        others: keys on the other side. ``seats``: how many partners those can take in all.
        left_out: those of ``people`` who have nobody.
    """

    people: tuple[str, ...]
    others: tuple[str, ...]
    seats: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyUnmatched:
    """Why somebody has nobody.

    Args:
        code: ``own_capacity``, ``other_side_empty``, ``ruled_out``, ``seats_short``, ``better_without``, or
            ``matched`` for somebody who does have a partner.
        candidates: people on the other side. ``allowed``: those whom no rule removes.
        removed: rule to number of candidates that it removes; a candidate counts under every rule that does.
        only: rule to number of candidates that it alone removes.
        opens: (rule, candidates) a coordinator could gain by loosening that one rule or by entering the one
            missing fact, most first. Rules that protect people are never listed.
        witness: who competes for which seats, where candidates exist and seats are short.
    """

    key: str
    role: str
    code: str
    candidates: int
    allowed: int
    removed: Mapping[str, int]
    only: Mapping[str, int]
    opens: tuple[tuple[str, int], ...]
    witness: Witness | None


@dataclass(frozen=True, slots=True)
class Loss:
    """What the whole plan loses: mentees with somebody, pairs, and points of ``Totals.value``.

    ``people`` is counted with coverage ``people`` only. Points may be negative where a pair is lost. Show points as a
    share of the total, not as a figure (decision 31).
    """

    people: int
    pairs: int
    points: int


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What it would take to have this pair.

    Args:
        chosen: it is in the plan.
        reasons: codes that forbid it (rules, ``below_floor``, ``pinned_elsewhere``); empty where it is allowed.
        score: its score, ``None`` where it has none.
        loss: exactly what the best plan with this pair loses, ``None`` where it is forbidden.
    """

    mentee: str
    mentor: str
    chosen: bool
    reasons: tuple[str, ...]
    score: int | None
    loss: Loss | None


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What the run would be without one rule.

    Args:
        rule: its code, one of ``codes.RELAXABLE``.
        opened: pairs that only this rule removes.
        pairs: change in the number of pairs.
        mean_before, mean_after: mean score of a pair, rounded; ``None`` without pairs.
        mean_change: change of the mean in per mille, rounded; ``None`` where either is missing or 0.
        links: the pairs that there would be, as (mentee key, mentor key).
    """

    rule: str
    opened: int
    pairs: int
    mean_before: int | None
    mean_after: int | None
    mean_change: int | None
    links: tuple[tuple[str, str], ...] = ()
