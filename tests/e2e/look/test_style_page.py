"""The style page shows every component; what holds there holds wherever they are used."""

from __future__ import annotations

from itertools import product

import pytest

from tests.e2e.browser import COLOUR_RULES, axe_findings
from tests.e2e.look.conftest import PHONE, OpenPage, faults_seen, picture

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_finding_of_axe_in_any_scheme_or_width(open_page: OpenPage) -> None:
    with open_page("/local/look/?as=mentor") as page:
        assert faults_seen(page, "look-mentor") == []


@pytest.mark.parametrize(("scheme", "role"), [*product(("light", "dark"), ("mentee", "staff"))])
def test_contrast_holds_in_every_reader_s_colour(open_page: OpenPage, scheme: str, role: str) -> None:
    with open_page(f"/local/look/?as={role}", scheme=scheme) as page:
        picture(page, f"look-{role}-1280-{scheme}")
        assert axe_findings(page, {"type": "rule", "values": COLOUR_RULES}) == []


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
