"""What the mission asks, line by line, and which tests show it (decision 39)."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
    shown: dict[str, list[str]] = defaultdict(list)
    for path in sorted((root / "tests").rglob("test_*.py")):
        for test, ids in _markers(path):
            for line_id in ids:
                shown[line_id].append(f"{path.relative_to(root)}::{test}")
    return dict(shown)


def _markers(path: Path) -> Iterator[tuple[str, list[str]]]:
    module = ast.parse(path.read_text())
    everywhere = _module_ids(module)
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            ids = [i for decorator in node.decorator_list for i in _ids(decorator)]
            if ids or everywhere:
                yield node.name, [*everywhere, *ids]


def _module_ids(module: ast.Module) -> list[str]:
    for node in module.body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "pytestmark" for t in node.targets):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            return [i for mark in marks for i in _ids(mark)]
    return []


def _ids(decorator: ast.expr) -> list[str]:
    if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)):
        return []
    if decorator.func.attr != "covers":
        return []
    return [
        arg.value for arg in decorator.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    ]


def unknown_ids(root: Path) -> list[str]:
    """Ids in markers that are neither a line of the mission nor shaped like a requirement (A-12)."""
    known = {line.id for line in mission_lines(root)}
    return sorted(i for i in tests_by_line(root) if i not in known and not _is_requirement(i))


def _is_requirement(identifier: str) -> bool:
    letter, _, number = identifier.partition("-")
    return letter in ("A", "B", "C", "D") and number.isdigit()


def coverage_page(root: Path) -> str:
    """docs/coverage.md: every line with where it lives and the tests that show it."""
    lines, shown = mission_lines(root), tests_by_line(root)
    musts = [line for line in lines if line.priority == "M"]
    covered = sum(1 for line in musts if line.id in shown)
    page = [
        "# Coverage of the mission",
        "",
        "Made by `make coverage-of-mission` from `docs/mission.json` and the tests' `covers` markers. A line without",
        "a test is not covered. M must, S should, C could, N no feature.",
        "",
        f"**{covered} of {len(musts)} must lines** and {sum(1 for x in lines if x.id in shown)} of {len(lines)} lines "
        "in all are shown by a test.",
        "",
        "| line | priority | what it asks | lives in | shown by |",
        "|---|---|---|---|---|",
    ]
    page += [_row(line, shown.get(line.id, [])) for line in lines]
    requirements = sorted(i for i in shown if _is_requirement(i))
    page += ["", "## Requirements with a test", "", "| requirement | shown by |", "|---|---|"]
    page += [f"| {i} | {_tests(shown[i])} |" for i in requirements]
    return "\n".join(page) + "\n"


def _row(line: MissionLine, tests: list[str]) -> str:
    asks = line.asks.replace("|", "/")
    return f"| {line.id} | {line.priority} | {asks} | {HOMES.get(line.area, '')} | {_tests(tests)} |"


def _tests(names: list[str]) -> str:
    return "<br>".join(f"`{name.removeprefix('tests/')}`" for name in sorted(set(names))) or "–"
