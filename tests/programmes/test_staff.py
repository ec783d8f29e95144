"""Sponsors, works-council members and named contacts: named, told, kept apart, dismissed; and the sponsor's tasks."""

from __future__ import annotations

import datetime as dt

import pytest

from common.errors import Conflict, DomainError, NotAllowed
from outbox.models import Message
from outbox.services import drain
from programmes.choices import Stage
from programmes.models import Cohort, CouncilMember, NamedContact, Sponsor, SponsorTask
from programmes.selectors import STAFF, coordinated_person_ids, invitation, needed_person_ids
from programmes.services import (
    accept_invitation,
    dismiss,
    dismiss_contact,
    drop_sponsor_task,
    invite_again,
    name_contact,
    name_coordinator,
    name_council_member,
    name_sponsor,
    set_sponsor_task,
    tick_sponsor_task,
)
from tests.programmes.test_invitations import sent, token_in
from tests.programmes.world import NOW, World, make_person, make_world
from tests.refusals import refused
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
NAMES = {
    "coordinator": name_coordinator,
    "contact": name_contact,
    "sponsor": name_sponsor,
    "council": name_council_member,
}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.covers("S3.42")
@pytest.mark.parametrize(
    ("part", "language", "words"),
    [
        ("sponsor", "en", "You stand behind Second Light"),
        ("sponsor", "nl", "Jij staat achter Second Light"),
        ("sponsor", "de", "Sie stehen hinter Second Light"),
        ("council", "en", "You follow Second Light for the works council"),
        ("council", "nl", "Je volgt Second Light voor de ondernemingsraad"),
        ("council", "de", "Sie begleiten Second Light für den Betriebsrat"),
    ],
)
def test_whoever_is_named_is_told_and_comes_in_once(
    world: World, smtp_server: SmtpServer, part: str, language: str, words: str
) -> None:
    person = make_person("1", "Marijke", language=language)
    NAMES[part](programme=world.programme, person=person, by=world.coordinator, now=NOW)
    text = sent(smtp_server)
    assert words in text
    offer = invitation(token=token_in(text), now=NOW)
    assert offer is not None
    assert (offer.person, offer.part) == (person, part)
    assert accept_invitation(token=token_in(text), now=NOW).person == person
    with pytest.raises(Conflict):
        NAMES[part](programme=world.programme, person=person, by=None, now=NOW)


@pytest.mark.parametrize("part", ["sponsor", "council"])
def test_an_invitation_goes_again_and_dies_with_the_role(
    world: World, smtp_server: SmtpServer, part: str
) -> None:
    row = NAMES[part](programme=world.programme, person=make_person("1"), by=None, now=NOW)
    first = token_in(sent(smtp_server))
    later = NOW + dt.timedelta(hours=1)
    assert invite_again(row=row, by=None, now=later) is not None
    second = token_in(sent(smtp_server, later))
    assert invitation(token=first, now=later) is None
    assert invitation(token=second, now=later) is not None
    dismiss(row=row, by=None)
    assert invitation(token=second, now=later) is None


def test_a_mail_to_somebody_dismissed_is_not_sent(world: World, smtp_server: SmtpServer) -> None:
    row = name_sponsor(programme=world.programme, person=make_person("1"), by=None, now=NOW)
    dismiss(row=row, by=None)
    drain(now=NOW)
    assert smtp_server.mails == []
    assert Message.objects.get().reason == "overtaken"


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("contact", "coordinator", False),
        ("contact", "sponsor", False),
        ("council", "coordinator", False),
        ("council", "sponsor", False),
        ("council", "contact", True),
        ("sponsor", "coordinator", True),
    ],
)
def test_who_watches_or_listens_stands_apart_from_who_runs_it(
    world: World, one: str, other: str, together: bool
) -> None:
    for number, (first, second) in enumerate(((one, other), (other, one))):
        person = make_person(str(number))
        NAMES[first](programme=world.programme, person=person, by=None, now=NOW)
        if together:
            NAMES[second](programme=world.programme, person=person, by=None, now=NOW)
            continue
        with pytest.raises(DomainError) as refusal:
            NAMES[second](programme=world.programme, person=person, by=None, now=NOW)
        assert refusal.value.code in ("coordinates", "apart")
        assert not STAFF[second].objects.filter(person=person).exists()


def test_nobody_is_named_whom_no_mail_reaches(world: World) -> None:
    for name in (name_sponsor, name_council_member):
        with refused("no_address"):
            name(programme=world.programme, person=make_person(name.__name__, email=None), by=None, now=NOW)
    assert not Sponsor.objects.exists()
    assert not CouncilMember.objects.exists()


def test_people_who_take_part_always_have_a_named_contact(world: World) -> None:
    first = name_contact(programme=world.programme, person=make_person("1"), by=None, now=NOW)
    dismiss_contact(contact=first, by=None)
    first = name_contact(programme=world.programme, person=make_person("2"), by=None, now=NOW)
    Cohort.objects.update(stage=Stage.OPEN)
    with refused("last_one", "named contact"):
        dismiss_contact(contact=first, by=None)
    name_contact(programme=world.programme, person=make_person("3"), by=None, now=NOW)
    dismiss_contact(contact=first, by=None)
    assert NamedContact.objects.get().person.hr_key == "3"


def test_they_are_known_to_their_coordinators_and_kept_by_name(world: World) -> None:
    people = [make_person(str(n)) for n in range(2)]
    name_sponsor(programme=world.programme, person=people[0], by=None, now=NOW)
    name_council_member(programme=world.programme, person=people[1], by=None, now=NOW)
    ids = {person.pk for person in people}
    theirs = [
        row["person_id"] for one in coordinated_person_ids(person_id=world.coordinator.pk) for row in one
    ]
    assert ids <= set(theirs)
    assert ids <= {row["person_id"] for row in needed_person_ids()}


@pytest.mark.covers("S3.42")
def test_a_sponsor_has_tasks_with_a_day_and_ticks_them(world: World) -> None:
    sponsor, other = make_person("1"), make_world("Other")
    name_sponsor(programme=world.programme, person=sponsor, by=None, now=NOW)
    values = {"text": "Open the kick-off", "due_on": dt.date(2027, 2, 1)}
    task = set_sponsor_task(programme=world.programme, values=values, by=world.coordinator)
    for _twice in range(2):
        tick_sponsor_task(task=task, done=True, by=sponsor, now=NOW)
    assert SponsorTask.objects.get().done_on == NOW.date()
    tick_sponsor_task(task=task, done=False, by=world.coordinator, now=NOW)
    assert SponsorTask.objects.get().done_on is None
    with pytest.raises(NotAllowed):
        tick_sponsor_task(task=task, done=True, by=other.coordinator, now=NOW)
    changed = set_sponsor_task(programme=world.programme, values={"text": "Stay"}, task=task, by=None)
    assert (changed.text, changed.due_on) == ("Stay", dt.date(2027, 2, 1))
    with refused("invalid"):
        set_sponsor_task(programme=world.programme, values={"text": "", "due_on": None}, by=None)
    drop_sponsor_task(task=task, by=None)
    assert not SponsorTask.objects.exists()
