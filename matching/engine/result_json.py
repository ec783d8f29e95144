"""A plan as JSON: whole, to be stored and read back; or in the short form of ``python -m matching.engine``."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from matching.engine.errors import EngineError
from matching.engine.explain import explain
from matching.engine.model import Problem
from matching.engine.problem_json import Json
from matching.engine.result import Certificate, Pair, Plan, Totals, WhyUnmatched


def plan_to_json(plan: Plan) -> Json:
    """Everything that ``plan_from_json`` needs to give the same plan back."""
    return asdict(plan)


def plan_from_json(data: Json) -> Plan:
    """A stored plan.

    Raises:
        EngineError: ``json`` when it was not written by ``plan_to_json``.
    """
    try:
        return Plan(
            pairs=tuple(Pair(**pair) for pair in data["pairs"]),
            unmatched_mentees=tuple(data["unmatched_mentees"]),
            unmatched_mentors=tuple(data["unmatched_mentors"]),
            totals=Totals(**data["totals"]),
            certificate=Certificate(**data["certificate"]),
            input_digest=data["input_digest"],
            tie_seed=data["tie_seed"],
        )
    except (KeyError, TypeError) as error:
        raise EngineError("json", f"this is no stored plan: {' '.join(str(error).split())}") from None


def result_to_json(problem: Problem, plan: Plan) -> Json:
    """What ``python -m matching.engine`` prints: pairs, who has nobody and why, totals and proof."""
    why = explain(problem, plan)
    proof = ("primal", "bound", "gap", "engine", "rounds")
    return {
        "pairs": [[pair.mentee, pair.mentor, pair.score] for pair in plan.pairs],
        "unmatched_mentees": [_unmatched(why.unmatched(key, "mentee")) for key in plan.unmatched_mentees],
        "unmatched_mentors": [_unmatched(why.unmatched(key, "mentor")) for key in plan.unmatched_mentors],
        "totals": {"matched": plan.totals.matched, "score": plan.totals.score},
        "certificate": {name: getattr(plan.certificate, name) for name in proof},
        "input_digest": plan.input_digest,
        "tie_seed": plan.tie_seed,
    }


def _unmatched(why: WhyUnmatched) -> Json:
    witness: dict[str, Any] | None = None
    if why.witness is not None:
        witness = {item.name: getattr(why.witness, item.name) for item in fields(why.witness)}
    return {"key": why.key, "reasons": dict(why.removed), "witness": witness}
