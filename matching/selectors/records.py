"""A run as data for operators: people by their HR key, reasons in bands, the proof without its points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.models import MatchingRun
from matching.selectors.reasons import unmatched_sentences
from programmes.models import Enrolment


def run_record(run: MatchingRun) -> dict[str, Any]:
    """What ``manage.py match --json`` prints.

    Neither score nor bound: two runs that differ by one pair would give a perspective away (decision 31).
    """
    rows = Enrolment.objects.filter(pk__in=run.keys.values()).select_related("person").in_bulk()
    people = {key: rows[pk] for key, pk in run.keys.items() if pk in rows}
    plan = run.result["plan"]
    proof = plan["certificate"]
    return {
        "cohort": run.cohort_id,
        "run": run.number,
        "pairs": [
            {
                "mentor": people[pair["mentor"]].person.hr_key,
                "mentee": people[pair["mentee"]].person.hr_key,
                "pinned": pair["pinned"],
                "bands": run.result["reasons"][f"{pair['mentee']} {pair['mentor']}"]["bands"],
            }
            for pair in plan["pairs"]
            if pair["mentor"] in people and pair["mentee"] in people
        ],
        "unmatched_mentees": _unmatched(run, people, "mentee"),
        "unmatched_mentors": _unmatched(run, people, "mentor"),
        "totals": {
            "matched": run.matched,
            "mentors": run.mentors,
            "mentees": run.mentees,
            "seats": run.seats,
        },
        "certificate": {name: proof[name] for name in ("gap", "engine", "rounds")},
        "input_digest": run.input_digest,
        "tie_seed": run.tie_seed,
    }


def _unmatched(run: MatchingRun, people: Mapping[str, Enrolment], role: str) -> list[dict[str, Any]]:
    return [
        {
            "key": people[key].person.hr_key,
            "code": why["code"],
            "reasons": why["removed"],
            "why": unmatched_sentences(why, str(people[key])),
        }
        for key, why in run.result["unmatched"].items()
        if why["role"] == role and key in people
    ]
