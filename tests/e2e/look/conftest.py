"""A browser beside a site in this process: enough to judge the look, without worker or broker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import Watch, axe_findings, person_at, sideways, violations

#: The widths that everything is judged at, and the two schemes.
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCHEMES = ("light", "dark")

OpenPage = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> OpenPage:
    """``with open_page("/local/look/", scheme="dark", size=PHONE) as page``: watched, and clean at the end."""

    @contextmanager
    def opened(address: str, *, scheme: str = "light", size: Any = DESK, **options: Any) -> Iterator[Page]:
        cookies = options.pop("cookies", {})
        watch = Watch(live_server.url)
        settings = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce", **options}
        with person_at(browser, live_server.url, watch, **settings) as page:
            page.context.add_cookies(
                [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
            )
            page.goto(address)
            page.wait_for_load_state("networkidle")
            yield page
            watch.assert_clean()

    return opened


def faults_of(page: Page) -> list[str]:
    """What no page of ours may show: something blocked, a sideways scroll, a finding of axe."""
    blocked = [f"{page.url} blocked: {one}" for one in violations(page)]
    scroll = sideways(page)
    return [*blocked, *([f"{page.url} scrolls {scroll} px sideways"] if scroll else []), *axe_findings(page)]


def picture(page: Page, name: str) -> None:
    """Keep a picture for the eye when LOOK_PICTURES names a folder."""
    if folder := os.environ.get("LOOK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
