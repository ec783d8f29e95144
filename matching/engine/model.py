"""What goes in: people, rules, weights and wishes, as frozen data. No ORM row ever comes this far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

#: (mentee key, mentor key)
Link = tuple[str, str]
Fairness = Literal["total", "floor", "concave"]
Coverage = Literal["pairs", "people", "fit"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be matched. What is not known is ``None`` or empty, never a guess.

    Args:
        key: stable and unique on its side; managers are named by the same keys.
        capacity: how many partners at most; 0 takes nobody, and is still explained.
        offers: topic to level, 0 to 5. Also the person's own level on the topics they want (0 where absent).
        wants: topic to priority, 1 to 3; 3 is the highest.
        perspectives_offered: codes of the views a mentor brings.
        perspective_wanted: the view a mentee looks for.
        style: preferred way of learning together.
        languages: working languages, B2 or better.
        site: office or city.
        country: code of the country of work.
        cross_border: willing to work with somebody in another country.
        department, discipline, team: where the person stands in the organisation.
        barrier_groups: groups of information barriers (see ``Rules.barriers``).
        grade: career step, higher is more senior.
        availability: weekly blocks such as ``mon_am`` in the person's own zone (``hours.BLOCK_CODES``).
        time_zone: IANA name of that zone.
        managers: keys upwards, the direct manager first. A part of the chain is enough where the managers are
            people of the problem themselves; circles are allowed and end.
        superiors: keys of others who stand above by a dotted line or by appraisal, in no order (S0.2).
    """

    key: str
    capacity: int = 1
    offers: Mapping[str, int] = field(default_factory=dict)
    wants: Mapping[str, int] = field(default_factory=dict)
    perspectives_offered: tuple[str, ...] = ()
    perspective_wanted: str | None = None
    style: str | None = None
    languages: tuple[str, ...] = ()
    site: str | None = None
    country: str | None = None
    cross_border: bool = False
    department: str | None = None
    discipline: str | None = None
    team: str | None = None
    barrier_groups: tuple[str, ...] = ()
    grade: int | None = None
    availability: tuple[str, ...] = ()
    time_zone: str | None = None
    managers: tuple[str, ...] = ()
    superiors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """Hard rules as data. A pair that breaks one is absent, never badly scored.

    Never together along a reporting line, at any depth and in both directions, and the mentor's grade below the
    mentee's: these two cannot be switched off (decisions 1 and 3).

    Args:
        min_grade_distance: least number of grades between the two, at least 1.
        same_team: nobody from the same team.
        other_department: nobody from the same department (off: it only weighs, as ``distance``).
        language: at least one shared working language.
        availability: at least one shared weekly window.
        min_shared_minutes: what counts as a shared window.
        cross_border: another country only if both said yes.
        past_pairs: nobody who was paired before.
        barriers: pairs of barrier groups whose members never meet; ``("x", "x")`` parts a group from itself.
        assumed_time_zone: the zone of people who have none; ``None`` leaves their hours unknown.
    """

    min_grade_distance: int = 2
    same_team: bool = True
    other_department: bool = False
    language: bool = True
    availability: bool = True
    min_shared_minutes: int = 60
    cross_border: bool = True
    past_pairs: bool = True
    barriers: tuple[tuple[str, str], ...] = ()
    assumed_time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each criterion counts (dossier 2.4). Only the proportions matter; they usually add up to 100."""

    knowledge: float = 40
    perspective: float = 15
    distance: float = 15
    logistics: float = 10
    style: float = 10
    return_gain: float = 10


@dataclass(frozen=True, slots=True)
class Policy:
    """What "best" means for this run.

    Args:
        weights, rules: criteria and hard rules.
        coverage: ``pairs`` makes the most pairs first and then the highest total; ``people`` gives as many
            mentees as possible somebody before anybody gets a second mentor; ``fit`` looks for the highest total
            alone and may leave people out.
        fairness: ``total``; ``floor`` makes the weakest pair as good as it can be without losing coverage;
            ``concave`` lets a gain for a weak pair count for more than the same gain for a strong one.
        load_step: points that the second partner of a mentor costs, the third twice that, and so on.
        stickiness: points that a pair of ``Problem.current`` is worth on top of its score.
        tie_seed: the lottery ticket among equally good plans; published with the run.
        max_gap: points by which a plan may miss the proven bound. The dense method always reaches 0.
        memory_mb: working memory that a run may take.
    """

    weights: Weights = field(default_factory=Weights)
    rules: Rules = field(default_factory=Rules)
    coverage: Coverage = "pairs"
    fairness: Fairness = "total"
    load_step: int = 0
    stickiness: int = 0
    tie_seed: int = 1
    max_gap: int = 0
    memory_mb: int = 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """One cohort to be matched. The order of people and of links never matters.

    Args:
        mentors: the juniors, who lead.
        mentees: the seniors.
        policy: rules, weights and what to aim for.
        pins: pairs that must be in the plan, as (mentee key, mentor key).
        rejects: pairs that a coordinator ruled out, as (mentee key, mentor key).
        current: pairs of the plan that stands, as (mentee key, mentor key); people who left are ignored.
        past: people who were a pair before, either way round; unknown keys are ignored.
        blocked: people who never meet (never-with, conflict, a refused proposal), either way round; unknown keys
            are ignored. They only ever appear as "not available" (decision 31).
        scores: ready scores of the allowed pairs, as (mentee key, mentor key, 0 to 100000); a pair that is not
            listed is not allowed, and rules and weights are not looked at.
        week: any day of the week whose clock changes count for people in different time zones.
    """

    mentors: tuple[Person, ...]
    mentees: tuple[Person, ...]
    policy: Policy = field(default_factory=Policy)
    pins: tuple[Link, ...] = ()
    rejects: tuple[Link, ...] = ()
    current: tuple[Link, ...] = ()
    past: tuple[Link, ...] = ()
    blocked: tuple[Link, ...] = ()
    scores: tuple[tuple[str, str, int], ...] | None = None
    week: date | None = None
