"""``mentor-match`` beside us, in virtual environments of its own: both packages are called ``matching``."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.engine.encode import encode
from matching.engine.model import Problem
from matching.engine.table import tabulate

ROOT = Path(__file__).resolve().parents[3]
VERSIONS = {"munkres 3.0.0": "munkres==3.0.0", "munkres 1.1.4": "munkres==1.1.4"}


@dataclass(frozen=True)
class Answer:
    """What a peer made of a problem; processor seconds."""

    seconds: float
    matched: int
    total: int


def environment(name: str) -> Path | None:
    """Its interpreter, installed on first use; None where that cannot be done."""
    place = ROOT / ".data" / "bench" / name.replace(" ", "-")
    python = place / "bin" / "python"
    if not (place / "ready").exists():
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
            subprocess.run([*pip, "mentor-match==7.0.1", VERSIONS[name]], check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        (place / "ready").touch()
    return python


def ask(python: Path, problem: Problem, *, rounds: int, seconds: int) -> Answer | None:
    """The peer's answer to the scores of a problem; None where it does not finish in time."""
    table = tabulate(encode(problem))
    rows, columns = np.nonzero(table.allowed)
    keys = table.cohort.mentees.keys, table.cohort.mentors.keys
    data = {
        "mentors": {person.key: person.capacity for person in problem.mentors},
        "mentees": list(keys[0]),
        "scores": [
            [keys[0][row], keys[1][column], int(table.judged[row, column])]
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        ],
        "rounds": rounds,
    }
    script = Path(__file__).with_name("peer.py")
    try:
        done = subprocess.run(
            [str(python), str(script)],
            input=json.dumps(data),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
            cwd=script.parents[3] / ".data",
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return Answer(**json.loads(done.stdout))
