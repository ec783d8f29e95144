"""Coming in by the company's provider, by passkey and by code: on a telephone, by keyboard alone, in each language."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from mentoring.sso import discovery
from outbox.models import Message
from participants.models import Person
from participants.services import open_log_in
from tests.e2e.browser import Watch, person_at
from tests.e2e.look.conftest import PHONE, faults_of, picture
from tests.programmes.world import make_world, take_part
from tests.sso.process import Provider, running_provider

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ["en", "nl", "de"]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def junior(language: str) -> Person:
    person = take_part(make_world(), "1", "mentor").person
    Person.objects.filter(pk=person.pk).update(language=language)
    open_log_in(person=person)
    return person


@pytest.fixture(scope="module")
def process() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def phone(browser: Browser, live_server: Any, language: str) -> Iterator[Page]:
    cache.clear()  # how often one address may ask for a code is not the matter here
    watch = Watch(live_server.url)
    with person_at(browser, live_server.url, watch, viewport=PHONE, reduced_motion="reduce") as page:
        page.context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
        yield page


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _press in range(60):
        if page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never reaches {selector} on {page.url}")


def press(page: Page, selector: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Enter")


def at_the_door(page: Page, language: str) -> None:
    page.goto("/accounts/login/code/")
    page.wait_for_load_state("networkidle")
    assert page.get_attribute("html", "lang") == language


def is_in(page: Page, language: str) -> None:
    """On the first page, greeted in the person's own language."""
    page.wait_for_url("**/")
    assert page.get_attribute("html", "lang") == language
    expect(page.get_by_role("heading", level=1)).to_contain_text("P1")


@contextmanager
def authenticator(page: Page) -> Iterator[None]:
    """A device that keeps passkeys and knows its owner, as Chromium's own tools make one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    session.detach()


def by_code(page: Page, person: Person, language: str) -> None:
    at_the_door(page, language)
    tab_to(page, "input[name=email]")
    page.keyboard.type(str(person.email))
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/")
    code = Message.objects.filter(kind="login_code").latest("pk").context["code"]
    tab_to(page, "input[name=code]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    is_in(page, language)


def test_by_code(phone: Page, junior: Person, language: str) -> None:
    by_code(phone, junior, language)


def test_by_the_provider(
    phone: Page, junior: Person, language: str, process: Provider, settings: Any, live_server: Any
) -> None:
    discovery._kept.clear()
    settings.OIDC = process.configuration()
    settings.SITE_URL = live_server.url
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = ["'self'", process.address]
    settings.CONTENT_SECURITY_POLICY = policy
    subject = f"s-{language}"
    process.knows(subject, email=junior.email, email_verified=True)
    at_the_door(phone, language)
    assert faults_of(phone) == []
    picture(phone, f"door-sso-{language}")
    press(phone, "form[action='/accounts/sso/'] button")
    phone.wait_for_url(f"{process.address}/**")
    tab_to(phone, "input[name=sub]")
    phone.keyboard.type(subject)
    phone.keyboard.press("Enter")
    is_in(phone, language)


def test_by_passkey_which_is_named_and_removed_again(phone: Page, junior: Person, language: str) -> None:
    with authenticator(phone):
        by_code(phone, junior, language)
        phone.goto("/accounts/2fa/webauthn/add/")
        phone.wait_for_load_state("networkidle")
        assert faults_of(phone) == []
        picture(phone, f"passkey-add-{language}")
        tab_to(phone, "input[name=name]")
        phone.keyboard.press("Control+a")
        phone.keyboard.type("My telephone")
        press(phone, "#mfa_webauthn_add")
        phone.wait_for_url("**/recovery-codes/")
        _log_out(phone)
        at_the_door(phone, language)
        press(phone, "#passkey_login")
        is_in(phone, language)
        phone.goto("/accounts/2fa/webauthn/")
        expect(phone.get_by_text("My telephone").first).to_be_visible()
        assert faults_of(phone) == []
        picture(phone, f"passkey-list-{language}")
        press(phone, "a[href*='/webauthn/'][href*='/remove/']")
        phone.wait_for_url("**/remove/")
        assert faults_of(phone) == []
        press(phone, "main form button")
        phone.wait_for_url("**/webauthn/")
        assert not Authenticator.objects.filter(type="webauthn").exists()


def test_a_lost_passkey_locks_nobody_out(phone: Page, junior: Person, language: str) -> None:
    with authenticator(phone):
        by_code(phone, junior, language)
        phone.goto("/accounts/2fa/webauthn/add/")
        press(phone, "#mfa_webauthn_add")
        phone.wait_for_url("**/recovery-codes/")
    _log_out(phone)
    assert Authenticator.objects.filter(type="webauthn").exists()
    by_code(phone, junior, language)


def _log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    press(page, "main form button")
    page.wait_for_url("**/login/code/")
