"""A refusal that no page expected: somebody else was quicker between the page's own check and the act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import DomainError, IllegalTransition, NotAllowed
from pairings.models import Pairing
from participants.services import open_log_in
from tests.meetings.world import pair

pytestmark = pytest.mark.django_db

Refuse = Callable[[Exception], None]


@pytest.fixture
def two() -> Pairing:
    return pair()


@pytest.fixture
def client(two: Pairing) -> Client:
    made = Client()
    user = open_log_in(person=two.mentor.person)
    made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return made


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    def plant(refusal: Exception) -> None:
        def late(**_asked: object) -> None:
            raise refusal

        monkeypatch.setattr("portal.views.pairs.end_pairing", late)

    return plant


@pytest.mark.covers("C-01")
def test_what_one_may_not_do_any_more_is_answered_like_what_never_was(
    client: Client, two: Pairing, refuse: Refuse
) -> None:
    refuse(NotAllowed("Not yours."))
    answer = client.post(reverse("portal:pair-end", args=[two.pk]))
    assert answer.status_code == 404
    assert "Not yours" not in answer.content.decode()


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/profile/", "http://testserver/profile/"),
        ("https://elsewhere.example/profile/", "/"),
        ("", "/"),
    ],
)
def test_any_other_late_refusal_stands_in_words_on_the_page_one_came_from(
    client: Client, two: Pairing, refuse: Refuse, referer: str, back: str
) -> None:
    refuse(IllegalTransition("This pair has ended meanwhile."))
    answer = client.post(
        reverse("portal:pair-end", args=[two.pk]), headers={"referer": referer} if referer else {}
    )
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert "This pair has ended meanwhile." in client.get(back, follow=True).content.decode()


@pytest.mark.parametrize("fault", [RuntimeError("a fault of ours"), DomainError("refused while reading")])
def test_a_fault_of_ours_stays_one(
    client: Client, two: Pairing, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def broken(*_asked: object, **_named: object) -> None:
        raise fault

    monkeypatch.setattr("portal.views.pairs.pair_page", broken)
    with pytest.raises(type(fault)):
        client.get(reverse("portal:pair", args=[two.pk]))
