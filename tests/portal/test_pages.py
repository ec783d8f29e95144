"""The portal's pages: each person gets their own, everybody else the 404 of something that does not exist."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from common.privacy import declared_models
from meetings.choices import MeetingState
from meetings.models import Meeting
from meetings.services import plan_meeting
from pairings.models import Pairing
from pairings.services import add_goal
from participants.models import Person
from participants.services import open_log_in
from portal.selectors.register import NAMES, PARTS, what_we_keep
from programmes.choices import ContactState, ContactTarget
from programmes.models import ContactRequest, Coordinator, NamedContact, Sponsor, SponsorTask
from programmes.services import request_contact
from tests.meetings.world import NOW, cohort, pair, person

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=8, hours=3)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def logged_in(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def two() -> Pairing:
    return pair()


def planned(pairing: Pairing, at: datetime = TUESDAY) -> Meeting:
    return plan_meeting(
        pairing=pairing, by=pairing.mentor.person, starts_at=at, ends_at=at + timedelta(hours=1), now=NOW
    )


def own_pages(pairing: Pairing, meeting: Meeting) -> list[str]:
    return [
        reverse("portal:pair", args=[pairing.pk]),
        reverse("portal:pair-end", args=[pairing.pk]),
        reverse("portal:meeting-plan", args=[pairing.pk]),
        reverse("portal:meeting-held", args=[pairing.pk]),
        reverse("portal:meeting-move", args=[meeting.pk]),
        reverse("portal:meeting-cancel", args=[meeting.pk]),
        reverse("portal:meeting-calendar", args=[meeting.pk]),
    ]


def test_a_stranger_is_asked_to_log_in() -> None:
    response = Client().get("/")
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_request_login_code"))


@pytest.mark.covers("S1.27", "C-01")
def test_both_see_their_pair_and_only_they(two: Pairing) -> None:
    pages = own_pages(two, planned(two))
    outsider = pair(two.cohort).mentor.person
    for who in (two.mentor.person, two.mentee.person):
        assert [logged_in(who).get(page).status_code for page in pages] == [200] * len(pages)
    assert [logged_in(outsider).get(page).status_code for page in pages] == [404] * len(pages)


@pytest.mark.covers("C-01", "C-06", "S1.27")
def test_a_coordinator_and_a_superuser_get_no_page_of_a_pair(two: Pairing) -> None:
    boss = person()
    Coordinator.objects.create(programme=two.cohort.programme, person=boss)
    operator = open_log_in(person=person())
    operator.is_superuser = True
    operator.save()
    root = Client()
    root.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("portal:pair", args=[two.pk])
    assert logged_in(boss).get(page).status_code == 404
    assert root.get(page).status_code == 404


@pytest.mark.covers("C-01")
def test_what_does_not_exist_looks_the_same_as_what_is_not_yours(two: Pairing) -> None:
    client = logged_in(pair(two.cohort).mentor.person)
    foreign = client.get(reverse("portal:pair", args=[two.pk]))
    missing = client.get(reverse("portal:pair", args=[10**9]))
    assert foreign.status_code == missing.status_code == 404
    # the form token is drawn anew for every page and tells nothing
    bare = [
        re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", answer.content).replace(path.encode(), b"")
        for answer, path in (
            (foreign, reverse("portal:pair", args=[two.pk])),
            (missing, reverse("portal:pair", args=[10**9])),
        )
    ]
    assert bare[0] == bare[1]


def test_a_date_is_entered_and_a_second_click_is_the_same_date(two: Pairing) -> None:
    client = logged_in(two.mentee.person)
    form = {"day": "2027-01-12", "at": "13:00", "minutes": "60", "format": "lunch", "place": "Café"}
    for _click in range(2):
        response = client.post(reverse("portal:meeting-plan", args=[two.pk]), form)
        assert response.status_code == 302
    meeting = Meeting.objects.get(pairing=two)
    assert (meeting.starts_at.isoformat(), meeting.place) == ("2027-01-12T12:00:00+00:00", "Café")


def test_bad_input_says_so_and_keeps_what_was_typed(two: Pairing) -> None:
    client = logged_in(two.mentor.person)
    form = {"day": "2026-12-01", "at": "13:00", "minutes": "60", "format": "lunch", "place": "Room 7"}
    response = client.post(reverse("portal:meeting-plan", args=[two.pk]), form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "This moment has passed" in page
    assert "Room 7" in page
    assert "2026-12-01" in page
    assert page.count("<title>") == 1
    assert "<title>Error:" in page.replace("\n", "")
    assert not Meeting.objects.filter(pairing=two).exists()


@pytest.mark.covers("D-09")
def test_a_time_that_the_clocks_skip_is_refused(two: Pairing) -> None:
    form = {"day": "2027-03-28", "at": "02:30", "minutes": "60", "format": "video"}
    response = logged_in(two.mentor.person).post(reverse("portal:meeting-plan", args=[two.pk]), form)
    assert response.status_code == 422
    assert "does not exist" in response.content.decode()


@pytest.mark.covers("D-06")
def test_a_form_opened_before_the_other_moved_the_date_is_told(two: Pairing) -> None:
    meeting = planned(two)
    form = {
        "day": "2027-01-13",
        "at": "13:00",
        "minutes": "60",
        "format": "lunch",
        "sequence": meeting.sequence,
    }
    page = reverse("portal:meeting-move", args=[meeting.pk])
    assert logged_in(two.mentor.person).post(page, form).status_code == 302
    late = logged_in(two.mentee.person).post(page, form | {"day": "2027-01-14"})
    assert late.status_code == 422
    meeting.refresh_from_db()
    assert meeting.starts_at.date().isoformat() == "2027-01-13"


@pytest.mark.covers("C-14")
def test_opening_a_page_changes_nothing(two: Pairing) -> None:
    meeting = planned(two)
    client = logged_in(two.mentor.person)
    for page in own_pages(two, meeting):
        client.get(page)
        client.head(page)
    for name in ("meeting-record", "meeting-slot"):
        assert client.get(reverse(f"portal:{name}", args=[meeting.pk])).status_code == 405
    meeting.refresh_from_db()
    two.refresh_from_db()
    assert (meeting.state, two.state) == (MeetingState.PLANNED, "active")


def test_ending_frees_at_once_and_the_other_hears_later(two: Pairing) -> None:
    page = reverse("portal:pair", args=[two.pk])
    logged_in(two.mentee.person).post(reverse("portal:pair-end", args=[two.pk]))
    assert logged_in(two.mentee.person).get(page).status_code == 404
    assert logged_in(two.mentor.person).get(page).status_code == 200


@pytest.mark.covers("S1.26", "A-25")
@pytest.mark.covers_part("S3.38")
def test_asking_to_be_contacted_reaches_whom_one_chose_and_can_be_taken_back(two: Pairing) -> None:
    programme, asker = two.cohort.programme, two.mentor.person
    listener = person()
    NamedContact.objects.create(programme=programme, person=listener)
    client = logged_in(asker)
    choice = {"choice": f"{programme.pk}:{ContactTarget.CONTACT}"}
    assert client.post(reverse("portal:talk"), choice).status_code == 302
    assert asker.full_name in logged_in(listener).get(reverse("portal:contact-requests")).content.decode()
    assert logged_in(two.mentee.person).get(reverse("portal:contact-requests")).status_code == 404
    request = ContactRequest.objects.get()
    client.post(reverse("portal:talk-withdraw", args=[request.pk]))
    request.refresh_from_db()
    assert request.state == ContactState.WITHDRAWN
    assert asker.full_name not in logged_in(listener).get(reverse("portal:contact-requests")).content.decode()


def test_a_request_needs_a_choice(two: Pairing) -> None:
    NamedContact.objects.create(programme=two.cohort.programme, person=person())
    response = logged_in(two.mentor.person).post(reverse("portal:talk"), {})
    assert response.status_code == 422
    assert "Choose who should get in touch with you." in response.content.decode()


@pytest.mark.covers("D-06")
def test_the_profile_is_saved_and_a_stale_one_is_refused(two: Pairing) -> None:
    who = two.mentor.person
    client = logged_in(who)
    form = {
        "language": "nl", "time_zone": "Europe/Berlin", "languages": ["nl", "en"],
        "availability": ["mon_am", "wed_lunch"], "version": str(who.version),
    }  # fmt: skip
    assert client.post(reverse("portal:profile"), form).status_code == 302
    who.refresh_from_db()
    assert (who.language, who.time_zone, sorted(who.languages)) == ("nl", "Europe/Berlin", ["en", "nl"])
    assert client.post(reverse("portal:profile"), form | {"time_zone": "Europe/Paris"}).status_code == 422
    who.refresh_from_db()
    assert who.time_zone == "Europe/Berlin"


@pytest.mark.covers("C-17")
def test_the_language_follows_the_person_and_leads_nowhere_else(two: Pairing) -> None:
    who = two.mentor.person
    client = logged_in(who)
    page = reverse("portal:set-language")
    answer = client.post(page, {"language": "de", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    who.refresh_from_db()
    assert who.language == "de"
    assert 'lang="de"' in client.get("/help/").content.decode()
    client.post(page, {"language": "xx"})
    who.refresh_from_db()
    assert who.language == "de"


def test_the_theme_is_one_of_three_words() -> None:
    client = Client()
    client.post(reverse("portal:set-theme"), {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/help/").content.decode()
    client.post(reverse("portal:set-theme"), {"theme": '"><script>'})
    assert 'data-theme="dark"' in client.get("/help/").content.decode()


@pytest.mark.covers("C-10", "C-25")
def test_private_pages_are_not_stored_and_keep_a_strict_policy(two: Pairing) -> None:
    response = logged_in(two.mentor.person).get("/")
    assert response["Cache-Control"] == "no-store"
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.covers("C-15", "C-16")
def test_an_invitation_that_was_used_or_never_was_says_so() -> None:
    client = Client()
    first = client.get("/i/no-such-token/")
    assert first["Location"] == "/invitation/"
    assert first["Referrer-Policy"] == "no-referrer"
    page = client.get("/invitation/")
    assert page.status_code == 410
    assert "has been used, or has run out" in page.content.decode()


@pytest.mark.covers("D-15")
def test_pages_cost_the_same_however_many_pairs(two: Pairing) -> None:
    """One mentor with one pair and one with three: every page asks the same, and at most eight questions."""
    busy = two.cohort.enrolments.create(person=person(grade=2), role="mentor", state="accepted", capacity=3)
    pairs = [pair(two.cohort, mentor=busy) for _one in range(3)]
    for one in (two, *pairs):
        planned(one, TUESDAY + timedelta(days=one.pk % 60))
    undated = pair(two.cohort)
    NamedContact.objects.create(programme=two.cohort.programme, person=person())
    for who, one in ((two.mentor.person, two), (busy.person, pairs[0]), (undated.mentee.person, undated)):
        client = logged_in(who)
        for name in ("home", "profile", "talk", "kept", "help"):
            assert asked(client, reverse(f"portal:{name}")) <= 8, name
        add_goal(pairing=one, by=one.mentor.person, text="ask more", kind="free", outcome="talent")
        for name in ("pair", "pair-agreement", "pair-goal-add", "meeting-plan", "meeting-held", "pair-end"):
            assert asked(client, reverse(f"portal:{name}", args=[one.pk])) <= 8, name
    single, triple = (asked(logged_in(who), "/") for who in (two.mentor.person, busy.person))
    assert single == triple


@pytest.mark.covers("D-14")
def test_a_page_that_is_not_there_costs_next_to_nothing(two: Pairing) -> None:
    client = logged_in(two.mentor.person)
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/nowhere/")
    assert page.status_code == 404
    # whose session it is and their language, which every request asks for; nothing about their part
    assert len(captured) <= 2, [one["sql"] for one in captured]
    assert reverse("portal:profile") in page.content.decode()
    with CaptureQueriesContext(connection) as captured:
        assert Client().get("/nowhere/").status_code == 404
    assert len(captured) == 0


def asked(client: Client, address: str) -> int:
    """How many questions a page puts to the database once what all requests share is known."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.mark.covers("B-01", "S4.37")
