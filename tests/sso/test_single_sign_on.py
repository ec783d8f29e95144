"""Single sign-on against a real provider process: who gets in, and what a lie gets (C-11)."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.errors import Conflict
from mentoring import doctor
from mentoring.sso.configuration import read
from mentoring.sso.identity import identity_from
from outbox.models import Message
from participants.models import Person, User
from participants.services import bind_identity, mark_left, name_delegate, open_log_in
from programmes.models import Cohort, OpenCall
from programmes.services import invite, name_coordinator, publish_call
from tests.programmes.world import NOW, World, make_person, make_world, take_part
from tests.sso.process import Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def junior(world: World) -> Person:
    """Somebody invited who never logged in."""
    enrolment = take_part(world, "1", "mentor")
    invite(enrolment=enrolment, by=world.coordinator, now=NOW)
    return enrolment.person


def came_in(client: Client) -> int | None:
    """The log-in behind a browser's session."""
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def single_sign_on(provider: Provider, subject: str, client: Client | None = None) -> tuple[Client, Any]:
    """The whole way of a browser: button, provider, back; returns the browser and our answer."""
    client = client or Client()
    out = client.post(reverse("sso_login"))
    assert out.status_code == 302, out.content.decode()
    back = urlsplit(provider.log_in(out["Location"], subject))
    return client, client.get(f"{back.path}?{back.query}")


@pytest.mark.covers("C-11")
def test_an_invited_person_comes_in_and_is_bound_to_the_subject(provider: Provider, junior: Person) -> None:
    provider.knows("s-1", email=str(junior.email).upper(), email_verified=True, name="Somebody Else")
    client, answer = single_sign_on(provider, "s-1")
    user = User.objects.get(person=junior)
    assert (answer.status_code, came_in(client)) == (302, user.pk)
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid) == (user, provider.address, "s-1")
    assert account.extra_data == {}
    assert not SocialToken.objects.exists()
    junior.refresh_from_db()
    assert junior.first_name != "Somebody"


@pytest.mark.covers("C-11")
def test_what_goes_out_carries_state_nonce_and_pkce(provider: Provider, junior: Person) -> None:
    provider.knows("s-1", email=junior.email, email_verified=True)
    out = Client().post(reverse("sso_login") + "?scope=admin&auth_params=prompt%3Dnone&process=connect")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(out["Location"]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 30
    assert len(asked["state"]) >= 16
    assert sorted(asked["scope"].split()) == ["email", "openid"]
    assert asked["redirect_uri"] == "http://testserver/accounts/sso/callback/"
    assert "prompt" not in asked


@pytest.mark.covers("C-11")
def test_another_address_of_the_same_subject_changes_nothing(provider: Provider, junior: Person) -> None:
    provider.knows("s-1", email=junior.email, email_verified=True)
    first, _answer = single_sign_on(provider, "s-1")
    other = make_person("2")
    provider.knows("s-1", email=other.email, email_verified=True)
    second, _answer = single_sign_on(provider, "s-1")
    assert came_in(second) == came_in(first)
    assert not User.objects.filter(person=other).exists()
    junior.refresh_from_db()
    assert User.objects.get(person=junior).email == junior.email


@pytest.mark.covers("C-11")
def test_a_second_subject_with_the_same_address_is_refused(provider: Provider, junior: Person) -> None:
    provider.knows("s-1", email=junior.email, email_verified=True)
    provider.knows("s-2", email=junior.email, email_verified=True)
    single_sign_on(provider, "s-1")
    client, answer = single_sign_on(provider, "s-2")
    assert (answer.status_code, came_in(client)) == (403, None)
    assert "belongs to another account" in answer.content.decode()
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": "no"}, {}])
@pytest.mark.covers("C-11")
def test_an_address_that_is_not_verified_binds_nobody(
    provider: Provider, junior: Person, claims: dict[str, Any]
) -> None:
    provider.knows("s-1", email=junior.email, **claims)
    client, answer = single_sign_on(provider, "s-1")
    assert (answer.status_code, came_in(client)) == (403, None)
    assert "Your address is not confirmed" in answer.content.decode()
    assert not SocialAccount.objects.exists()


def test_domains_that_the_provider_issues_itself_count_where_it_says_nothing(
    provider: Provider, junior: Person, settings: Any
) -> None:
    settings.OIDC = provider.configuration(verified_domains=("example.com",))
    provider.knows("s-1", email=junior.email)
    assert came_in(single_sign_on(provider, "s-1")[0]) is not None
    provider.knows("s-2", email="x@example.com", email_verified=False)
    assert "not confirmed" in single_sign_on(provider, "s-2")[1].content.decode()


LIES: dict[str, dict[str, Any]] = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"without": ["nonce"]},
    "wrong audience": {"claims": {"aud": "somebody-else"}},
    "two audiences": {"claims": {"aud": ["mentoring", "somebody-else"], "azp": "somebody-else"}},
    "wrong issuer": {"claims": {"iss": "http://127.0.0.1:1"}},
    "expired": {"age": 3600},
    "from the future": {"claims": {"iat": 4_000_000_000}},
    "no subject": {"without": ["sub"]},
    "endless subject": {"claims": {"sub": "s" * 192}},
    "not signed": {"signature": "none"},
    "signed with the client's secret": {"signature": "secret"},
    "signed by a stranger": {"signature": "stranger"},
}


