"""What the pages say of themselves: who reads what, that both are equal, how pairs are made, which cookies."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from meetings.models import Meeting
from meetings.services import plan_meeting
from pairings.models import Pairing
from participants.models import Person
from participants.services import open_log_in
from programmes.choices import Cadence
from programmes.models import Cohort, NamedContact
from tests.meetings.world import AMSTERDAM, NOW, pair, person

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=8, hours=3)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two() -> Pairing:
    return pair()


def logged_in(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def planned(pairing: Pairing) -> Meeting:
    return plan_meeting(
        pairing=pairing,
        by=pairing.mentor.person,
        starts_at=TUESDAY,
        ends_at=TUESDAY + timedelta(hours=1),
        now=NOW,
    )


@pytest.mark.covers("S1.27")
def test_under_every_field_stands_who_reads_it(two: Pairing) -> None:
    meeting = planned(two)
    client = logged_in(two.mentee.person)
    for address in (
        reverse("portal:profile"),
        reverse("portal:never-with"),
        reverse("portal:meeting-plan", args=[two.pk]),
        reverse("portal:meeting-held", args=[two.pk]),
        reverse("portal:meeting-move", args=[meeting.pk]),
    ):
        page = client.get(address)
        html = page.content.decode()
        for field in page.context["form"].visible_fields():
            assert f'class="who" id="{field.auto_id}_who"' in html, (address, field.name)
    NamedContact.objects.create(programme=two.cohort.programme, person=person())
    for name in ("talk", "delegate"):
        html = client.get(reverse(f"portal:{name}")).content.decode()
        assert re.search(r'</form>\s*(<section.*</section>\s*)?<p class="who">', html), name
    assert (
        "What you say stays between you" in client.get(reverse("portal:pair", args=[two.pk])).content.decode()
    )


@pytest.mark.covers_part("S3.45")
@pytest.mark.parametrize("package", ["meetings", "pairings"])
def test_there_is_no_place_to_keep_what_two_people_say(package: str) -> None:
    for model in apps.get_app_config(package).get_models():
        kept = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.TextField | models.FileField)
        ]
        assert kept == [], model


@pytest.mark.covers("S4.33")
def test_inside_a_pair_both_have_the_same_rights_and_nobody_bears_a_title(two: Pairing) -> None:
    for who, title, grade in (
        (two.mentor.person, "Junior Analyst", 2),
        (two.mentee.person, "Vice President", 7),
    ):
        Person.objects.filter(pk=who.pk).update(
            job_title=title, grade=grade, department="Finance", city="Utrecht"
        )
    meeting = planned(two)
    pages = {
        who.pk: logged_in(who).get(reverse("portal:pair", args=[two.pk])).content.decode()
        for who in (two.mentor.person, two.mentee.person)
    }
    for html in pages.values():
        assert "Finance, Utrecht" in html
        assert "Junior Analyst" not in html
        assert "Vice President" not in html
        assert not re.search(r"\bgrade\b", html, re.IGNORECASE)
    actions = [
        set(re.findall(r'(?:href|action)="([^"#]+)"', html.split("<main", 1)[1])) for html in pages.values()
    ]
    assert actions[0] == actions[1]
    for name, pk in (("meeting-move", meeting.pk), ("meeting-cancel", meeting.pk), ("pair-end", two.pk)):
        assert reverse(f"portal:{name}", args=[pk]) in actions[0]


FORM = {"day": "2027-01-12", "at": "12:00", "place": ""}


@pytest.mark.covers("S2b.7", "S2b.9", "S4.20")
@pytest.mark.covers_part("S0.42", "S2b.8", "S3.8")
@pytest.mark.parametrize(
    ("way", "minutes", "words"),
    [
        ("lunch", 60, "over lunch"),
        ("lunch", 75, "over lunch"),
        ("video", 30, "by video"),
        ("phone", 15, "by phone"),
        ("in_person", 45, "in person"),
        ("shadowing", 90, "shadowing"),
    ],
)
def test_a_pair_chooses_for_each_meeting_how_and_how_long(
    two: Pairing, way: str, minutes: int, words: str
) -> None:
    client = logged_in(two.mentor.person)
    address = reverse("portal:meeting-plan", args=[two.pk])
    assert client.post(address, FORM | {"format": way, "minutes": str(minutes)}).status_code == 302
    meeting = Meeting.objects.get(pairing=two)
    assert (meeting.format, meeting.length) == (way, timedelta(minutes=minutes))
    assert words in client.get(reverse("portal:pair", args=[two.pk])).content.decode()


@pytest.mark.covers("S4.20")
def test_a_pair_meets_monthly_for_an_hour_unless_the_cohort_says_otherwise_and_lunch_hours_are_offered(
    two: Pairing,
) -> None:
    assert Cohort._meta.get_field("cadence").default == Cadence.MONTHLY
    assert Cohort._meta.get_field("meeting_minutes").default == 60
    both = [two.mentor.person_id, two.mentee.person_id]
    Person.objects.filter(pk__in=both).update(availability=["wed_lunch"])
    page = logged_in(two.mentor.person).get(reverse("portal:pair", args=[two.pk]))
    moments = {f"{slot.starts_at.astimezone(AMSTERDAM):%a %H:%M}" for slot in page.context["page"].slots}
    assert moments == {"Wed 12:00"}


@pytest.mark.covers("S3.18")
def test_a_meeting_may_be_as_short_as_a_quarter_of_an_hour(two: Pairing) -> None:
    page = logged_in(two.mentor.person).get(reverse("portal:meeting-plan", args=[two.pk]))
    lengths = {value for value, _label in page.context["form"].fields["minutes"].choices}
    assert {15, 30, 45, 60, 75} <= lengths


@pytest.mark.covers("S2b.4")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("How are pairs made?", "who would learn most from whom", "reporting line", "coordinator")),
        ("nl", ("Hoe ontstaan koppels?", "coördinator")),
        ("de", ("Wie entstehen die Tandems?", "koordiniert")),
    ],
)
def test_how_pairs_are_made_is_told_to_everybody_in_plain_words(
    language: str, words: tuple[str, ...]
) -> None:
    html = Client().get(reverse("portal:help"), headers={"Accept-Language": language}).content.decode()
    assert [word for word in words if word not in html] == []


@pytest.mark.covers("S4.37")
def test_no_cookie_but_those_that_the_pages_cannot_work_without(two: Pairing) -> None:
    client = Client()
    for address in ("/help/", reverse("account_request_login_code")):
        assert client.get(address).status_code == 200
    client.post(reverse("portal:set-theme"), {"theme": "dark"})
    client.post(reverse("portal:set-language"), {"language": "nl"})
    client.force_login(
        open_log_in(person=two.mentor.person), backend="django.contrib.auth.backends.ModelBackend"
    )
    client.post(reverse("portal:meeting-plan", args=[two.pk]), FORM | {"format": "lunch", "minutes": "60"})
    for name in ("home", "profile", "kept", "talk"):
        assert client.get(reverse(f"portal:{name}")).status_code == 200
    needed = {
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        "messages",
        "theme",
    }
    assert set(client.cookies) == needed
    assert "Which cookies are there?" in Client().get("/help/").content.decode()
