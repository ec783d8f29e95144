"""What people typed is text: nothing marks it as safe HTML on its way to a page."""

from __future__ import annotations

import re

import pytest

from tests.house.checks import ROOT

#: Places that turn our own fixed drawings into HTML; nothing that anybody typed goes through them.
OWN_DRAWINGS = {"common/templatetags/lanterns.py", "common/charts.py"}
PACKAGES = [path.parent for path in ROOT.glob("*/apps.py")]


@pytest.mark.covers("C-23")
def test_nothing_is_called_safe_that_somebody_typed() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in package.rglob("*.py")
        if re.search(r"mark_safe|SafeString\(|SafeText|html_safe", path.read_text())
    }
    assert found <= OWN_DRAWINGS


@pytest.mark.covers("C-23")
def test_no_page_and_no_html_mail_turns_escaping_off() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", path.read_text()), path