@pytest.mark.parametrize("lie", LIES, ids=lambda name: name.replace(" ", "-"))
@pytest.mark.covers("C-11")
def test_a_token_that_lies_opens_nothing(
    provider: Provider, junior: Person, lie: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.knows("s-1", email=junior.email, email_verified=True)
    provider.lies(**LIES[lie])
    with caplog.at_level(logging.WARNING):
        client, answer = single_sign_on(provider, "s-1")
    assert (answer.status_code, came_in(client)) == (502, None)
    assert "did not give an answer that we can trust" in answer.content.decode()
    assert not SocialAccount.objects.exists()
    assert not User.objects.filter(person=junior).exists()
    assert "eyJ" not in caplog.text  # no token in the log
    assert "retrieving access token" not in caplog.text  # the provider did answer


@pytest.mark.covers("C-11")
def test_an_answer_works_once_and_in_its_own_browser_only(provider: Provider, junior: Person) -> None:
    provider.knows("s-1", email=junior.email, email_verified=True)
    client = Client()
    out = client.post(reverse("sso_login"))
    back = urlsplit(provider.log_in(out["Location"], "s-1"))
    stolen = Client().get(f"{back.path}?{back.query}")
    assert stolen.status_code == 502
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    assert Client().get(f"{back.path}?{back.query}").status_code == 502
    elsewhere = client.get(f"{back.path}?{back.query}&iss=https://other.example")
    assert elsewhere.status_code == 502


def test_a_stranger_gets_a_kind_page_and_no_account(provider: Provider, world: World) -> None:
    for subject, email in (("s-1", "nobody@example.com"), ("s-2", make_person("9").email)):
        provider.knows(subject, email=email, email_verified=True)
        client, answer = single_sign_on(provider, subject)
        assert (answer.status_code, came_in(client)) == (403, None)
        assert "You are not in a programme yet" in answer.content.decode()
    assert User.objects.count() == 1  # the coordinator's
    assert not SocialAccount.objects.exists()


def test_an_open_call_lets_every_colleague_of_the_roster_in(provider: Provider, world: World) -> None:
    """Decision 29: single sign-on opens an open call, for as long as one can sign up."""
    colleague = make_person("9")
    provider.knows("s-1", email=colleague.email, email_verified=True)
    today = timezone.localdate()
    publish_call(cohort=world.cohort, values={"closes_on": today + timedelta(days=3)}, by=None)
    assert came_in(single_sign_on(provider, "s-1")[0]) is None
    Cohort.objects.filter(pk=world.cohort.pk).update(stage="open")
    assert came_in(single_sign_on(provider, "s-1")[0]) == User.objects.get(person=colleague).pk


def test_a_call_that_lets_colleagues_in_does_so_by_single_sign_on_too(
    provider: Provider, world: World, settings: Any
) -> None:
    """Decision 29: whom no roster knows comes in by the same rule as by the call's own door."""
    settings.OPEN_CALL_DOMAINS = ["example.com"]
    provider.knows("s-1", email="new.colleague@example.com", email_verified=True)
    provider.knows("s-2", email="new@elsewhere.org", email_verified=True)
    days = timedelta(days=3)
    values = {"closes_on": timezone.localdate() + days, "lets_in": False}
    call = publish_call(cohort=world.cohort, values=values, by=None)
    Cohort.objects.filter(pk=world.cohort.pk).update(stage="open")
    assert came_in(single_sign_on(provider, "s-1")[0]) is None
    OpenCall.objects.filter(pk=call.pk).update(lets_in=True)
    user = User.objects.get(pk=came_in(single_sign_on(provider, "s-1")[0]))
    assert (str(user.person), user.person.hr_key[:5]) == ("New Colleague", "self-")
    assert SocialAccount.objects.get(user=user).uid == "s-1"
    assert came_in(single_sign_on(provider, "s-2")[0]) is None
    claims = {"sub": "s-3", "name": "Noor van Dam"}
    said = identity_from(claims, settings.OIDC)
    assert (said.first_name, said.last_name) == ("Noor van", "Dam")
    mark_left(person=user.person, now=NOW)
    assert came_in(single_sign_on(provider, "s-1")[0]) is None
    assert Person.objects.filter(email="new.colleague@example.com").count() == 1


@pytest.mark.covers("C-04")
def test_whoever_has_left_does_not_come_back(provider: Provider, junior: Person) -> None:
    provider.knows("s-1", email=junior.email, email_verified=True)
    single_sign_on(provider, "s-1")
    mark_left(person=junior, now=NOW)
    client, answer = single_sign_on(provider, "s-1")
    assert came_in(client) is None
    assert answer.status_code in (302, 403)


def test_a_coordinator_and_a_delegate_come_in_too(provider: Provider, world: World, junior: Person) -> None:
    boss = make_person("b")
    name_coordinator(programme=world.programme, person=boss, by=None, now=NOW)
    name_delegate(leader=world.coordinator, address="ada@example.com", by=None, now=NOW)
    provider.knows("s-1", email=boss.email, email_verified=True)
    provider.knows("s-2", email="ada@example.com", email_verified=True)
    assert came_in(single_sign_on(provider, "s-1")[0]) == User.objects.get(person=boss).pk
    client, _answer = single_sign_on(provider, "s-2")
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("portal:dates")


def test_cancelling_and_a_provider_that_is_away_are_told_in_words(provider: Provider, settings: Any) -> None:
    client = Client()
    out = client.post(reverse("sso_login"))
    state = parse_qs(urlsplit(out["Location"]).query)["state"][0]
    back = client.get(reverse("sso_callback"), {"state": state, "error": "access_denied"})
    assert "You stopped logging in" in back.content.decode()
    settings.OIDC = provider.configuration(issuer="http://127.0.0.1:1")
    assert client.post(reverse("sso_login")).status_code == 502


def test_without_a_provider_nothing_is_offered(client: Client, settings: Any) -> None:
    settings.OIDC = None
    assert client.post(reverse("sso_login")).status_code == 404
    assert client.get(reverse("sso_callback")).status_code == 404
    assert "/accounts/sso/" not in client.get("/accounts/login/code/").content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Log in with Acme"), ("nl", "Inloggen met Acme"), ("de", "Mit Acme anmelden")],
)
def test_the_button_stands_first_in_each_language(
    provider: Provider, client: Client, language: str, words: str
) -> None:
    client.cookies["language"] = language
    page = client.get("/accounts/login/code/").content.decode()
    assert words in page
    assert page.index("/accounts/sso/") < page.index('name="email"')