def test_what_is_kept_is_told_from_the_register(two: Pairing) -> None:
    page = logged_in(two.mentor.person).get(reverse("portal:kept")).content.decode()
    assert "12 months after the programme closes" in page
    assert "grouped results only" in page


@pytest.mark.covers("B-01")
@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_each_kind_of_record_is_named_once_and_stands_in_one_part(language: str) -> None:
    with override(language):
        parts = what_we_keep()
    named = [record.name.casefold() for part in parts for record in part.records]
    assert len(named) == len(set(named)), [name for name in named if named.count(name) > 1]
    assert [part.code for part in parts] == list(PARTS)
    assert len(NAMES.keys() - set(declared_models())) == 0  # a record that was renamed is renamed here too


@pytest.mark.covers("S3.42")
def test_what_waits_for_a_sponsor_or_a_contact_stands_in_the_first_line(two: Pairing) -> None:
    programme, listener, leader = two.cohort.programme, person(), person()
    assert "Nothing waits for you" in logged_in(leader).get("/").content.decode()
    NamedContact.objects.create(programme=programme, person=listener)
    request_contact(programme=programme, person=two.mentor.person, target="contact", now=NOW)
    Sponsor.objects.create(programme=programme, person=leader)
    for day in (10, 20):
        SponsorTask.objects.create(programme=programme, text="Reply", due_on=date(2027, 1, day))
    page = logged_in(leader).get("/").content.decode()
    assert "2 things wait for you" in page
    assert "2 tasks wait" in page
    page = logged_in(listener).get("/").content.decode()
    assert "One thing waits for you" in page
    assert "1 person would like to talk" in page


@pytest.mark.covers("C-04")
def test_a_person_who_left_has_no_portal(two: Pairing) -> None:
    client = logged_in(two.mentor.person)
    Person.objects.filter(pk=two.mentor.person_id).update(state="left")
    assert client.get("/profile/").status_code == 404


def test_a_coordinator_without_a_part_lands_on_the_desk() -> None:
    boss = person()
    Coordinator.objects.create(programme=cohort().programme, person=boss)
    assert logged_in(boss).get("/")["Location"] == reverse("admin:index")
