"""What the mission asks, line by line, and which tests show it (decision 39)."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: The marker of a test that shows what a line asks, and of one that shows a part of it while the rest is to come.
WHOLE: Final = "covers"
IN_PART: Final = "covers_part"

#: Where the rooms of an area live, for the page's readers.
HOMES = {
    "PRG": "programmes/",
    "PRF": "participants/, programmes/",
    "MAT": "matching/",
    "MTG": "meetings/",
    "BRD": "pairings/",
    "LRN": "training/ (to come)",
    "EVA": "evaluations/",
    "IDE": "ideas/ (to come)",
    "MSG": "outbox/, emails rooms",
    "ADM": "admin rooms, mentoring/",
    "SYS": "mentoring/, participants/, common/",
}


@dataclass(frozen=True)
class MissionLine:
    """One practice the articles name: its id, what it asks of the product, its area and priority."""

    id: str
    says: str
    asks: str
    area: str
    priority: str


def mission_lines(root: Path) -> list[MissionLine]:
    stored = json.loads((root / "docs/mission.json").read_text())
    return [MissionLine(**line) for line in stored["lines"]]


def tests_by_line(root: Path) -> dict[str, list[str]]:
    """Line or requirement id → the tests whose ``covers`` marker names it, as "file::test"."""
    return _by_line(root, WHOLE)


def halves_by_line(root: Path) -> dict[str, list[str]]:
    """The same for ``covers_part``: tests that show one part of a line, of which another is still to come."""
    return _by_line(root, IN_PART)


def _by_line(root: Path, marker: str) -> dict[str, list[str]]:
    shown: dict[str, list[str]] = defaultdict(list)
    for path in sorted((root / "tests").rglob("test_*.py")):
        for test, ids in _markers(path, marker):
            for line_id in ids:
                shown[line_id].append(f"{path.relative_to(root)}::{test}")
    return dict(shown)


def _markers(path: Path, marker: str) -> Iterator[tuple[str, list[str]]]:
    module = ast.parse(path.read_text())
    everywhere = _module_ids(module, marker)
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            ids = [i for decorator in node.decorator_list for i in _ids(decorator, marker)]
            if ids or everywhere:
                yield node.name, [*everywhere, *ids]


def _module_ids(module: ast.Module, marker: str) -> list[str]:
    for node in module.body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "pytestmark" for t in node.targets):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            return [i for mark in marks for i in _ids(mark, marker)]
    return []


def _ids(decorator: ast.expr, marker: str) -> list[str]:
    if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)):
        return []
    if decorator.func.attr != marker:
        return []
    return [
        arg.value for arg in decorator.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    ]


def unknown_ids(root: Path) -> list[str]:
    """Ids in markers that are neither a line of the mission nor shaped like a requirement (A-12)."""
    known = {line.id for line in mission_lines(root)}
    named = tests_by_line(root) | halves_by_line(root)
    return sorted(i for i in named if i not in known and not _is_requirement(i))


def _is_requirement(identifier: str) -> bool:
    letter, _, number = identifier.partition("-")
    return letter in ("A", "B", "C", "D") and number.isdigit()


def coverage_page(root: Path) -> str:
    """docs/coverage.md: every line with where it lives and the tests that show it."""
    lines, shown, halves = mission_lines(root), tests_by_line(root), halves_by_line(root)
    page = [
        "# Coverage of the mission",
        "",
        "Made by `make coverage-of-mission` from `docs/mission.json` and the tests' `covers` markers. A line without",
        "a test is not covered. M must, S should, C could, N no feature. A line that is built in part names the tests",
        "of that part (`covers_part`) and is not counted as shown.",
        "",
        *_counts(lines, shown, halves),
        "",
        "| line | priority | what it asks | lives in | shown by |",
        "|---|---|---|---|---|",
    ]
    page += [_row(line, shown.get(line.id, []), halves.get(line.id, [])) for line in lines]
    requirements = sorted(i for i in shown.keys() | halves.keys() if _is_requirement(i))
    page += ["", "## Requirements with a test", "", "| requirement | shown by |", "|---|---|"]
    page += [f"| {i} | {_tests(shown.get(i, []), halves.get(i, []))} |" for i in requirements]
    return "\n".join(page) + "\n"


def _counts(lines: list[MissionLine], shown: Collection[str], halves: Collection[str]) -> list[str]:
    musts = [line.id for line in lines if line.priority == "M"]
    covered = sum(line in shown for line in musts)
    begun = sum(line in halves and line not in shown for line in musts)
    in_all = sum(line.id in shown for line in lines)
    return [
        f"**{covered} of {len(musts)} must lines** and {in_all} of {len(lines)} lines in all are shown by a test;",
        f"a part of {begun} more must lines is.",
    ]


def _row(line: MissionLine, tests: list[str], halves: list[str]) -> str:
    asks = line.asks.replace("|", "/")
    return f"| {line.id} | {line.priority} | {asks} | {HOMES.get(line.area, '')} | {_tests(tests, halves)} |"


def _tests(names: list[str], halves: list[str]) -> str:
    """The tests of a line; those of a part of it only where nothing shows the whole."""
    if halves and not names:
        return "in part: " + _named(halves)
    return _named(names) or "–"


def _named(names: list[str]) -> str:
    return "<br>".join(f"`{name.removeprefix('tests/')}`" for name in sorted(set(names)))