@pytest.mark.covers("C-11")
def test_where_it_is_the_only_way_the_others_are_for_operators(
    provider: Provider, junior: Person, settings: Any
) -> None:
    settings.OIDC = provider.configuration(only=True)
    user = open_log_in(person=junior)
    user.set_password("a long pass phrase 1")
    user.save()
    root = User.objects.create_superuser(email="root@example.com", password="a long pass phrase 1")
    page = Client().get("/accounts/login/code/").content.decode()
    assert "Send me a code" not in page
    found = []
    for one in (user, root):
        client = Client()
        client.post("/accounts/login/", {"login": one.email, "password": "a long pass phrase 1"})
        found.append(came_in(client))
    assert found == [None, root.pk]
    Client().post("/accounts/login/code/", {"email": user.email})
    assert not Message.objects.filter(kind="login_code").exists()
    provider.knows("s-1", email=junior.email, email_verified=True)
    assert came_in(single_sign_on(provider, "s-1")[0]) == user.pk


@pytest.mark.covers("C-08", "C-11")
@pytest.mark.parametrize(
    ("counts", "amr", "lands"),
    [(("mfa",), ["pwd", "mfa"], 200), (("mfa",), ["pwd"], 302), ((), ["mfa"], 302)],
)
def test_the_providers_second_factor_counts_where_it_is_said_to(
    provider: Provider, world: World, settings: Any, counts: tuple[str, ...], amr: list[str], lands: int
) -> None:
    settings.SECOND_FACTOR_FOR_STAFF = True
    settings.OIDC = provider.configuration(second_factor=counts)
    provider.knows("s-1", email=world.coordinator.email, email_verified=True)
    provider.lies(claims={"amr": amr})
    client, _answer = single_sign_on(provider, "s-1")
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == lands
    if lands == 302:
        assert answer["Location"] == reverse("mfa_index")
    other = Client()
    other.force_login(world.user, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(reverse("admin:index")).status_code == 302


def test_logging_out_ends_the_session_there_too_where_that_is_wanted(
    provider: Provider, junior: Person, settings: Any
) -> None:
    provider.knows("s-1", email=junior.email, email_verified=True)
    client, _answer = single_sign_on(provider, "s-1")
    assert client.post(reverse("account_logout"))["Location"] == "/accounts/login/code/"
    settings.OIDC = provider.configuration(logs_out=True)
    client, _answer = single_sign_on(provider, "s-1")
    out = client.post(reverse("account_logout"))["Location"]
    assert out.startswith(
        f"{provider.address}/oauth2/end_session?client_id=mentoring&post_logout_redirect_uri="
    )
    assert came_in(client) is None


def test_no_page_connects_a_second_identity(provider: Provider, junior: Person) -> None:
    provider.knows("s-1", email=junior.email, email_verified=True)
    client, _answer = single_sign_on(provider, "s-1")
    assert client.get("/accounts/3rdparty/")["Location"] == reverse("mfa_index")
    assert client.get("/accounts/3rdparty/signup/")["Location"] == reverse("mfa_index")
    provider.knows("s-2", email="nobody@example.com", email_verified=True)
    single_sign_on(provider, "s-2", client)
    assert SocialAccount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_subjects_at_once_bind_one(world: World) -> None:
    user = world.user

    def bind(subject: str) -> str:
        try:
            bind_identity(user=user, issuer="https://login.example.com", subject=subject)
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()
        return "bound"

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(bind, ["a", "b", "c", "d"]))
    assert said == ["bound", "identity_taken", "identity_taken", "identity_taken"]


