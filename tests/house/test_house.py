"""The walls of the house stand, and each check notices when one is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import models
from django.test.utils import isolate_apps

from common.hooks import Hook
from common.policies import policy
from mentoring.policies import addresses
from tests.house import checks

#: Who declares and who fills each hook (architecture, "How things travel"). Docs: docs/structure.md.
HOOKS: dict[str, tuple[str, ...]] = {
    "operations.coordinated_programmes": ("programmes",),
    "outbox.coordinated_programmes": ("programmes",),
    "outbox.outdated": ("meetings", "programmes"),
    "outbox.planned": ("meetings", "programmes"),
    "outbox.programme_lines": ("programmes",),
    "outbox.programme_name": ("programmes",),
    "outbox.still_valid": ("evaluations", "matching", "pairings", "programmes"),
    "outbox.was_accepted": (),
    "pairings.pairing_confirmed": ("meetings",),
    "pairings.pairing_ended": ("meetings",),
    "pairings.pairing_paused": ("meetings",),
    "pairings.rhythm_changed": ("meetings",),
    "pairings.side_freed": ("meetings",),
    "common.record_opened": ("programmes",),
    "participants.coordinated_people": ("programmes",),
    "matching.had_first_talk": ("meetings",),
    "participants.lines_changed": ("matching", "pairings", "programmes"),
    "participants.needed_people": ("programmes",),
    "participants.never_with_asked": ("matching",),
    "participants.pairs_at_stake": ("pairings",),
    "participants.erasure_asked": ("programmes",),
    "participants.erasure_waits": ("pairings",),
    "participants.person_erased": ("matching", "mentoring", "programmes"),
    "participants.person_left": ("matching", "pairings", "programmes"),
    "programmes.evaluation_kinds": ("evaluations",),
    "programmes.part_resumed": ("pairings",),
    "programmes.part_stopped": ("matching", "pairings"),
    "programmes.part_turning": ("matching", "pairings"),
    "programmes.stage_gates": ("evaluations", "pairings"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and their contracts, to plant faults in."""
    root = tmp_path_factory.mktemp("house")
    for name in sorted(checks.packages(checks.ROOT)):
        shutil.copytree(
            checks.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )
    shutil.copy(checks.ROOT / "pyproject.toml", root)
    return root


class Plant:
    """Append to, or make, a file of the copy and put it back."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.before = path.read_text() if path.exists() else None

    def __enter__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text((self.before or "") + self.text)

    def __exit__(self, *exc: object) -> None:
        if self.before is None:
            self.path.unlink()
        else:
            self.path.write_text(self.before)


def test_the_import_contracts_hold() -> None:
    assert checks.import_breaches(checks.ROOT) == ""


def test_planted_import_faults_are_reported_together(copy: Path) -> None:
    with (
        Plant(copy / "participants/selectors.py", "\nimport pairings.models\n"),
        Plant(copy / "programmes/utils.py", "X = 1\n"),
        Plant(copy / "matching/engine/planted.py", "import django.db\n"),
    ):
        report = checks.import_breaches(copy)
    assert "participants is not allowed to import pairings" in report
    assert "programmes.utils" in report
    assert "matching.engine is not allowed to import django" in report


def test_every_package_is_named_in_the_contracts(copy: Path) -> None:
    assert checks.unlisted_packages(checks.ROOT) == set()
    with Plant(copy / "rewards/__init__.py", ""):
        assert checks.unlisted_packages(copy) == {"rewards"}


def test_no_module_is_named_vaguely(copy: Path) -> None:
    assert checks.vague_modules(checks.ROOT) == []
    with Plant(copy / "portal/helpers.py", ""):
        assert checks.vague_modules(copy) == ["portal/helpers.py"]


def test_no_relation_points_up_by_name(copy: Path) -> None:
    assert checks.upward_references(checks.ROOT) == []
    planted = (
        "\n\nclass Planted(models.Model):\n    x = models.ForeignKey('pairings.Pairing', models.CASCADE)\n"
    )
    with Plant(copy / "participants/models.py", planted):
        assert [entry.split()[-1] for entry in checks.upward_references(copy)] == ["pairings.Pairing"]


def test_inner_rooms_know_no_door(copy: Path) -> None:
    assert checks.doors_in_inner_rooms(checks.ROOT) == []
    with Plant(copy / "meetings/services.py", "\nfrom django.http import HttpRequest\n"):
        assert [entry.split()[-1] for entry in checks.doors_in_inner_rooms(copy)] == [
            "django.http.HttpRequest"
        ]


@pytest.mark.covers("C-01")
def test_every_view_declares_a_policy() -> None:
    assert checks.views_without_policy(addresses()) == []


def test_a_view_without_a_policy_is_reported() -> None:
    def bare(request: object) -> None: ...

    @policy("public")
    def declared(request: object) -> None: ...

    routes = [("planted/", "portal:planted", bare), ("fine/", "portal:fine", declared)]
    assert checks.views_without_policy(routes) == ["planted/"]


def test_an_admin_page_past_the_sites_guard_is_reported() -> None:
    def unguarded(request: object) -> None: ...

    assert checks.views_without_policy([("desk/x/", "admin:x", unguarded)]) == ["desk/x/"]


@pytest.mark.covers("B-01")
def test_every_stored_field_has_a_privacy_line() -> None:
    assert checks.fields_without_line() == []
    assert checks.lines_without_field() == []


@isolate_apps("participants")
def test_a_field_without_a_privacy_line_is_reported() -> None:
    class Planted(models.Model):
        shoe_size = models.IntegerField()

        class Meta:
            app_label = "participants"

    assert checks.fields_without_line([Planted]) == [
        "participants.Planted.id",
        "participants.Planted.shoe_size",
    ]


def test_the_list_of_hooks_is_true() -> None:
    assert checks.hook_table() == HOOKS
    page = (checks.ROOT / "docs/structure.md").read_text()
    assert [name for name in HOOKS if f"| `{name}` |" not in page] == []


def test_an_undeclared_hook_is_reported(copy: Path) -> None:
    assert checks.undeclared_hooks(checks.ROOT) == []
    planted = "\nfrom common.hooks import Hook\nsecret = Hook('meetings.secret', 'meetings', 'none')\n"
    with Plant(copy / "meetings/models.py", planted):
        assert [entry.split(":")[0] for entry in checks.undeclared_hooks(copy)] == ["meetings/models.py"]
    loose: Hook[..., object] = Hook("meetings.loose", "meetings", "planted")
    assert checks.hook_table([loose]) == {"meetings.loose": ()} != HOOKS
