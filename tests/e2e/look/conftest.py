"""A browser beside a site in this process: enough to judge the look, without worker or broker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import VIEWS, Watch, axe_findings, faults, person_at, settled, sideways, violations

#: The two widths that everything is judged at.
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

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
            if options.get("java_script_enabled", True):  # else no frame is ever told of
                settled(page)
            yield page
            watch.assert_clean()

    return opened


def faults_of(page: Page) -> list[str]:
    """What no page of ours may show: something blocked, a sideways scroll, a finding of axe."""
    blocked = [f"{page.url} blocked: {one}" for one in violations(page)]
    scroll = sideways(page)
    return [*blocked, *([f"{page.url} scrolls {scroll} px sideways"] if scroll else []), *axe_findings(page)]


#: What a page that shares its template with others is judged in: the desk by day, a phone by night.
SAMPLE = (("light", 1280), ("dark", 390))


def faults_seen(page: Page, name: str, views: Iterable[tuple[str, int]] = VIEWS) -> list[str]:
    """What is wrong with the page as it stands in each of these views, and a picture of each."""
    found = faults(page, views, lambda scheme, width: picture(page, f"{name}-{width}-{scheme}"))
    return [f"{name}: {fault}" for fault in found]


def picture(page: Page, name: str) -> None:
    """Keep a picture for the eye when LOOK_PICTURES names a folder."""
    if folder := os.environ.get("LOOK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
