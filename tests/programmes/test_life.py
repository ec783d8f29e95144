"""Programmes, cohorts and their stages; enrolments; wishes to be contacted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import Conflict, DomainError, IllegalTransition, NotAllowed, Stale
from outbox.models import Message
from outbox.services import drain
from participants.models import Person
from participants.services import change_person, open_log_in, update_preferences
from programmes.choices import STAGE_TRANSITIONS, EnrolmentState, Stage
from programmes.models import Cohort, ContactRequest, Enrolment, NamedContact, Programme, Topic
from programmes.selectors import gates, next_stages, stage_gates
from programmes.selectors.gates import Gate
from programmes.services import (
    change_cohort,
    change_enrolment,
    change_programme,
    close_contact_request,
    create_cohort,
    create_programme,
    enrol,
    move_stage,
    request_contact,
    set_enrolment_state,
    withdraw_contact_request,
)
from tests.programmes.world import NOW, World, make_person, make_world, ready_to_open, take_part
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def move(world: World, to: str) -> Cohort:
    return move_stage(cohort=world.cohort, to=to, by=world.coordinator, now=NOW)


# --- stages -------------------------------------------------------------------------------------------------


@pytest.mark.covers("S0.25", "S0.29")
def test_a_cohort_cannot_open_before_its_programme_says_why(world: World) -> None:
    ready_to_open(world)
    change_programme(programme=world.programme, values={"purpose": " "}, by=None)
    with pytest.raises(DomainError) as refusal:
        move(world, Stage.OPEN)
    assert refusal.value.code == "gate"
    assert refusal.value.params["missing"] == ["The programme says its purpose in one sentence."]
    assert Cohort.objects.get().stage == Stage.DRAFT
    change_programme(programme=world.programme, values={"purpose": "Leaders learn."}, by=None)
    assert move(world, Stage.OPEN).stage == Stage.OPEN


def lacking(to: str) -> list[str]:
    return [gate.code for gate in gates(Cohort.objects.get(), to, now=NOW) if not gate.is_met]


def test_each_gate_names_what_is_missing(world: World) -> None:
    ready_to_open(world)
    move(world, Stage.OPEN)
    assert lacking(Stage.SELECTING) == ["mentors", "mentees"]
    mentor = take_part(world, "1", "mentor", state=EnrolmentState.APPLIED, offers={"gen_ai": 4})
    take_part(world, "2", "mentee", wants={"gen_ai": 3})
    move(world, Stage.SELECTING)
    assert lacking(Stage.MATCHING) == ["accepted_mentors", "decided", "seats"]
    set_enrolment_state(enrolment=mentor, to="accepted", by=None, now=NOW)
    Person.objects.filter(pk=mentor.person_id).update(grade=None)
    assert lacking(Stage.MATCHING) == ["complete"]
    Person.objects.filter(pk=mentor.person_id).update(grade=3)
    assert move(world, Stage.MATCHING).stage == Stage.MATCHING
    assert gates(Cohort.objects.get(), Stage.SELECTING) == []  # steps back ask for nothing


@pytest.mark.covers("S4.15")
@pytest.mark.parametrize(("complete", "is_open"), [(7, False), (8, True)])
def test_pairs_are_looked_for_when_four_in_five_intakes_are_complete(
    world: World, complete: int, is_open: bool
) -> None:
    """Of ten accepted people eight must have named a topic (dossier 2.1)."""
    ready_to_open(world)
    for number in range(10):
        role = "mentor" if number % 2 else "mentee"
        topics = {"offers" if number % 2 else "wants": {"gen_ai": 3}} if number < complete else {}
        take_part(world, str(number), role, **topics)
    Cohort.objects.update(stage=Stage.OPEN)
    Cohort.objects.update(stage=Stage.SELECTING)
    assert (lacking(Stage.MATCHING) == []) is is_open
    gate = next(one for one in gates(Cohort.objects.get(), Stage.MATCHING) if one.code == "complete")
    assert gate.note == f"{complete} of 10"
    assert gate.owner_name == "the people who take part"


def test_no_more_mentees_than_the_mentors_have_seats(world: World) -> None:
    ready_to_open(world)
    Cohort.objects.update(stage=Stage.OPEN)
    Cohort.objects.update(stage=Stage.SELECTING)
    mentor = take_part(world, "1", "mentor", capacity=1, offers={"gen_ai": 4})
    for key in ("2", "3"):
        take_part(world, key, "mentee", wants={"gen_ai": 3})
    assert lacking(Stage.MATCHING) == ["seats"]
    change_enrolment(enrolment=mentor, values={"capacity": 2}, by=None)
    assert lacking(Stage.MATCHING) == []


def test_a_cohort_is_archived_when_its_people_are_kept_no_longer(world: World) -> None:
    for stage in list(Stage)[1:-1]:
        Cohort.objects.update(stage=stage)
    with pytest.raises(DomainError, match="time for which its people are kept"):
        move_stage(cohort=world.cohort, to=Stage.ARCHIVED, by=None, now=NOW)
    later = dt.datetime(2028, 10, 31, 9, tzinfo=dt.UTC)
    assert move_stage(cohort=world.cohort, to=Stage.ARCHIVED, by=None, now=later).stage == Stage.ARCHIVED


@pytest.mark.covers("S1.34")
def test_what_is_missing_has_an_owner_and_a_page(world: World) -> None:
    owners = {}
    for gate in gates(world.cohort, Stage.OPEN):
        assert gate.path.startswith("/desk/programmes/"), gate.code
        owners[gate.code] = gate.owner_name
    assert owners["ambition"] == "the sponsor"
    assert owners["council"] == "the works council"
    assert owners["goal"] == owners["privacy_note"] == "the coordinator"


def test_upper_packages_may_ask_for_more(world: World) -> None:
    asked = Gate("works_council", "The works council has agreed.", False)
    stage_gates.fill("test", lambda *, cohort, to: [asked])
    try:
        with pytest.raises(DomainError, match="works council"):
            move(world, Stage.OPEN)
    finally:
        del stage_gates.fillers["test"]


@pytest.mark.covers("D-08")
def test_a_stage_skipped_is_refused_by_the_service_and_by_the_database(world: World) -> None:
    for to in set(Stage.values) - set(STAGE_TRANSITIONS["draft"]) - {"draft"}:
        with pytest.raises(IllegalTransition):
            move(world, to)
        with pytest.raises(IntegrityError), transaction.atomic():
            Cohort.objects.filter(pk=world.cohort.pk).update(stage=to)
    assert next_stages(world.cohort) == [Stage.OPEN]


def test_settings_that_cannot_be_are_refused_with_their_fields(world: World) -> None:
    with pytest.raises(DomainError) as refusal:
        create_cohort(
            programme=world.programme,
            name="2028",
            starts_on=dt.date(2028, 1, 1),
            ends_on=dt.date(2027, 1, 1),
            by=None,
        )
    assert refusal.value.code == "invalid"
    with pytest.raises(DomainError) as refusal:
        change_cohort(cohort=world.cohort, values={"min_group_size": 4}, by=None)
    assert "min_group_size" in str(refusal.value) or refusal.value.params["fields"]
    with pytest.raises(DomainError):
        create_programme(name="Visit www.example.com", by=None)
    change_cohort(cohort=world.cohort, values={"stage": "closed", "name": "Renamed"}, by=None)
    stored = Cohort.objects.get()
    assert (stored.stage, stored.name) == ("draft", "Renamed")


def test_whoever_makes_a_programme_coordinates_it(world: World) -> None:
    made = create_programme(name="Another", by=world.coordinator)
    assert list(Programme.objects.coordinated_by(world.coordinator.pk).order_by("name")) == [
        made,
        world.programme,
    ]


# --- enrolments ---------------------------------------------------------------------------------------------


def test_one_person_is_in_a_cohort_once(world: World) -> None:
    one = take_part(world, "1", "mentor", offers={"gen_ai": 4}, wants={"leadership": 3})
    with pytest.raises(Conflict, match="already"):
        enrol(cohort=world.cohort, person=one.person, role="mentee", by=None)
    assert [offer.topic.code for offer in one.offers.all()] == ["gen_ai"]
    with pytest.raises(DomainError, match="topic"):
        take_part(world, "2", "mentor", offers={"juggling": 3})
    with pytest.raises(DomainError, match="one to three"):
        take_part(world, "3", "mentor", capacity=4)
    link = Person.objects.create(hr_key="link", is_chain_only=True)
    with pytest.raises(DomainError, match="cannot be enrolled"):
        enrol(cohort=world.cohort, person=link, role="mentor", by=None)


@pytest.mark.covers("S1.17")
def test_a_mentor_has_two_seats_where_nobody_says_how_many(world: World) -> None:
    usual = [take_part(world, key, role).capacity for key, role in (("1", "mentor"), ("2", "mentee"))]
    assert usual == [2, 1]
    assert take_part(world, "3", "mentor", capacity=1).capacity == 1


def test_a_programmes_own_topics_are_its_own(world: World) -> None:
    names = {"name_en": "Nets", "name_nl": "Netten", "name_de": "Netze"}
    Topic.objects.create(code="nets", programme=world.programme, **names)
    assert take_part(world, "1", "mentor", offers={"nets": 1}).offers.count() == 1
    other = make_world("Other")
    with pytest.raises(DomainError):
        take_part(other, "2", "mentor", offers={"nets": 1})


@pytest.mark.covers("D-08")
def test_states_move_along_their_table_and_never_past_a_pair(world: World) -> None:
    one = take_part(world, "1", "mentor")
    set_enrolment_state(enrolment=one, to="paused", by=None, now=NOW)
    with pytest.raises(IllegalTransition):
        set_enrolment_state(enrolment=one, to="applied", by=None, now=NOW)
    Enrolment.objects.filter(pk=one.pk).update(state="matched")
    with pytest.raises(DomainError, match="has a pair"):
        set_enrolment_state(enrolment=one, to="withdrawn", by=None, now=NOW)
    with pytest.raises(DomainError, match="has a pair"):
        change_enrolment(enrolment=one, values={"role": "mentee"}, by=None)
    assert change_enrolment(enrolment=one, values={"capacity": 3}, by=None).capacity == 3
    with pytest.raises(DomainError):
        change_enrolment(enrolment=one, values={"state": "active"}, by=None)
    with pytest.raises(DomainError):
        change_enrolment(enrolment=one, values={"capacity": 9}, by=None)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_enrolment SET state = 'applied' WHERE id = %s", [one.pk])


# --- people -------------------------------------------------------------------------------------------------


def test_preferences_are_the_persons_own_and_a_late_save_is_told(world: World) -> None:
    person = world.coordinator
    given = {
        "language": "nl",
        "time_zone": "Europe/Berlin",
        "languages": ["nl"],
        "availability": ["fri_pm", "mon_am"],
    }
    saved = update_preferences(person=person, version=person.version, **given)  # type: ignore[arg-type]
    assert (saved.language, saved.availability) == ("nl", ["mon_am", "fri_pm"])
    with pytest.raises(Stale) as stale:
        update_preferences(person=person, version=person.version, **given)  # type: ignore[arg-type]
    assert stale.value.params["current"].language == "nl"
    for wrong in ({"time_zone": "Mars"}, {"language": "fr"}, {"availability": ["sun_am"]}, {"languages": []}):
        with pytest.raises(DomainError):
            update_preferences(person=saved, version=saved.version, **{**given, **wrong})  # type: ignore[arg-type]


def test_only_an_operator_moves_the_address_of_a_log_in(world: World) -> None:
    person = make_person("1")
    change_person(person=person, values={"email": "new@example.com"}, by=None, is_operator=False)
    user = open_log_in(person=Person.objects.get(pk=person.pk))
    with pytest.raises(DomainError, match="themselves"):
        change_person(person=person, values={"email": "evil@example.com"}, by=None, is_operator=False)
    change_person(person=person, values={"email": "later@example.com"}, by=None, is_operator=True)
    user.refresh_from_db()
    assert user.email == "later@example.com"
    with pytest.raises(DomainError):
        change_person(person=person, values={"grade": 0}, by=None, is_operator=False)


# --- wishes to be contacted (decision 24) -------------------------------------------------------------------


@pytest.mark.covers("S1.26")
def test_a_wish_for_the_coordinator_reaches_all_of_them_without_a_name(
    world: World, smtp_server: SmtpServer
) -> None:
    one = take_part(world, "1", "mentor")
    asked = request_contact(programme=world.programme, person=one.person, target="coordinator", now=NOW)
    again = request_contact(programme=world.programme, person=one.person, target="coordinator", now=NOW)
    assert asked == again
    drain(now=NOW)
    mails = [mail.message for mail in smtp_server.mails]
    assert len(mails) == 1
    assert one.person.first_name not in mails[0].as_string()
    assert list(ContactRequest.objects.visible_to(world.user)) == [asked]
    with pytest.raises(NotAllowed):
        close_contact_request(contact_request=asked, by=one.person, now=NOW)
    close_contact_request(contact_request=asked, by=world.coordinator, now=NOW)
    with pytest.raises(IllegalTransition):
        close_contact_request(contact_request=asked, by=world.coordinator, now=NOW)


@pytest.mark.covers("S1.26", "A-25")
@pytest.mark.covers_part("S3.38")
def test_a_wish_for_the_named_contact_is_theirs_alone(world: World) -> None:
    one = take_part(world, "1", "mentor")
    with pytest.raises(DomainError, match="Nobody stands by"):
        request_contact(programme=world.programme, person=one.person, target="contact", now=NOW)
    contact = NamedContact.objects.create(programme=world.programme, person=make_person("nc", "Conny"))
    asked = request_contact(programme=world.programme, person=one.person, target="contact", now=NOW)
    assert not ContactRequest.objects.visible_to(world.user).exists()
    world.user.is_superuser = True
    assert not ContactRequest.objects.visible_to(world.user).exists()
    with pytest.raises(NotAllowed):
        close_contact_request(contact_request=asked, by=world.coordinator, now=NOW)
    assert close_contact_request(contact_request=asked, by=contact.person, now=NOW).state == "handled"


def test_a_wish_is_taken_back_by_whoever_made_it_and_its_mail_with_it(world: World) -> None:
    one, two = take_part(world, "1", "mentor"), take_part(world, "2", "mentee")
    asked = request_contact(programme=world.programme, person=one.person, target="coordinator", now=NOW)
    with pytest.raises(NotAllowed):
        withdraw_contact_request(contact_request=asked, by=two.person, now=NOW)
    assert withdraw_contact_request(contact_request=asked, by=one.person, now=NOW).state == "withdrawn"
    assert Message.objects.get(kind="contact_request").state == "cancelled"
    stranger = make_person("s")
    with pytest.raises(DomainError, match="no part"):
        request_contact(programme=world.programme, person=stranger, target="coordinator", now=NOW)
