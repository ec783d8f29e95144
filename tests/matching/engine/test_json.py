"""Problems and plans as JSON, and the engine as a program of its own."""

import io
import json
import math
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from matching.engine import (
    EngineError,
    Problem,
    Weights,
    input_digest,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
    solve,
    verify,
)
from matching.engine.__main__ import main
from tests.matching.engine.cohorts import examples, people, random_people, scored

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = {
    "mentors": [{"key": "m1", "capacity": 2}, {"key": "m2"}],
    "mentees": [{"key": "e2", "capacity": 1}, {"key": "e1", "capacity": 1}, {"key": "e3"}],
    "scores": [["e1", "m1", 73400], ["e1", "m2", 0], ["e2", "m1", 5], ["e3", "m2", 0]],
    "pins": [["e1", "m1"]],
    "rejects": [["e2", "m1"]],
    "current": [],
    "policy": {"fairness": "total", "load_step": 0, "stickiness": 0, "tie_seed": 1, "max_gap": 0},
}


def run(text: str | bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "matching.engine"],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | environment,
        check=False,
    )


@examples(30)
@given(people())
def test_a_problem_survives_json(problem: Problem) -> None:
    data = json.loads(json.dumps(problem_to_json(problem)))
    again = problem_from_json(data)
    assert input_digest(again) == input_digest(problem)
    assert solve(again) == solve(problem)


@examples(30)
@given(scored())
def test_a_plan_survives_json(problem: Problem) -> None:
    plan = solve(problem)
    again = plan_from_json(json.loads(json.dumps(plan_to_json(plan))))
    assert again == plan
    verify(problem_from_json(json.loads(json.dumps(problem_to_json(problem)))), again)


def test_the_digest_follows_the_meaning() -> None:
    problem = problem_from_json(EXAMPLE)
    same = replace(
        problem, policy=replace(problem.policy, weights=Weights(knowledge=40.0)), past=(("a", "b"),)
    )
    assert input_digest(same) == input_digest(replace(problem, past=(("b", "a"), ("a", "b"))))
    for changed_ in (
        replace(problem, policy=replace(problem.policy, tie_seed=2)),
        replace(problem, scores=problem.scores[1:]),
        replace(problem, pins=()),
    ):
        assert input_digest(changed_) != input_digest(problem)


def test_what_is_no_stored_plan_is_refused() -> None:
    for data in ({}, {"pairs": [{"mentee": "e1"}]}):
        with pytest.raises(EngineError) as caught:
            plan_from_json(data)
        assert caught.value.code == "json"


def test_the_program_prints_the_plan() -> None:
    done = run(json.dumps(EXAMPLE))
    assert (done.returncode, done.stderr) == (0, b"")
    result = json.loads(done.stdout)
    digest = result.pop("input_digest")
    assert digest.startswith("sha256:")
    assert result == {
        "pairs": [["e1", "m1", 73400], ["e3", "m2", 0]],
        "unmatched_mentees": [
            {"key": "e2", "reasons": {"rejected": 1, "not_listed": 1}, "witness": None},
        ],
        "unmatched_mentors": [],
        "totals": {"matched": 2, "score": 73400},
        "certificate": {"primal": 73400, "bound": 73400, "gap": 0, "engine": "dense", "rounds": 1},
        "tie_seed": 1,
    }
    turned = {name: value[::-1] if isinstance(value, list) else value for name, value in EXAMPLE.items()}
    assert json.loads(run(json.dumps(turned)).stdout) == result | {"input_digest": digest}


def test_the_program_scores_people_itself() -> None:
    person = {"languages": ["en"], "availability": ["mon_am"], "time_zone": "Europe/Berlin"}
    problem = {
        "mentors": [person | {"key": "m1", "grade": 3, "offers": {"gen_ai": 5}}],
        "mentees": [
            person | {"key": "e1", "grade": 6, "wants": {"gen_ai": 3}},
            person | {"key": "e2", "grade": 6, "managers": [], "languages": ["de"]},
        ],
        "policy": {"weights": {"knowledge": 100, "perspective": 0, "distance": 0, "logistics": 0, "style": 0,
                               "return_gain": 0}, "rules": {"min_grade_distance": 3}},
        "week": "2026-11-02",
    }  # fmt: skip
    result = json.loads(run(json.dumps(problem)).stdout)
    assert result["pairs"] == [["e1", "m1", 100_000]]
    assert result["unmatched_mentees"] == [{"key": "e2", "reasons": {"language": 1}, "witness": None}]


def test_other_kernels_and_thread_counts_give_the_same_bytes() -> None:
    text = json.dumps(problem_to_json(random_people(random.Random(6), most=(60, 60))))
    plain = run(text)
    assert json.loads(plain.stdout)["totals"]["matched"] > 5
    for kernel, threads in (("Prescott", "1"), ("Haswell", "2")):
        assert run(text, OPENBLAS_CORETYPE=kernel, OPENBLAS_NUM_THREADS=threads).stdout == plain.stdout


def changed(**changes: object) -> str:
    return json.dumps(EXAMPLE | changes)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "json"),
        ("[]", "json"),
        ("{", "json"),
        ("[" * 100_000, "json"),
        (b"\xff\xfe", "UTF-8"),
        ('{"mentors": [], "mentors": []}', "mentors"),
        (changed(mentor=[]), "'mentor'"),
        (changed(mentors=[{"key": "m1"}, {"key": "m1"}]), "'m1'"),
        (changed(mentors=[{"key": 1}]), "key"),
        (changed(mentors=[{"key": "m1", "capacity": -1}]), "'m1'"),
        (changed(mentors=[{"key": "m1", "capactiy": 1}]), "'capactiy'"),
        (changed(mentors=[{"key": "m1", "languages": "en"}]), "'m1'"),
        (changed(mentors=[{"key": "m1", "cross_border": "no"}]), "'m1'"),
        (changed(mentors=[{"key": "m1", "offers": ["x"]}]), "'m1'"),
        (changed(scores=[["e1", "m1", math.nan]]), "NaN"),
        (changed(scores=[["e1", "m1", 100_001]]), "'e1'"),
        (changed(scores=[["e1", "m1", 1.5]]), "'e1'"),
        (changed(scores=[["e1", "m1"]]), "scores"),
        (changed(pins=[["e1", "m9"]]), "'m9'"),
        (changed(pins=[["e2", "m2"]]), "'e2'"),
        (changed(pins=[["e2", "m1"]]), "'e2'"),
        (changed(policy={"weights": {"knowledge": math.inf}}), "Infinity"),
        (changed(policy={"weights": {"knowledge": "40"}}), "knowledge"),
        (changed(policy={"rules": {"language": 1}}), "language"),
        (changed(policy={"tie_seeed": 1}), "tie_seeed"),
        (changed(week="soon"), "week"),
        (changed(week="9999-12-31"), "week"),
    ],
)
def test_bad_input_ends_with_one_line_and_status_2(
    text: str | bytes, named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main() == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert named in printed.err


def test_the_status_reaches_the_shell() -> None:
    done = run(changed(pins=[["e2", "m1"]]))
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)


def test_the_program_loads_no_django() -> None:
    code = (
        "import sys, matching.engine.__main__\n"
        "print(any(name.split('.')[0] in ('django', 'scipy') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == b"False"
