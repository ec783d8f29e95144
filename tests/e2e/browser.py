"""Real pages in Debian's Chromium, watched for what must never happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COUNTED = ("critical", "serious", "moderate")
#: All that another scheme can break: it changes colours and nothing else.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
#: Both schemes at both widths.
VIEWS = tuple(product(("light", "dark"), (1280, 390)))
#: The narrowest page that nothing may scroll sideways on (WCAG 1.4.10).
NARROWEST = 320
#: Tells of blocked styles and scripts before any page script runs.
LISTEN = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', e =>
  window.__violations.push(e.violatedDirective + ' ' + (e.blockedURI || e.sourceFile)));
"""


class Watch:
    """Everything a context did that a page of ours never does: errors, policy violations, foreign requests."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.looks_away = False

    def follow(self, page: Page) -> None:
        page.on("console", lambda m: self._say(page, m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self._say(page, str(error)))
        page.on("request", lambda request: self._request(request.url))

    def _say(self, page: Page, text: str) -> None:
        if self.looks_away:
            return
        # A form that comes back with its errors answers 422; Chromium logs every 4xx as an error.
        if "status of 422" not in text and "status of 404" not in text and "status of 410" not in text:
            self.errors.append(f"{page.url}: {text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.foreign.append(url)

    def assert_clean(self) -> None:
        assert self.errors == [], self.errors
        assert self.foreign == [], self.foreign


_watches: WeakKeyDictionary[BrowserContext, Watch] = WeakKeyDictionary()


@contextmanager
def person_at(browser: Browser, address: str, watch: Watch, **options: Any) -> Iterator[Page]:
    """A browser of somebody's own: cookies apart from everybody else's."""
    context: BrowserContext = browser.new_context(base_url=address, **options)
    context.add_init_script(LISTEN)
    context.on("page", watch.follow)
    _watches[context] = watch
    page = context.new_page()
    page.set_default_timeout(15_000)
    try:
        yield page
    finally:
        context.close()


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.__violations || []")
    return found


def axe_findings(page: Page, rules: dict[str, Any] | None = None) -> list[str]:
    """Critical, serious and moderate findings of axe-core on the page as it stands.

    Args:
        rules: axe's ``runOnly``; all rules of ``AXE_RULES`` if none.

    axe adds style elements of its own, which the policy blocks. So what the page itself did is judged first, and
    nobody listens to the console while axe runs.
    """
    assert violations(page) == [], violations(page)
    watch = _watches[page.context]
    watch.assert_clean()
    watch.looks_away = True
    try:
        # Only what is wrong is worked out in detail, and no style sheet is fetched a second time.
        ask = {"resultTypes": ["violations"], "preload": False}
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        asked = ask | {"runOnly": rules or {"type": "tag", "values": AXE_RULES}}
        wrong = page.evaluate("asked => axe.run(document, asked).then(found => found.violations)", asked)
    finally:
        # what Chromium still has to say of axe comes a moment later
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        page.evaluate("window.__violations = []")
        watch.looks_away = False
    return [
        f"{page.url} {rule['id']} ({rule['impact']}): {node['html'][:160]}"
        for rule in wrong
        if rule["impact"] in COUNTED
        for node in rule["nodes"][:3]
    ]


def settled(page: Page) -> None:
    """Wait until nothing fades or moves any more: a colour half-way between two schemes is nobody's."""
    page.evaluate("""new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
        .then(() => document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity))
        .then(moving => Promise.allSettled(moving.map(one => one.finished)))
        .then(() => true)""")


def sideways(page: Page) -> int:
    """How many pixels the page scrolls sideways; 0 is right."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def faults(
    page: Page,
    views: Iterable[tuple[str, int]] = VIEWS,
    look: Callable[[str, int], None] = lambda scheme, width: None,
) -> list[str]:
    """What is wrong with the page as it stands, in these schemes and widths, and sideways on the narrowest.

    Args:
        look: called in each view, to take a picture.

    The page is judged without being loaded again, so what was typed or refused on it is judged too. All rules are
    asked at each width, and once more in the other scheme those about colour.
    """
    colours = {"type": "rule", "values": COLOUR_RULES}
    asked: set[int] = set()
    found, size = [], page.viewport_size or {"width": 1280, "height": 900}
    for scheme, width in views:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        look(scheme, width)
        found += [
            f"{scheme} {width}: {one}" for one in axe_findings(page, colours if width in asked else None)
        ]
        asked.add(width)
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    if pixels := sideways(page):
        found.append(f"{page.url} scrolls {pixels} pixels sideways at {NARROWEST}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    return found


# --- what a person does


def press(page: Page, name: str) -> None:
    """Click a button and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=False).first.click()


def follow(page: Page, name: str) -> None:
    """Click a link and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=False).first.click()