def test_doctor_says_what_is_wrong(provider: Provider, settings: Any) -> None:
    assert doctor.single_sign_on().ok
    assert "/accounts/sso/callback/" in doctor.single_sign_on().found
    settings.SSO_ORIGINS = []
    assert "SSO_ORIGINS=" in doctor.single_sign_on().remedy
    provider.lies(discovery={"issuer": provider.address})
    assert "lacks authorization_endpoint" in doctor.single_sign_on().found
    settings.OIDC = provider.configuration(issuer=provider.address + "/")
    provider.lies()
    assert "calls itself" in doctor.single_sign_on().found
    settings.OIDC = provider.configuration(issuer=provider.address + "/nowhere")
    assert "404" in doctor.single_sign_on().found
    settings.OIDC = provider.configuration(issuer="http://127.0.0.1:1")
    assert "cannot be reached" in doctor.single_sign_on().found
    settings.OIDC = None
    assert doctor.single_sign_on().ok


def test_the_environment_is_read_strictly() -> None:
    whole = {"OIDC_ISSUER": "https://login.example.com", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    assert read({}, is_local=False) is None
    found = read(whole | {"OIDC_SECOND_FACTOR": "mfa, hwk", "OIDC_ONLY": "1"}, is_local=False)
    assert found is not None
    assert (found.second_factor, found.only, found.origin) == (
        ("mfa", "hwk"),
        True,
        "https://login.example.com",
    )
    for wrong in (
        {"OIDC_ISSUER": "https://login.example.com"},
        {"OIDC_ONLY": "1"},
        whole | {"OIDC_ISSUER": "http://login.example.com"},
    ):
        with pytest.raises(ImproperlyConfigured):
            read(wrong, is_local=False)
