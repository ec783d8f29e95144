"""The pages about rights, and those of sponsor, works council and delegate, without a fault (S2.20, B-06, B-07)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.models import Proposal
from matching.services import read_words, release_words
from operations.models import Job
from operations.services import run as run_job
from participants.models import Person, User
from participants.services import ask_for_copy, ask_for_erasure, name_delegate, open_log_in
from programmes.models import Coordinator, CouncilMember, Programme, Sponsor, SponsorTask
from programmes.services import change_intake, take_break
from tests.e2e.look.conftest import SAMPLE, OpenPage, faults_seen
from tests.matching.world import cohort, mentee, mentor, proposed
from tests.meetings.world import meet, pair, person

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = (
    "I grew up between two languages and three cities. What looks odd to me is often what we never explain."
)


def cookies_of(who: Person | User) -> dict[str, str]:
    client = Client()
    user = who if isinstance(who, User) else open_log_in(person=who)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


@dataclass
class Site:
    proposal: Proposal
    pages: dict[str, tuple[str, dict[str, str]]]


@pytest.fixture
def site(db: Any) -> Site:
    now = timezone.now()
    own = Programme.objects.create(name="Ander licht", purpose="Leiders leren van jonge collega's.")
    within = cohort(own, answer_days=7, min_grade_distance=2)
    junior = mentor(within, "Tomasz", language="nl", last_name="Lis", offers={"gen_ai": 5})
    mentee(within, "Sabine", language="nl", last_name="Vogt", wants={"gen_ai": 3})
    values = {"offered": [], "words": WORDS, "consent": True}
    change_intake(enrolment=junior, step=3, values=values, by=junior.person, now=now)
    proposal = Proposal.objects.with_people().get(pk=proposed(within)[0].pk)
    Proposal.objects.filter(pk=proposal.pk).update(answer_by=now + dt.timedelta(days=7))
    two = pair(now=now)
    meet(two, now + dt.timedelta(days=5), now=now, place="Room 4")
    meet(two, now + dt.timedelta(days=35), now=now, place="Canteen")
    programme = two.cohort.programme
    Person.objects.update(language="nl")
    sponsor, council = person("Marijke", language="nl"), person("Joost", language="nl")
    coordinator = person("Lotte", language="nl")
    Sponsor.objects.create(programme=programme, person=sponsor)
    SponsorTask.objects.create(programme=programme, text="Opent de aftrap", due_on=now.date())
    CouncilMember.objects.create(programme=programme, person=council)
    Coordinator.objects.create(programme=programme, person=coordinator)
    name_delegate(leader=two.mentee.person, address="ada@example.com", first_name="Ada", by=None, now=now)
    request = ask_for_erasure(person=two.mentor.person, now=now)
    ask_for_copy(person=two.mentor.person, now=now)
    run_job(job_id=Job.objects.filter(kind="own_data").latest("pk").pk)
    third = pair(two.cohort, now=now)
    take_break(enrolment=third.mentor, by=third.mentor.person, now=now, is_objection=True)
    words = reverse("portal:proposal-words", args=[proposal.pk])
    seen = reverse("portal:proposal", args=[proposal.pk])
    mine = cookies_of(two.mentor.person)
    return Site(
        proposal,
        {
            "words": (words, cookies_of(proposal.mentor.person)),
            "proposal": (seen, cookies_of(proposal.mentee.person)),
            "kept": (reverse("portal:kept"), mine),
            "copy": (reverse("portal:copy"), mine),
            "erasure-asked": (reverse("portal:erasure"), mine),
            "erasure": (reverse("portal:erasure"), cookies_of(two.mentee.person)),
            "part": (reverse("portal:part", args=[third.mentor_id]), cookies_of(third.mentor.person)),
            "dates": (reverse("portal:dates"), cookies_of(User.objects.get(email="ada@example.com"))),
            "sponsor": (reverse("portal:sponsor", args=[programme.pk]), cookies_of(sponsor)),
            "council": (reverse("portal:works-council", args=[programme.pk]), cookies_of(council)),
            "desk-erasure": (
                reverse("admin:participants_erasurerequest_change", args=[request.pk]),
                cookies_of(coordinator),
            ),
            "desk-requests": (
                reverse("admin:participants_erasurerequest_changelist"), cookies_of(coordinator)
            ),
        },
    )  # fmt: skip


@pytest.mark.covers("S2.20", "B-06", "B-07")
def test_no_page_has_a_fault_at_any_width_in_either_scheme(open_page: OpenPage, site: Site) -> None:
    found = []
    release_words(proposal=site.proposal, by=site.proposal.mentor.person, now=timezone.now())
    read_words(proposal=site.proposal, by=site.proposal.mentee.person, now=timezone.now())
    for name, (address, cookies) in site.pages.items():
        with open_page(address, cookies=cookies, locale="nl") as page:
            found += faults_seen(page, f"rights-{name}", SAMPLE)
    assert found == []
