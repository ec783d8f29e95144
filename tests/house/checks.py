"""What import-linter cannot see. Each check takes the place to look at, so that a test can plant a fault."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from common import hooks, privacy
from mentoring.policies import declared_policy

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_PACKAGES = {"tests"}
#: What only a door may touch: services, mails and reads never see a request, a form or a page.
DOOR_ONLY = (
    "django.http",
    "django.shortcuts",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.messages",
)
INNER_ROOMS = ("services", "emails", "selectors", "querysets", "models", "validators", "choices")
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "misc", "common_utils", "tools"}


def contracts(root: Path) -> dict[str, Any]:
    config: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    return config


def import_breaches(root: Path) -> str:
    """import-linter's report on a tree; empty when every contract is kept."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=180,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def floors(root: Path) -> dict[str, int]:
    """Package → floor, 0 at the top, as the contract lists them."""
    layers = next(c for c in contracts(root)["contracts"] if c["id"] == "floors")["layers"]
    return {name.strip("() "): floor for floor, layer in enumerate(layers) for name in str(layer).split("|")}


def packages(root: Path) -> set[str]:
    return {p.parent.name for p in root.glob("*/__init__.py")} - NOT_PACKAGES


def unlisted_packages(root: Path) -> set[str]:
    """Packages that the contracts do not name: nobody watches what they import."""
    named = set(contracts(root)["root_packages"])
    return (packages(root) - named) | (packages(root) - set(floors(root)))


def python_files(root: Path) -> Iterator[Path]:
    for package in sorted(packages(root)):
        yield from sorted((root / package).rglob("*.py"))


def vague_modules(root: Path) -> list[str]:
    return [str(p.relative_to(root)) for p in python_files(root) if p.stem in VAGUE_NAMES]


def upward_references(root: Path) -> list[str]:
    """Relations written as "app.Model" to a package on a higher floor, which no import shows."""
    floor_of = floors(root)
    found = []
    for path in python_files(root):
        own = path.relative_to(root).parts[0]
        for label, line in _string_relations(path):
            other = label.partition(".")[0]
            if other in floor_of and floor_of[other] < floor_of[own]:
                found.append(f"{path.relative_to(root)}:{line} {label}")
    return found


def _string_relations(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and _name_of(node.func) in (
            "ForeignKey",
            "OneToOneField",
            "ManyToManyField",
        ):
            targets = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "to")]
            for target in targets:
                if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
                    yield target.value, node.lineno


def _name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def doors_in_inner_rooms(root: Path) -> list[str]:
    """Inner rooms that import what belongs to a door."""
    found = []
    for path in python_files(root):
        parts = path.relative_to(root).with_suffix("").parts
        if len(parts) < 2 or parts[1] not in INNER_ROOMS:
            continue
        for name, line in _imports(path):
            if name.startswith(DOOR_ONLY):
                found.append(f"{path.relative_to(root)}:{line} {name}")
    return found


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def views_without_policy(addresses: Iterable[tuple[str, str, Callable[..., Any]]]) -> list[str]:
    return [route for route, name, view in addresses if declared_policy(name, view) is None]


def fields_without_line(chosen: Iterable[type[models.Model]] | None = None) -> list[str]:
    """Stored fields, many-to-many included, that the privacy register does not know."""
    missing = []
    for model in apps.get_models() if chosen is None else chosen:
        lines = privacy.lines_of(model._meta.label)
        fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
        missing += [f"{model._meta.label}.{field.name}" for field in fields if field.name not in lines]
    return missing


def lines_without_field() -> list[str]:
    """Lines of the register about something that no longer exists."""
    stale = []
    known = {model._meta.label_lower: model for model in apps.get_models()}
    for label in privacy.declared_models():
        if label not in known:
            stale.append(label)
            continue
        fields = {f.name for f in (*known[label]._meta.local_fields, *known[label]._meta.local_many_to_many)}
        stale += [f"{label}.{name}" for name in privacy.lines_of(label) if name not in fields]
    return stale


def hook_table(registry: Iterable[hooks.Hook[..., object]] | None = None) -> dict[str, tuple[str, ...]]:
    """Every declared hook with the packages that fill it."""
    return {hook.name: tuple(sorted(hook.fillers)) for hook in registry or hooks.declared()}


def undeclared_hooks(root: Path) -> list[str]:
    """Hooks made by hand, past the registry, and so invisible to the list."""
    found = []
    for path in python_files(root):
        if path.relative_to(root).parts == ("common", "hooks.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                function = node.func.value if isinstance(node.func, ast.Subscript) else node.func
                if _name_of(function) == "Hook":
                    found.append(f"{path.relative_to(root)}:{node.lineno}")
    return found
