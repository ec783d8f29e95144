"""``make bench-matching``: claims, targets and what was measured, in ratios taken in one run.

    python -m tests.bench.matching [--largest 10000]

Each figure comes from a process of its own. Processor time; a machine that does something else at the same time makes
single figures larger and leaves most ratios, which are taken in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.matching.cohorts import bench_cohort
from tests.bench.matching.peers import Answer, ask, environment

#: Mentors, mentees, times measured, and how often the raw solver's time we may take.
SIZES = [(122, 200, 25, 3.0), (1000, 1000, 5, 2.5), (5000, 5000, 1, 0.8), (10_000, 10_000, 1, 0.5)]
#: Seconds after which a peer is given up.
PATIENCE = 600
#: How often a peer and we are measured in turn.
TURNS = 5


@dataclass(frozen=True)
class Line:
    claim: str
    target: str
    measured: str
    holds: bool | None


def run(what: str, mentors: int, mentees: int, times: int, seed: int = 1) -> dict[str, Any]:
    """One measurement in a process of its own; one BLAS thread on either side, or processor time would be spent
    on waiting for a second one."""
    command = [sys.executable, "-m", "tests.bench.matching.one", what]
    done = subprocess.run(
        [*command, *map(str, (mentors, mentees, times, seed))],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def at_most(claim: str, value: float, limit: float, text: str = "{:.2f}") -> Line:
    return Line(claim, "at most " + text.format(limit), text.format(value), value <= limit)


def of_size(mentors: int, mentees: int, times: int, limit: float) -> list[Line]:
    """One cohort beside the raw solver."""
    name = f"{mentors:,} by {mentees:,}"
    ours, raw = run("ours", mentors, mentees, times), run("raw", mentors, mentees, max(1, times // 3))
    turns = run("both", mentors, mentees, times) if times > 1 else {"core": ours["core"], "raw": raw["raw"]}
    say(f"\n{name}: score, solve, proof", ours["core"], "; whole, from people to plan", ours["whole"])
    say("  raw solver on the ready matrix", raw["raw"], f"; peak {raw['peak_mb']} MB")
    sys.stdout.write(
        f"  {ours['matched']} pairs, {ours['total']} points, gap {ours['gap']}, method {ours['engine']},"
        f" rounds {ours['rounds']}, peak {ours['peak_mb']} MB; load {os.getloadavg()[0]:.1f}\n"
    )
    same = (ours["matched"], ours["total"]) == (raw["matched"], raw["total"])
    lines = [
        at_most(
            f"{name}: score, solve, proof / raw solver", turns["core"]["cpu"] / turns["raw"]["cpu"], limit
        ),
        Line(f"{name}: certified gap", "0", str(ours["gap"]), ours["gap"] == 0),
        Line(f"{name}: pairs and points as the raw solver", "equal", "equal" if same else "differ", same),
    ]
    if mentors == 10_000:
        lines.append(
            at_most("10,000 by 10,000: peak memory / raw solver", ours["peak_mb"] / raw["peak_mb"], 1 / 6)
        )
        lines.append(at_most("10,000 by 10,000: peak memory, MB", ours["peak_mb"], 600, "{:.0f}"))
    return lines


def beside_peer(name: str, least: float) -> list[Line]:
    """``mentor-match`` with three rounds at 122 by 200, on five seeds, each in turn with ours."""
    python = environment(name)
    claim = f"122 by 200: mentor-match with {name} / ours"
    if python is None:
        return [Line(claim, f"at least {least:.0f}", "could not be installed", None)]
    ratios, more, better = [], [], []
    for seed in range(1, 6):
        turns = [_turn(python, seed) for _turn_of in range(TURNS)]
        ours, theirs = turns[0]
        if theirs is None:
            return [Line(claim, f"at least {least:.0f}", "did not finish", None)]
        ratios.append(median(peer.seconds / own["core"]["cpu"] for own, peer in turns if peer))
        more.append(ours["matched"] - theirs.matched)
        better.append(ours["total"] / theirs.total - 1)
    return [
        Line(claim, f"at least {least:.0f}", f"{min(ratios):.0f}", min(ratios) >= least),
        Line(
            f"  more pairs than with {name}, worst of 5 seeds", "at least 0", str(min(more)), min(more) >= 0
        ),
        Line("  more points, worst of 5 seeds", "at least 2 %", f"{min(better):.1%}", min(better) >= 0.02),
    ]


def _turn(python: Path, seed: int) -> tuple[dict[str, Any], Answer | None]:
    """Ours and the peer's, one right after the other: a processor that is shared slows both."""
    ours = run("alone", 122, 200, 50, seed)
    return ours, ask(python, bench_cohort(122, 200, seed), rounds=3, seconds=PATIENCE)


def beside_large_peer() -> list[Line]:
    name, claim = "munkres 3.0.0", "1,000 by 1,000: one round of mentor-match / ours"
    python = environment(name)
    theirs = python and ask(python, bench_cohort(1000, 1000), rounds=1, seconds=PATIENCE)
    if not theirs:
        return [Line(claim, "at least 100", "did not finish", None)]
    ratio = theirs.seconds / run("ours", 1000, 1000, 3)["core"]["cpu"]
    return [Line(claim, "at least 100", f"{ratio:.0f} ({theirs.matched} pairs)", ratio >= 100)]


def of_reasons() -> list[Line]:
    found = run("reasons", 122, 200, 9)
    everything, again = (1000 * found[name]["cpu"] for name in ("everything", "again"))
    return [
        at_most("122 by 200: plan and the loss of every pair, ms", everything, 100, "{:.0f}"),
        at_most("122 by 200: once more after a pin, ms", again, 50, "{:.0f}"),
    ]


def of_scoring(largest: int) -> list[Line]:
    size = min(largest, 10_000)
    found = run("scoring", size, size, 1)
    claim = f"{size:,} by {size:,}: one look at all pairs / bare matrix product"
    return [at_most(claim, found["pass"]["cpu"] / found["bare"]["cpu"], 5)]


def say(*parts: Any) -> None:
    for part in parts:
        text = part if isinstance(part, str) else f" {part['wall']:.4g} s wall, {part['cpu']:.4g} s cpu"
        sys.stdout.write(text)
    sys.stdout.write("\n")
    sys.stdout.flush()


def main() -> int:
    reader = argparse.ArgumentParser(description="Matching beside the raw solver and beside a peer.")
    reader.add_argument("--largest", type=int, default=10_000)
    reader.add_argument("--without-peer", action="store_true")
    chosen = reader.parse_args()
    parts: list[Callable[[], list[Line]]] = [
        lambda size=size: of_size(*size)
        for size in SIZES
        if size[0] <= chosen.largest  # type: ignore[misc]
    ]
    parts += [of_reasons, lambda: of_scoring(chosen.largest)]
    if not chosen.without_peer:
        parts += [
            lambda: beside_peer("munkres 3.0.0", 100), lambda: beside_peer("munkres 1.1.4", 500), beside_large_peer
        ]  # fmt: skip
    lines = [line for part in parts for line in part()]
    width = max(len(line.claim) for line in lines)
    sys.stdout.write(f"\n{'claim':{width}}  {'target':>14}  {'measured':>22}\n")
    for line in lines:
        verdict = {True: "", False: "  MISSED", None: "  not measured"}[line.holds]
        sys.stdout.write(f"{line.claim:{width}}  {line.target:>14}  {line.measured:>22}{verdict}\n")
    return 1 if any(line.holds is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
