"""A browser beside a site in this process: enough to judge the look, without worker or broker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browser import CHROMIUM, FLAGS, Watch, person_at

#: The widths that everything is judged at, and the two schemes.
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCHEMES = ("light", "dark")

OpenPage = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed (apt-get install chromium)")
    # Playwright keeps an event loop in this thread, which Django would mistake for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


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
            yield page
            watch.assert_clean()

    return opened
