"""The style page shows every component; what holds there holds wherever they are used."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import axe_findings, sideways, violations
from tests.look.conftest import DESK, PHONE, SCHEMES, OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
ROLES = ("mentor", "mentee", "staff")


def picture(page: Page, name: str) -> None:
    """Keep a picture for the eye when LOOK_PICTURES names a folder."""
    if folder := os.environ.get("LOOK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("scheme", "size"), [*product(SCHEMES, (DESK, PHONE))], ids=str)
def test_no_finding_of_axe_in_any_scheme_or_width(open_page: OpenPage, scheme: str, size: Any) -> None:
    found = []
    for role in ROLES:
        with open_page(f"/local/look/?as={role}", scheme=scheme, size=size) as page:
            picture(page, f"look-{role}-{size['width']}-{scheme}")
            assert violations(page) == []
            found += axe_findings(page)
    assert found == []


def test_nothing_moves_sideways_on_the_narrowest_phone(open_page: OpenPage) -> None:
    with open_page("/local/look/", size={"width": 320, "height": 700}) as page:
        assert sideways(page) == 0
