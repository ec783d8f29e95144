"""The page of coverage tells the truth about the tests."""

from __future__ import annotations

from pathlib import Path

from mentoring import mission
from tests.house.checks import ROOT


def test_markers_name_real_lines() -> None:
    assert mission.unknown_ids(ROOT) == []


def test_a_line_is_covered_only_by_a_test_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/mission.json").write_text((ROOT / "docs/mission.json").read_text())
    (tmp_path / "tests").mkdir()
    marker = "@pytest.mark.covers"
    (tmp_path / "tests/test_one.py").write_text(
        f"import pytest\n{marker}('S0.1', 'A-12')\ndef test_scope(): assert True\ndef test_plain(): assert True\n"
    )
    assert mission.tests_by_line(tmp_path) == {
        "S0.1": ["tests/test_one.py::test_scope"],
        "A-12": ["tests/test_one.py::test_scope"],
    }
    rows = {
        row.split("|")[1].strip(): row
        for row in mission.coverage_page(tmp_path).splitlines()
        if row[:3] == "| S"
    }
    assert "test_one.py::test_scope" in rows["S0.1"]
    assert rows["S0.2"].endswith("| – |")


def test_a_line_that_is_built_in_part_is_said_to_be_and_not_counted(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/mission.json").write_text((ROOT / "docs/mission.json").read_text())
    (tmp_path / "tests").mkdir()
    marker = "@pytest.mark.covers"
    (tmp_path / "tests/test_one.py").write_text(
        f"import pytest\n{marker}('S0.1')\n{marker}_part('S0.1', 'S0.2')\ndef test_scope(): assert True\n"
        f"{marker}_part('S9.99')\ndef test_more(): assert True\n"
    )
    page = mission.coverage_page(tmp_path)
    rows = {row.split("|")[1].strip(): row for row in page.splitlines() if row[:3] == "| S"}
    assert rows["S0.1"].endswith("| `test_one.py::test_scope` |")
    assert rows["S0.2"].endswith("| in part: `test_one.py::test_scope` |")
    assert "**1 of 143 must lines** and 1 of 208 lines in all are shown by a test;" in page
    assert "a part of 1 more must lines is." in page
    assert mission.unknown_ids(tmp_path) == ["S9.99"]


def test_a_marker_for_a_line_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/mission.json").write_text((ROOT / "docs/mission.json").read_text())
    (tmp_path / "tests").mkdir()
    marker = "@pytest.mark.covers"
    (tmp_path / "tests/test_one.py").write_text(f"import pytest\n{marker}('S9.99')\ndef test_x(): assert 1\n")
    assert mission.unknown_ids(tmp_path) == ["S9.99"]


def test_the_mission_has_all_its_lines() -> None:
    lines = mission.mission_lines(ROOT)
    assert len({line.id for line in lines}) == len(lines) == 208
    assert {line.priority for line in lines} <= {"M", "S", "C", "N"}
