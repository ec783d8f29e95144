"""A copy of everything, and everything gone: both by the privacy register alone (B-06, B-07)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from common.belongings import belonging, ending
from common.privacy import declared_models, lines_of
from meetings.models import Meeting
from operations.services import run as run_job
from outbox.models import Message
from pairings.models import Pairing
from pairings.services import send_due_notices
from participants.choices import REQUEST_TRANSITIONS, RequestState
from participants.models import DataExport, ErasureRequest, ImportFile, Person, User
from participants.selectors.belongings import (
    erasure_plan,
    goes_whole,
    own_data,
    personal_lines,
    rows_of,
)
from participants.services import (
    ask_for_copy,
    ask_for_erasure,
    carry_out,
    erase_due_people,
    erase_person,
    mark_left,
    withdraw_erasure,
)
from programmes.models import Agreement, Enrolment, Intake
from tests.evaluations.world import everything_stored
from tests.meetings.world import NOW, utc
from tests.participants.everything import ADDRESS, KEY, NAME, WORDS, canary, plant
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NINE = utc("2027-01-05 08:00")
#: What would still tell of her; one lower-case word of each text that was planted about her.
MARKS = (NAME, NAME.split()[0], NAME.split()[1], KEY, ADDRESS, "anary")


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def told(person: Person) -> Pairing:
    """Planted, gone, her partners told in the usual words at the usual hour, and no mail waiting any more."""
    made = plant(person)
    _settled(person)
    return made


def _settled(person: Person) -> None:
    mark_left(person=person, now=NOW)
    send_due_notices(now=NINE)
    Message.objects.filter(state="queued").update(state="cancelled", settled_at=NINE)


def left_over() -> dict[str, list[str]]:
    rows = {table: [mark for mark in MARKS if mark in text] for table, text in everything_stored().items()}
    return {table: found for table, found in rows.items() if found}


# --- the register itself --------------------------------------------------------------------------------


@pytest.mark.covers("B-01", "B-07")
def test_every_model_with_something_personal_says_whose_it_is_or_is_about_nobody() -> None:
    about_nobody = {
        "participants.titlegrade", "sealing.scopekey", "socialaccount.socialapp", "evaluations.round",
        "evaluations.pendinganswer", "evaluations.sealedanswer", "programmes.sponsortask",
    }  # fmt: skip
    silent = [
        label
        for label in declared_models()
        if personal_lines(label) and belonging(label) is None and label not in about_nobody
    ]
    assert silent == []


@pytest.mark.covers("B-01")
def test_lookups_of_the_register_exist_and_exported_fields_are_the_persons_own() -> None:
    for label in declared_models():
        told_of = belonging(label)
        if told_of is None:
            continue
        rows_of(label, 1, is_named=True).exists()
        if told_of.within:
            manager: Any = apps.get_model(label)._default_manager
            manager.filter(**{f"{told_of.within}__in": [1]}).exists()
        assert set(told_of.only.values()) <= set(told_of.own), label
        for name, line in lines_of(label).items():
            if line.export and line.category != "none":
                assert "nobody" not in line.visible or label == "meetings.reminder", (label, name)


# --- erasing --------------------------------------------------------------------------------------------


@pytest.mark.covers("B-07")
def test_nothing_stored_anywhere_tells_of_somebody_who_was_erased() -> None:
    who = canary()
    plant(who)
    planted = {
        label: rows_of(label, who.pk, is_named=True).count()
        for label in declared_models()
        if (found := belonging(label)) and (found.own or found.named)
    }
    assert [label for label, count in planted.items() if not count] == []
    _settled(who)
    counts = erase_person(person=who, now=NINE)
    assert counts
    assert left_over() == {}
    for label in planted:
        if goes_whole(label):
            assert not rows_of(label, who.pk, is_named=True).exists(), label
    who.refresh_from_db()
    assert (str(who), who.email, who.languages, who.state) == ("somebody", None, [], "left")
    assert not User.objects.filter(person=who).exists()


def test_it_may_be_done_twice() -> None:
    who = canary()
    told(who)
    erase_person(person=who, now=NINE)
    who.refresh_from_db()
    before = everything_stored()
    assert erase_person(person=who, now=NINE + dt.timedelta(hours=1)) == {}
    assert everything_stored() == before


def test_what_belongs_to_others_and_what_was_agreed_stays() -> None:
    who = canary()
    made = told(who)
    partner = made.mentee.person
    erase_person(person=who, now=NINE)
    assert Pairing.objects.filter(pk=made.pk, mentee__person=partner).exists()
    assert Meeting.objects.get(pairing=made).place == ""
    assert Agreement.objects.get().recorded_by is None
    assert Enrolment.objects.get(pk=made.mentor_id).perspectives_offered == []
    assert Intake.objects.get(enrolment=made.mentor_id).words is None
    assert not ImportFile.objects.exists()


def test_chains_of_others_still_lead_through_an_opaque_link() -> None:
    who = canary()
    told(who)
    boss = Person.objects.get(pk=who.pk).manager
    report = Person.objects.create(hr_key="R1", first_name="Report", manager=who)
    erase_person(person=who, now=NINE)
    report.refresh_from_db()
    assert report.manager_id == who.pk
    assert report.manager.is_chain_only
    assert report.manager.manager == boss


# --- the way there --------------------------------------------------------------------------------------


@pytest.mark.covers("B-07")
def test_at_once_they_are_out_and_erased_when_partners_have_heard(
    django_capture_on_commit_callbacks: Any,
) -> None:
    who = canary()
    made = plant(who)
    ErasureRequest.objects.all().delete()
    request = ask_for_erasure(person=who, now=NOW)
    assert ask_for_erasure(person=who, now=NOW).pk == request.pk
    carry_out(request=request, by=made.mentee.person, now=NOW)
    assert not User.objects.get(person=who).is_active
    run_job(job_id=_job("erase_person"))
    assert erase_due_people(now=NOW) == 0  # her mentee has not heard yet
    assert Person.objects.get(pk=who.pk).first_name
    send_due_notices(now=NINE)
    mail = Message.objects.get(kind="exit", recipient_id=made.mentee.person_id)
    assert mail.context["partner_name"] == NAME  # the same words as ever (decision 33)
    assert erase_due_people(now=NINE) == 1
    assert erase_due_people(now=NINE) == 0
    request.refresh_from_db()
    assert (request.state, request.by_id, request.done_at) == ("done", made.mentee.person_id, NINE)
    assert NAME not in json.dumps(request.counts)
    assert request.counts["programmes.topicoffer"] == 1


def _job(kind: str) -> int:
    from operations.models import Job

    return Job.objects.filter(kind=kind).latest("pk").pk


def test_a_wish_can_be_taken_back_until_it_is_carried_out() -> None:
    who = canary()
    request = ask_for_erasure(person=who, now=NOW)
    withdraw_erasure(request=request, by=who)
    with refused("illegal_transition"):
        carry_out(request=request, by=None, now=NOW)
    again = ask_for_erasure(person=who, now=NOW)
    carry_out(request=again, by=None, now=NOW)
    with refused("illegal_transition"):
        withdraw_erasure(request=again, by=who)
    states = list(ErasureRequest.objects.order_by("pk").values_list("state", flat=True))
    assert states[0] == RequestState.WITHDRAWN
    assert states[1] not in (RequestState.ASKED, RequestState.WITHDRAWN)


def test_the_plan_says_what_goes_what_is_emptied_and_what_stays() -> None:
    who = canary()
    plant(who)
    lines = {line.name: line for line in erasure_plan(who)}
    assert lines["topics offered"].fate == "goes"
    assert lines["enrolments"].fate == "emptied"
    assert "role" in lines["enrolments"].stays
    assert lines["pauses"].fate == "stays"
    secret = ("never with", "breaks", "contact requests", "ledger entries", "releases of own words")
    assert not set(secret) & set(lines)  # nobody learns by a number that there are any
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE participants_erasurerequest SET state = 'done', done_at = now()")
    assert RequestState.DONE not in REQUEST_TRANSITIONS["asked"]


# --- a copy ---------------------------------------------------------------------------------------------


@pytest.mark.covers("B-06")
def test_a_copy_holds_what_the_register_marks_and_nothing_of_others() -> None:
    who = canary()
    made = plant(who)
    text = json.dumps(own_data(who), ensure_ascii=False)
    for word in (NAME.split()[1], KEY, WORDS, "canary openness", "Canary idea", "helper@example.com"):
        assert word in text, word
    for word in (f"{NAME} is good", f"{NAME}!", "canary praise", "secret", "Boss never"):
        assert word not in text, word
    partner = own_data(made.mentee.person)
    told_her = json.dumps(partner, ensure_ascii=False)
    assert WORDS not in told_her
    assert "canary openness" not in told_her
    of_proposals = [one for one in own_data(who) if one["record"] == "matching.proposal"]
    fields = {value["field"] for row in of_proposals[0]["rows"] for value in row}
    assert "mentor_answer" in fields
    assert not fields & {"mentee_answer", "state", "reasons", "closed_at"}


def test_never_with_is_in_the_copy_of_its_author_alone() -> None:
    who = canary()
    plant(who)
    mine = next(one for one in own_data(who) if one["record"] == "participants.neverwith")
    assert len(mine["rows"]) == 1


def test_an_end_that_is_not_told_yet_is_not_in_the_copy_either() -> None:
    from pairings.services import end_pairing

    who = canary()
    made = plant(who)
    end_pairing(pairing=made, by=who, now=NOW)
    pairs = next(one for one in own_data(made.mentee.person) if one["record"] == "pairings.pairing")
    assert not {value["field"] for row in pairs["rows"] for value in row} & {"state", "ended_at"}


@pytest.mark.covers("B-06")
def test_a_worker_makes_the_copy_once_and_a_newer_wish_replaces_it() -> None:
    who = canary()
    ask_for_copy(person=who, now=NOW)
    run_job(job_id=_job("own_data"))
    first = DataExport.objects.get()
    assert first.made_at is not None
    assert ADDRESS in json.dumps(first.content)
    assert "content" not in str(_job_row("own_data").result)
    ask_for_copy(person=who, now=NOW + dt.timedelta(hours=1))
    assert DataExport.objects.get().made_at is None


def _job_row(kind: str) -> Any:
    from operations.models import Job

    return Job.objects.filter(kind=kind).latest("pk")


def test_models_with_a_term_of_their_own_count_from_something_that_is_stored() -> None:
    counted = []
    for label in declared_models():
        found = ending(label)
        if found is not None:
            manager: Any = apps.get_model(label)._default_manager
            # a lookup that leads nowhere is refused here
            counted.append(manager.filter(**{f"{found.since}__isnull": False}, **found.only).count())
    assert len(counted) > 5
    assert set(counted) == {0}
