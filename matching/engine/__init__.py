"""The matching engine: people and rules in, the best set of pairs with its proof and its reasons out.

Pure computing with numpy and scipy: no Django, no clock, no files, no randomness. The same input gives the same plan
whatever the order of its rows. ``docs/matching.md`` explains the rules and the method.

    from matching.engine import Person, Policy, Problem, Rules, Weights, EngineError, solve, explain, verify

    plan = solve(Problem(mentors=(...), mentees=(...), policy=Policy(), week=date(2026, 11, 2)))
    for pair in plan.pairs:                        # Pair(mentee, mentor, score, pinned, current)
        ...
    why = explain(problem, plan)                   # stateless: also from a stored problem and plan
    why.pair(mentee_key, mentor_key)               # PairReasons: bands, facts, topics, windows
    why.unmatched(key, role)                       # WhyUnmatched; role "mentor" or "mentee"
    why.why_not(mentee_key, mentor_key)            # WhyNot: forbidding rules, or the exact loss
    why.alternatives(key, role, count=5)           # tuple[WhyNot, ...], the cheapest first
    why.rule_effects()                             # tuple[RuleEffect, ...]
    why.blocking_pairs()                           # int
    why.unjudged_rules()                           # rules that are on and had nothing to judge
    why.losses()                                   # {(mentee key, mentor key): WhyNot} for all allowed pairs
    verify(problem, plan)                          # raises VerificationError; independent of the solver
    input_digest(problem)                          # "sha256:…", whatever the order of rows
    problem_to_json(problem), problem_from_json(data), plan_to_json(plan), plan_from_json(data)   # to be stored

Links are (mentee key, mentor key) wherever they have a direction: ``pins``, ``rejects``, ``current``, ``scores``.
``past`` and ``blocked`` have none. Scores are whole numbers from 0 to 100000.

Rule codes (why a pair is absent): reporting_line, not_available (blocked or behind an information barrier),
grade_direction, grade_distance, grade_unknown, same_team, same_department, language, language_unknown,
availability, availability_unknown, time_zone_unknown, cross_border, country_unknown, past_pair, rejected,
no_capacity, same_person, not_listed; and in ``WhyNot`` also below_floor, pinned_elsewhere.

Why a person has nobody: own_capacity, other_side_empty, ruled_out, seats_short, better_without (and matched for
somebody who has a partner). Criteria: knowledge, perspective (private: no band), distance, logistics, style,
return_gain. Bands: strong, some, none.

Facts: distance: other_department, same_department, department_unknown, other_site, same_site, site_unknown;
style: same_style, other_style, style_unknown; logistics: shared_windows, no_shared_window, hours_unknown;
knowledge and return_gain: gain, no_gain, nothing_wanted; perspective (confidential): offered, not_offered, not_asked.

Error codes (``EngineError.code``, with ``keys`` and ``rules``): duplicate_key, unknown_key, key, capacity, level,
priority, grade, block, time_zone, week, week_missing, weight, rule, policy, score, pin_breaks_rule, pin_rejected,
pin_over_capacity, too_many_people, too_large, json, plan_mismatch, certificate, verification.
"""

from matching.engine.errors import CertificateError, EngineError, VerificationError
from matching.engine.explain import Explanation, explain
from matching.engine.model import Link, Person, Policy, Problem, Rules, Weights
from matching.engine.problem_json import input_digest, problem_from_json, problem_to_json
from matching.engine.result import (
    Certificate,
    CriterionReason,
    Loss,
    Pair,
    PairReasons,
    Plan,
    RuleEffect,
    TopicGain,
    Totals,
    WhyNot,
    WhyUnmatched,
    Window,
    Witness,
)
from matching.engine.result_json import plan_from_json, plan_to_json, result_to_json
from matching.engine.solve import solve
from matching.engine.verify import verify

__all__ = [
    "Certificate",
    "CertificateError",
    "CriterionReason",
    "EngineError",
    "Explanation",
    "Link",
    "Loss",
    "Pair",
    "PairReasons",
    "Person",
    "Plan",
    "Policy",
    "Problem",
    "RuleEffect",
    "Rules",
    "TopicGain",
    "Totals",
    "VerificationError",
    "Weights",
    "WhyNot",
    "WhyUnmatched",
    "Window",
    "Witness",
    "explain",
    "input_digest",
    "plan_from_json",
    "plan_to_json",
    "problem_from_json",
    "problem_to_json",
    "result_to_json",
    "solve",
    "verify",
]
