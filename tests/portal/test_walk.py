"""Every address × everybody to whom it does not belong: 404 as for what does not exist, or the way to log in.

The addresses come from the URL patterns. One that takes a number must say in ``NUMBERS`` (portal) or by the name of
its argument (desk) whose number it is, so that a new page fails here until it has its line (C-01, C-02, C-05).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from evaluations.models import Round
from matching.models import MatchingRun, Proposal
from meetings.models import Meeting
from mentoring.policies import addresses
from operations.models import Job
from pairings.models import PairGoal, Pairing
from participants.models import ImportFile, NeverWith, Person, User
from participants.services import name_delegate, open_log_in
from programmes.models import Cohort, ContactRequest, Enrolment, OpenCall, Programme, SponsorTask
from tests.house.test_admin_scoping import NOW, SHARED, World, make_everything

pytestmark = pytest.mark.django_db
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")

#: Portal pages by name, with what their number is. None: it takes no number, and shows everybody their own.
NUMBERS: dict[str, type[Any] | None] = {
    "home": None, "errand": None, "invitation": None, "call-landing": None, "talk": None, "contact-requests": None,
    "mail-choices": None, "dates": None, "delegate": None, "never-with": None, "profile": None,
    "kept": None, "copy": None,
    "copy-file": None, "erasure": None, "help": None,
    "accessibility": None, "topic-call-landing": None, "set-language": None, "set-theme": None,
    "pair": Pairing, "pair-end": Pairing, "meeting-plan": Pairing, "meeting-slot": Pairing,
    "meeting-held": Pairing, "dates-plan": Pairing,
    "pair-agreement": Pairing, "pair-rhythm": Pairing, "pair-goal-add": Pairing,
    "pair-goal": PairGoal, "pair-goal-steps": PairGoal, "pair-goal-remove": PairGoal,
    "meeting-move": Meeting, "meeting-cancel": Meeting, "meeting-record": Meeting, "meeting-calendar": Meeting,
    "dates-move": Meeting,
    "taster": Pairing, "proposal": Proposal, "proposal-words": Proposal,
    "evaluation": Round, "evaluation-part": Round, "evaluation-thanks": Round, "evaluation-results": Round,
    "talk-withdraw": ContactRequest, "contact-request-close": ContactRequest,
    "never-with-take-back": NeverWith,
    "part": Enrolment,
    "brief": Enrolment, "intake": Enrolment, "intake-step": Enrolment, "topic-suggest": Enrolment,
    "call-take-back": OpenCall,
    "council-sheet": Programme, "works-council": Programme, "sponsor": Programme,
    "sponsor-task": SponsorTask, "sponsor-results": Round,
}  # fmt: skip
#: Open on purpose: a call and a question for topics are put to the whole company, and a link to whoever holds it.
FOR_ALL = {
    "call", "call-door", "call-door-code", "call-door-name", "call-link", "call-nominate", "call-own-view",
    "errand-link", "invitation-link", "mail-stop", "topic-call", "topic-call-link",
}  # fmt: skip
#: Pages that somebody of the same programme may open although they are neither of the two.
ALSO_FOR = {
    "dates-plan": {"its delegate"},
    "dates-move": {"its delegate"},
    "council-sheet": {"its coordinator", "its works-council member"},
    "works-council": {"its works-council member"},
    "sponsor": {"its sponsor"},
    "sponsor-task": {"its sponsor"},
}
#: Whose number an argument of the desk is; "pk" and "object_id" belong to the list that they stand in.
ARGUMENTS: dict[str, type[Any]] = {
    "run_id": MatchingRun, "job_id": Job, "file_id": ImportFile, "cohort_id": Cohort,
    "programme_id": Programme, "call_id": OpenCall, "mentor_id": Enrolment, "mentee_id": Enrolment,
    "enrolment_id": Enrolment, "person_id": Person,
}  # fmt: skip
#: Words in an address that are nobody's.
WORDS = {"key": "purpose", "step": 1, "app_label": "programmes", "url": "nothing"}
#: Desk pages for whoever stands before its door.
BEFORE_THE_DOOR = {"login", "logout", "jsi18n"}


@pytest.fixture
def mine(db: None) -> World:
    return make_everything("Lantern")


@pytest.fixture
def theirs(mine: World) -> World:
    return make_everything("Canary")


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def log_in(key: str) -> Client:
    return client_of(open_log_in(person=Person.objects.get(hr_key=key)))


def delegate_of(key: str, address: str) -> Client:
    name_delegate(leader=Person.objects.get(hr_key=key), address=address, by=None, now=NOW)
    return client_of(User.objects.get(email=address))


#: A new role is a line here; the walk does the rest.
OUTSIDERS: dict[str, Callable[[World], Client]] = {
    "nobody": lambda mine: client_of(None),
    "a stranger": lambda mine: log_in(_stranger()),
    "a participant elsewhere": lambda mine: log_in("Lantern-mentor1"),
    "a named contact elsewhere": lambda mine: log_in("Lantern-contact"),
    "a sponsor elsewhere": lambda mine: log_in("Lantern-sponsor"),
    "a works-council member elsewhere": lambda mine: log_in("Lantern-council"),
    "a delegate elsewhere": lambda mine: delegate_of("Lantern-mentee1", "ada@example.com"),
    "a coordinator elsewhere": lambda mine: client_of(mine.user),
}
#: People of the same programme who are not the two.
NEIGHBOURS: dict[str, Callable[[World], Client]] = {
    "its coordinator": lambda theirs: client_of(theirs.user),
    "its named contact": lambda theirs: log_in("Canary-contact"),
    "its sponsor": lambda theirs: log_in("Canary-sponsor"),
    "its works-council member": lambda theirs: log_in("Canary-council"),
    "its delegate": lambda theirs: delegate_of("Canary-mentee1", "bo@example.com"),
}
STAFF = {"a coordinator elsewhere"}


def _stranger() -> str:
    return Person.objects.create(
        hr_key="S", first_name="Sam", last_name="Strange", email="sam@example.com"
    ).hr_key


def portal() -> Iterator[tuple[str, str]]:
    for route, name, _view in addresses():
        if name.startswith("portal:") and name[7:] not in FOR_ALL:
            yield name[7:], route


def desk() -> Iterator[tuple[str, str]]:
    for route, name, _view in addresses():
        if name.startswith("admin:"):
            yield name[6:], route


def address_of(name: str, route: str, theirs: World) -> str:
    model = NUMBERS[name]
    if model is None:
        return reverse(f"portal:{name}")
    numbers = {word: _number(model, theirs) if word == "pk" else 1 for word in ARGUMENT.findall(route)}
    return reverse(f"portal:{name}", kwargs=numbers)


def _number(model: type[Any], theirs: World) -> int:
    if model is NeverWith:
        people = Person.objects.filter(hr_key__in=["Canary-mentor1", "Canary-mentee2"])
        one, other = people.order_by("pk")
        return int(NeverWith.objects.get_or_create(person=one, other=other)[0].pk)
    return int(theirs.rows[model].pk)


def said(client: Client, page: str) -> tuple[set[int], bytes]:
    """What both ways of asking answer; 405 says only that a page is not asked in this way."""
    answers = [client.get(page), client.post(page, {})]
    content = b"".join(one.content for one in answers).lower().replace(b"atlantic/canary", b"")  # a time zone
    return {one.status_code for one in answers} - {405}, content


@pytest.mark.covers("C-01")
def test_every_page_of_the_portal_has_a_line_here() -> None:
    names = {name for name, _route in portal()}
    assert names - set(NUMBERS) == set(), "say in NUMBERS what the number of the new page is"
    assert set(NUMBERS) - names == set()


@pytest.mark.parametrize("who", OUTSIDERS, ids=lambda name: name.replace(" ", "-"))
@pytest.mark.covers("C-01", "C-02")
def test_the_portal_gives_nothing_of_another_programme_away(mine: World, theirs: World, who: str) -> None:
    client: Client | None = None
    for name, route in portal():
        page = address_of(name, route, theirs)
        client = client if client is not None and is_in(client, who) else _again(who, mine)
        codes, content = said(client, page)
        assert b"canary" not in content, (who, name)
        if NUMBERS[name] is not None:
            assert codes == ({302} if who == "nobody" else {404}), (who, name, codes)


def is_in(client: Client, who: str) -> bool:
    """Whether this session still stands; somebody who has none needs none."""
    return who == "nobody" or "_auth_user_id" in client.session


def _again(who: str, mine: World) -> Client:
    """The same person once more: a page that ended a session must not help the next."""
    if who == "a stranger":
        person = Person.objects.filter(hr_key="S").first()
        return client_of(open_log_in(person=person)) if person else OUTSIDERS[who](mine)
    return OUTSIDERS[who](mine)


@pytest.mark.parametrize("who", NEIGHBOURS, ids=lambda name: name.replace(" ", "-"))
@pytest.mark.covers("C-06", "B-14")
def test_the_two_keep_their_own_within_their_programme_too(theirs: World, who: str) -> None:
    client: Client | None = None
    for name, route in portal():
        if NUMBERS[name] is not None:
            client = client if client is not None and is_in(client, who) else NEIGHBOURS[who](theirs)
            codes, _content = said(client, address_of(name, route, theirs))
            is_theirs = who in ALSO_FOR.get(name, set())
            assert (codes == {404}) is not is_theirs, (who, name, codes)


def desk_address(name: str, route: str, theirs: World) -> str | None:
    """The page of one of their rows; None for a list that belongs to everybody at the desk."""
    rows = {f"{model._meta.app_label}/{model._meta.model_name}": model for model in theirs.rows}
    shared = {f"{model._meta.app_label}/{model._meta.model_name}" for model in SHARED}
    values: dict[str, Any] = {}
    place = "/".join(route.split("/")[1:3])
    for word in [*ARGUMENT.findall(route)]:
        if word in WORDS:
            values[word] = WORDS[word]
        elif word == "content_type_id":
            values |= {word: ContentType.objects.get_for_model(Enrolment).pk}
        elif word in ("pk", "object_id"):
            if place in shared:
                return None
            model = Enrolment if place.startswith("r/") else rows[place]
            values[word] = theirs.rows[model].pk
        else:
            values[word] = theirs.rows[ARGUMENTS[word]].pk
    return reverse(f"admin:{name}", kwargs=values) if name else None


@pytest.mark.parametrize("who", OUTSIDERS, ids=lambda name: name.replace(" ", "-"))
@pytest.mark.covers("C-01", "C-05")
def test_the_desk_gives_nothing_of_another_programme_away(mine: World, theirs: World, who: str) -> None:
    client = OUTSIDERS[who](mine)
    for name, route in desk():
        if name in BEFORE_THE_DOOR or (page := desk_address(name, route, theirs)) is None:
            continue
        codes, content = said(client, page)
        assert b"canary" not in content, (who, name)
        if who not in STAFF:
            assert codes <= {302, 403, 404}, (who, name, codes)
        elif ARGUMENT.search(route) and name != "app_list":
            assert codes <= {403, 404}, (who, name, codes)
