"""The style page shows every component; what holds there holds wherever they are used."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.browser import sideways
from tests.e2e.look.conftest import DESK, PHONE, SCHEMES, OpenPage, faults_of, picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("scheme", "size"), [*product(SCHEMES, (DESK, PHONE))], ids=str)
def test_no_finding_of_axe_in_any_scheme_or_width(open_page: OpenPage, scheme: str, size: Any) -> None:
    with open_page("/local/look/?as=mentor", scheme=scheme, size=size) as page:
        picture(page, f"look-mentor-{size['width']}-{scheme}")
        assert faults_of(page) == []


@pytest.mark.parametrize(("scheme", "role"), [*product(SCHEMES, ("mentee", "staff"))])
def test_contrast_holds_in_every_reader_s_colour(open_page: OpenPage, scheme: str, role: str) -> None:
    with open_page(f"/local/look/?as={role}", scheme=scheme) as page:
        picture(page, f"look-{role}-1280-{scheme}")
        only = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
        found = Axe().run(page, options=only).response["violations"]
        assert [node["html"] for rule in found for node in rule["nodes"]] == []


def test_the_cookie_forces_a_scheme_against_the_device(open_page: OpenPage) -> None:
    with open_page("/local/look/", scheme="light", cookies={"theme": "dark"}) as page:
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 28)"
    with open_page("/local/look/", scheme="dark", cookies={"theme": "light"}) as page:
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(250, 246, 238)"


def test_focus_goes_to_the_error_summary_on_load(open_page: OpenPage) -> None:
    with open_page("/local/look/") as page:
        assert page.evaluate("document.activeElement.className") == "errsum"


def test_every_control_is_large_enough_to_hit(open_page: OpenPage) -> None:
    """24 px for all, 44 px for buttons that are not small (WCAG 2.5.8, and our own measure)."""
    measure = """selector => [...document.querySelectorAll(selector)]
        .filter(one => one.offsetParent && getComputedStyle(one).display !== 'inline')
        .map(one => [Math.round(one.getBoundingClientRect().height * 10) / 10, one.outerHTML.slice(0, 80)])"""
    with open_page("/local/look/", size=PHONE) as page:
        small = [one for one in page.evaluate(measure, "a, button, input, select, summary") if one[0] < 24]
        low = [one for one in page.evaluate(measure, ".btn:not(.btn-s), main select, .nav a") if one[0] < 44]
    assert small == []
    assert low == []


def test_on_paper_the_page_is_light_and_its_buttons_are_gone(open_page: OpenPage) -> None:
    with open_page("/local/look/", scheme="dark") as page:
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not page.locator(".btn").first.is_visible()
        assert page.locator(".hero .date").first.is_visible()


def test_nothing_moves_sideways_on_the_narrowest_phone(open_page: OpenPage) -> None:
    with open_page("/local/look/", size={"width": 320, "height": 700}) as page:
        assert sideways(page) == 0
