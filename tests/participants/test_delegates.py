"""An assistant plans a leader's dates, and sees nothing else (decisions 2, 26)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from meetings.models import Meeting
from meetings.services import cancel_meeting, move_meeting
from outbox.models import Message
from outbox.services.asking import overtaken
from outbox.services.rendering import compose
from pairings.models import Pairing
from pairings.services import end_pairing, pause_pairing
from participants.models import Delegation, Person, User
from participants.services import dismiss_delegate, mark_left, name_delegate, open_log_in
from tests.meetings.world import NOW, cohort, meet, pair, person
from tests.refusals import refused

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.com"
FORM = {"day": "2027-01-12", "at": "13:00", "minutes": "60", "format": "lunch", "place": "Café"}


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two() -> Pairing:
    return pair()


def named(leader: Person, address: str = ADDRESS) -> Delegation:
    return name_delegate(leader=leader, address=address, first_name="Ada", by=leader, now=NOW)


def assistant(address: str = ADDRESS) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=address), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_naming_tells_them_once_and_makes_no_row_in_the_roster(two: Pairing) -> None:
    people = Person.objects.count()
    named(two.mentee.person, " Ada@Example.com ")
    named(two.mentee.person)
    mail = Message.objects.get(kind="delegate_named")
    assert (mail.address, mail.recipient_id) == (ADDRESS, None)
    assert two.mentor.person.last_name not in str(mail.context)
    assert Person.objects.count() == people
    assert User.objects.get(email=ADDRESS).person is None


def test_the_delegate_logs_in_with_a_code_and_lands_on_the_dates(two: Pairing) -> None:
    named(two.mentee.person)
    client = Client()
    client.post("/accounts/login/code/", {"email": ADDRESS})
    code = Message.objects.get(kind="login_code").context["code"]
    response = client.post("/accounts/login/code/confirm/", {"code": code}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("portal:dates")


@pytest.mark.covers("A-28", "C-02")
def test_they_see_the_dates_of_all_their_leaders_and_no_other_name(two: Pairing) -> None:
    other = pair(two.cohort)
    for leader in (two.mentee.person, other.mentee.person):
        named(leader)
    page = assistant().get(reverse("portal:dates")).content.decode()
    for one in (two, other):
        assert one.mentee.person.full_name in page
        assert one.mentor.person.last_name not in re.sub(r'value="[^"]*"', "", page)
        assert str(one.cohort.programme) not in page


def test_they_plan_and_move_as_the_leader_would(two: Pairing) -> None:
    named(two.mentee.person)
    client = assistant()
    assert client.post(reverse("portal:dates-plan", args=[two.pk]), FORM).status_code == 302
    meeting = Meeting.objects.get(pairing=two)
    assert (meeting.starts_at.isoformat(), meeting.entered_by_id) == (
        "2027-01-12T12:00:00+00:00",
        two.mentee.person_id,
    )
    moved = FORM | {"day": "2027-01-13", "sequence": meeting.sequence}
    assert client.post(reverse("portal:dates-move", args=[meeting.pk]), moved).status_code == 302
    meeting.refresh_from_db()
    assert meeting.starts_at.day == 13
    late = client.post(reverse("portal:dates-move", args=[meeting.pk]), moved | {"day": "2027-01-14"})
    assert late.status_code == 422
    assert "Café" in client.get(reverse("portal:dates")).content.decode()


@pytest.mark.covers("C-01")
def test_nothing_else_is_theirs(two: Pairing) -> None:
    named(two.mentee.person)
    foreign = pair(two.cohort)
    client = assistant()
    client.post(reverse("portal:dates-plan", args=[two.pk]), FORM)
    meeting = Meeting.objects.get(pairing=two)
    closed = [
        reverse("portal:pair", args=[two.pk]),
        reverse("portal:pair-end", args=[two.pk]),
        reverse("portal:meeting-cancel", args=[meeting.pk]),
        reverse("portal:meeting-calendar", args=[meeting.pk]),
        reverse("portal:dates-plan", args=[foreign.pk]),
        reverse("portal:profile"),
        reverse("portal:talk"),
        reverse("portal:contact-requests"),
    ]
    assert [client.get(page).status_code for page in closed] == [404] * len(closed)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_mentor_is_nobodys_leader_here(two: Pairing) -> None:
    """A delegation covers what its leader learns in, not where they teach."""
    named(two.mentor.person)
    page = assistant().get(reverse("portal:dates-plan", args=[two.pk]))
    assert page.status_code == 404


def test_a_paused_pair_shows_no_button_and_an_ended_one_is_gone_when_it_is_announced(two: Pairing) -> None:
    named(two.mentee.person)
    client = assistant()
    plan = reverse("portal:dates-plan", args=[two.pk])
    pause_pairing(pairing=two, resume_on=None, by=None, now=NOW)
    assert plan not in client.get(reverse("portal:dates")).content.decode()
    end_pairing(pairing=two, by=two.mentor.person, now=NOW)
    assert client.get(plan).status_code == 200  # as the leader's own page: nobody can tell before the hour
    assert client.post(plan, FORM).status_code == 422


@pytest.mark.covers("C-04")
def test_dismissing_and_leaving_close_the_door_at_once(two: Pairing) -> None:
    named(two.mentee.person)
    client = assistant()
    dismiss_delegate(leader=two.mentee.person, by=two.mentee.person, now=NOW)
    assert client.get(reverse("portal:dates")).status_code in (302, 404)
    assert User.objects.get(email=ADDRESS).is_active is False
    assert Message.objects.get(kind="delegate_named").state == "cancelled"
    named(two.mentee.person)
    assert User.objects.get(email=ADDRESS).is_active is True
    mark_left(person=two.mentee.person, now=NOW)
    assert not Delegation.objects.exists()


def test_a_colleague_keeps_their_own_log_in(two: Pairing) -> None:
    colleague = person("Bo")
    named(two.mentee.person, colleague.email or "")
    user = User.objects.get(person=colleague)
    dismiss_delegate(leader=two.mentee.person, by=None, now=NOW)
    user.refresh_from_db()
    assert user.is_active is True


def test_an_operators_log_in_is_not_touched(two: Pairing) -> None:
    root = User.objects.create_superuser(email="root@example.com")
    User.objects.filter(pk=root.pk).update(is_active=False)
    named(two.mentee.person, "root@example.com")
    root.refresh_from_db()
    assert root.is_active is False


@pytest.mark.parametrize(
    ("address", "code"), [("", "invalid"), ("nobody", "invalid"), ("own", "own_address")]
)
def test_bad_addresses_are_refused(two: Pairing, address: str, code: str) -> None:
    leader = two.mentee.person
    with refused(code):
        named(leader, leader.email if address == "own" else address)
    assert not Delegation.objects.exists()


def test_a_mentee_names_and_dismisses_on_their_profile(two: Pairing) -> None:
    client = Client()
    client.force_login(
        open_log_in(person=two.mentee.person), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = reverse("portal:delegate")
    bad = client.post(page, {"address": "ada@", "first_name": "Ada"})
    assert bad.status_code == 422
    assert "ada@" in bad.content.decode()
    assert client.post(page, {"address": ADDRESS, "first_name": "Ada"}).status_code == 302
    assert "Ada" in client.get(reverse("portal:profile")).content.decode()
    client.post(page, {"nobody": "1"})
    assert not Delegation.objects.exists()
    mentor = Client()
    mentor.force_login(
        open_log_in(person=two.mentor.person), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert mentor.get(page).status_code == 404


def test_the_page_costs_the_same_however_many_leaders(
    two: Pairing, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for more in (1, 6):
        for _one in range(more):
            named(pair(cohort(two.cohort.programme)).mentee.person)
        client = assistant()
        client.get(reverse("portal:dates"))
        with django_assert_max_num_queries(14) as asked:
            client.get(reverse("portal:dates"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.covers("D-06")
def test_a_stale_plan_keeps_what_was_typed(two: Pairing) -> None:
    named(two.mentee.person)
    past = FORM | {"day": (NOW - timedelta(days=5)).date().isoformat(), "place": "Room 7"}
    response = assistant().post(reverse("portal:dates-plan", args=[two.pk]), past)
    assert response.status_code == 422
    assert "Room 7" in response.content.decode()


@pytest.mark.covers("A-28")
def test_the_delegate_hears_of_every_changed_date_and_of_nothing_else(two: Pairing) -> None:
    """Decision 26: day, hour and place; not with whom, not what about, and not who changed it."""
    named(two.mentee.person)
    meeting = meet(two, NOW + timedelta(days=3), place="Café")
    move_meeting(
        meeting=meeting, by=two.mentor.person, sequence=meeting.sequence, starts_at=NOW + timedelta(days=4),
        ends_at=NOW + timedelta(days=4, hours=1), now=NOW, format=meeting.format, place="Library",
    )  # fmt: skip
    meeting.refresh_from_db()
    cancel_meeting(meeting=meeting, by=two.mentor.person, sequence=meeting.sequence, now=NOW)
    mails = list(Message.objects.filter(kind="delegate_dates").order_by("pk"))
    assert [mail.context["what"] for mail in mails] == ["planned", "moved", "cancelled"]
    assert [mail.state for mail in mails] == ["cancelled", "cancelled", "queued"]  # only the newest leaves
    letter = compose(mails[1], now=NOW)
    assert letter.subject == f"A date of {two.mentee.person} has changed"
    for body in (letter.text, letter.html):
        assert "Library" in body
        assert two.mentor.person.last_name not in body
        assert reverse("portal:dates") in body
    dismiss_delegate(leader=two.mentee.person, by=None, now=NOW)
    assert overtaken([mails[2]]) == {mails[2].pk}


def test_no_delegate_no_mail(two: Pairing) -> None:
    meet(two, NOW + timedelta(days=3))
    assert not Message.objects.filter(kind="delegate_dates").exists()
