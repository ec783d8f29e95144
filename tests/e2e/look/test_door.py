"""The pages of log-in and the pages for what went wrong: reachable, clean, and without a word about signing up."""

from __future__ import annotations

import re

import pytest
from django.template import loader
from django.test import Client

from participants.models import Person, User
from tests.e2e.look.conftest import SAMPLE, OpenPage, faults_seen

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = ["/accounts/login/code/", "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"]
OWN = ["/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/", "/accounts/2fa/totp/activate/"]


@pytest.fixture
def user() -> User:
    person = Person.objects.create(
        hr_key="K1", first_name="Noor", last_name="El Amrani", email="noor@example.com", grade=4
    )
    user = User(email="noor@example.com", person=person)
    user.set_password("a long pass phrase 1")
    user.save()
    return user


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_every_page_at_the_door_is_readable_by_everybody(open_page: OpenPage, language: str) -> None:
    """For somebody who is not logged in, the page that is not there included."""
    found = []
    for address in (*DOOR, "/nothing-here/"):
        with open_page(address, cookies={"language": language}, locale=language) as page:
            assert page.locator("html").get_attribute("lang") == language
            found += faults_seen(page, f"door-{address.strip('/').replace('/', '-')}-{language}")
    assert found == []


def test_no_finding_of_axe_on_the_pages_of_a_log_in(open_page: OpenPage, client: Client, user: User) -> None:
    client.force_login(user)
    found = []
    for address in OWN:
        with open_page(address, cookies={"session": client.cookies["session"].value}) as page:
            found += faults_seen(page, f"own-{address.strip('/').replace('/', '-')}", SAMPLE)
    assert found == []


@pytest.mark.parametrize("address", DOOR)
def test_nobody_is_told_to_sign_up(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    words = re.sub(r"<[^>]*>", " ", html)
    assert not re.search(r"sign[ -]?up|register|create an account", words, re.IGNORECASE)
    assert "Only people with an invitation can get in" in html


def test_the_code_page_keeps_quiet_about_who_is_known(user: User) -> None:
    pages = []
    for address in (user.email, "stranger@example.com"):
        client = Client()
        client.post("/accounts/login/code/", {"email": address})
        html = client.get("/accounts/login/code/confirm/").content.decode()
        pages.append(re.sub(r'value="[^"]*"|csrf[^"\']*|X-CSRFToken[^}]*', "", html.replace(address, "…")))
    assert pages[0] == pages[1]
    assert 'autocomplete="one-time-code"' in pages[0]
    assert "placeholder" not in pages[0]


def test_under_a_known_password_the_help_comes_after_the_field(client: Client) -> None:
    html = client.get("/accounts/login/").content.decode()
    assert html.index('name="password"') < html.index("/accounts/password/reset/")


@pytest.mark.covers_part("D-14")
@pytest.mark.parametrize("name", ["400.html", "429.html", "500.html"])
def test_pages_for_a_fault_need_neither_request_nor_database(name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", None)
        html = loader.get_template(name).render({})
    assert "<h1>" in html
    assert "To the first page" in html
