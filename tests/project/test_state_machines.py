"""Every state machine, step by step: what its table does not know is refused by service and database (D-08)."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from common.errors import DomainError, IllegalTransition
from programmes.choices import ENROLMENT_TRANSITIONS, STAGE_TRANSITIONS, EnrolmentState, Stage
from programmes.models import Cohort, Enrolment
from programmes.services import set_enrolment_state
from programmes.services.locking import check_step
from tests.programmes.world import NOW, World, make_person, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D-08")]
#: table.column → where its transitions stand as data.
MACHINES = {
    "programmes_cohort.stage": "programmes.choices.STAGE_TRANSITIONS",
    "programmes_enrolment.state": "programmes.choices.ENROLMENT_TRANSITIONS",
    "programmes_contactrequest.state": "programmes.choices.CONTACT_TRANSITIONS",
    "programmes_topicsuggestion.state": "programmes.choices.SUGGESTION_TRANSITIONS",
    "programmes_announcement.state": "programmes.choices.ANNOUNCEMENT_TRANSITIONS",
    "programmes_wordsrelease.state": "programmes.choices.WORDS_TRANSITIONS",
    "programmes_topiccall.state": "programmes.choices.TOPIC_CALL_TRANSITIONS",
    "participants_importfile.state": "participants.choices.FILE_TRANSITIONS",
    "participants_erasurerequest.state": "participants.choices.REQUEST_TRANSITIONS",
    "pairings_pairing.state": "pairings.choices.PAIRING_TRANSITIONS",
    "meetings_meeting.state": "meetings.choices.MEETING_TRANSITIONS",
    "matching_matchingrun.state": "matching.choices.RUN_TRANSITIONS",
    "matching_proposal.state": "matching.choices.PROPOSAL_TRANSITIONS",
    "evaluations_round.state": "evaluations.choices.ROUND_TRANSITIONS",
    "operations_job.state": "operations.choices.JOB_TRANSITIONS",
    "outbox_message.state": "outbox.choices.MESSAGE_TRANSITIONS",
}


def transitions(machine: str) -> Mapping[str, Sequence[str]]:
    module, _dot, name = MACHINES[machine].rpartition(".")
    found: Mapping[str, Sequence[str]] = getattr(importlib.import_module(module), name)
    return {str(old): [str(one) for one in new] for old, new in found.items()}


def _triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND t.tgname LIKE %s",
            ["%%_transition"],
        )
        return {
            f"{table}.{name.removeprefix(table + '_').removesuffix('_transition')}" for table, name in cursor
        }


def test_every_machine_is_held_by_the_database_and_walked_here() -> None:
    assert _triggers() == set(MACHINES)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_database_lets_a_row_move_along_the_table_of_choices_and_no_other_way(machine: str) -> None:
    """The table's own trigger function on a bare table: every step there is, and every step there is not."""
    table, _dot, column = machine.partition(".")
    name, known = f"{table}_{column}_transition", transitions(machine)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE walked ({column} text) ON COMMIT DROP")
        cursor.execute(
            f"CREATE TRIGGER walked BEFORE UPDATE OF {column} ON walked FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        for old, new in product(known, known):
            cursor.execute("DELETE FROM walked")
            cursor.execute("INSERT INTO walked VALUES (%s)", [old])
            move = (f"UPDATE walked SET {column} = %s", [new])
            if new == old or new in known[old]:
                cursor.execute(*move)
                continue
            with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                cursor.execute(*move)
            assert refusal.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]
        cursor.execute("DROP TABLE walked")


@pytest.mark.parametrize("machine", MACHINES)
def test_a_service_asks_the_same_table(machine: str) -> None:
    known = transitions(machine)
    for old, new in product(known, known):
        if new in known[old]:
            check_step(known, old, new)
        else:
            with pytest.raises(IllegalTransition):
                check_step(known, old, new)


# --- the two that a coordinator moves -------------------------------------------------------------------


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    return made


@pytest.mark.parametrize("old", list(Stage.values))
def test_a_stage_skipped_by_a_crafted_post_is_refused(old: str, client: Client, world: World) -> None:
    cohort = Cohort.objects.create(
        programme=world.programme,
        name=old,
        stage=old,
        starts_on=dt.date(2027, 2, 1),
        ends_on=dt.date(2027, 9, 1),
    )
    address = reverse("admin:programmes_cohort_stage", args=[cohort.pk])
    for new in Stage.values:
        if new not in STAGE_TRANSITIONS[old]:
            client.post(address, {"to": new, "stage": new})
    client.post(
        reverse("admin:programmes_cohort_change", args=[cohort.pk]), {"stage": "archived", "name": old}
    )
    assert Cohort.objects.get(pk=cohort.pk).stage == old


@pytest.mark.parametrize("old", list(EnrolmentState.values))
def test_an_enrolment_takes_no_step_that_there_is_not(old: str, world: World) -> None:
    person: Any = make_person(f"x-{old}")
    row = Enrolment.objects.create(cohort=world.cohort, person=person, role="mentor", state=old)
    for new in EnrolmentState.values:
        if new not in ENROLMENT_TRANSITIONS[old]:
            with pytest.raises(DomainError):
                set_enrolment_state(enrolment=row, to=new, by=None, now=NOW)
    assert Enrolment.objects.get(pk=row.pk).state == old
