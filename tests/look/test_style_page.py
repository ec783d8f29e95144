"""The style page shows every component; what holds there holds wherever they are used."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.e2e.browser import sideways
from tests.look.conftest import DESK, PHONE, SCHEMES, OpenPage, faults_of, picture

pytestmark = pytest.mark.django_db(transaction=True)
ROLES = ("mentor", "mentee", "staff")


@pytest.mark.parametrize(("scheme", "size"), [*product(SCHEMES, (DESK, PHONE))], ids=str)
def test_no_finding_of_axe_in_any_scheme_or_width(open_page: OpenPage, scheme: str, size: Any) -> None:
    found = []
    for role in ROLES if size == DESK else ROLES[:1]:
        with open_page(f"/local/look/?as={role}", scheme=scheme, size=size) as page:
            picture(page, f"look-{role}-{size['width']}-{scheme}")
            found += faults_of(page)
    assert found == []


def test_nothing_moves_sideways_on_the_narrowest_phone(open_page: OpenPage) -> None:
    with open_page("/local/look/", size={"width": 320, "height": 700}) as page:
        assert sideways(page) == 0
