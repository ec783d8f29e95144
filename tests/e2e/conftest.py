"""The site and the browser, once for all browser tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from tests.e2e.browser import CHROMIUM, FLAGS, Watch, person_at
from tests.e2e.site import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason=f"{CHROMIUM} is not installed (apt-get install chromium)")
    for item in items:
        if "tests/e2e" in item.nodeid:
            item.add_marker(pytest.mark.e2e)
            if not CHROMIUM.exists():
                item.add_marker(missing)


class BySite(LoadScopeScheduling):
    """What needs the one running site goes to one worker, in order; everything else by file."""

    def _split_scope(self, nodeid: str) -> str:
        folder, file = nodeid.split("::")[0].rsplit("/", 1)
        return folder if folder == "tests/e2e" else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> BySite:
    return BySite(config, log)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    running = Site()
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django would mistake for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def watch(site: Site) -> Watch:
    return Watch(site.address)


# --- the people of the journey, each in a browser of their own, from its first step to the last page


@dataclass
class Story:
    """What one step leaves to the next."""

    mentor: str = ""
    mentee: str = ""
    proposal: int = 0
    mentor_name: str = ""
    mentee_name: str = ""


@pytest.fixture(scope="session")
def story() -> Story:
    return Story()


Enter = Callable[[int], AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def enter(browser: Browser, site: Site, watch: Watch) -> Enter:
    """``with enter(390) as page``: somebody's own browser on a screen of that width."""
    return lambda width: person_at(
        browser, site.address, watch, viewport={"width": width, "height": 844 if width < 500 else 900}
    )


@pytest.fixture(scope="session")
def operator(enter: Enter) -> Iterator[Page]:
    with enter(1280) as page:
        yield page


@pytest.fixture(scope="session")
def coordinator(enter: Enter) -> Iterator[Page]:
    with enter(1280) as page:
        yield page


@pytest.fixture(scope="session")
def mentor(enter: Enter) -> Iterator[Page]:
    with enter(390) as page:
        yield page


@pytest.fixture(scope="session")
def mentee(enter: Enter) -> Iterator[Page]:
    with enter(1280) as page:
        yield page
