"""A roster that comes again: what it would break is said before, what it breaks pauses, and all of it is logged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import IllegalTransition
from matching.models import MatchingRun, Proposal
from mentoring.retention import carry_out_terms
from operations import services as operations
from operations.models import Job
from operations.services import cancel_job
from outbox.models import Message
from pairings.models import Hold, Pairing
from pairings.services import confirm_pairing, end_pairing, resume_pairing, send_due_notices
from participants.choices import FileKind, RosterScope
from participants.models import BarrierGroup, GroupMembership, ImportFile, ImportLog, NeverWith, Person, User
from participants.services import (
    ask_never_with,
    choose_grades,
    erase_person,
    open_log_in,
    purge_files,
    register_person,
    set_barrier,
    set_groups,
    settle_columns,
    store_file,
)
from programmes.models import Cohort, Enrolment, NamedContact
from programmes.selectors import preview_import, sources_of
from programmes.services import confirm_import, import_people
from tests.participants.files import as_csv, company
from tests.programmes.test_wizard import text
from tests.programmes.world import NOW, World, make_person, make_world

pytestmark = pytest.mark.django_db
#: Dee, whose manager is Bo, comes under Cas, whose mentor she is.
UNDER_CAS = company({("4", "manager_id"): "3"})


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    bring(made, company())
    return made


def given(world: World, rows: list[list[str]]) -> ImportFile:
    file = store_file(
        kind=FileKind.ROSTER, content=as_csv(rows), filename="people.csv", by=world.coordinator, now=NOW,
        scope=RosterScope.FULL,
    )  # fmt: skip
    choose_grades(file=file, grades={"Director": 9})
    return settle_columns(file=file)


def started(world: World, rows: list[list[str]], left: frozenset[int] = frozenset()) -> Job:
    file = given(world, rows)
    digest = preview_import(sources_of(file)).digest
    return confirm_import(file=file, skips_wrong=False, left=left, digest=digest, by=world.coordinator)


def bring(world: World, rows: list[list[str]], left: frozenset[int] = frozenset()) -> Job:
    job = started(world, rows, left)
    operations.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def person(key: str) -> Person:
    return Person.objects.get(hr_key=key)


def enrolled(cohort: Cohort, key: str, role: str) -> Enrolment:
    return Enrolment.objects.create(cohort=cohort, person=person(key), role=role, state="accepted")


def at_stage(world: World, stage: str) -> None:
    """Step by step, as the database wants it."""
    for step in ("open", "selecting", "matching", "preparing", "active"):
        Cohort.objects.filter(pk=world.cohort.pk).update(stage=step)
        if step == stage:
            break
    world.cohort.refresh_from_db()


def paired(world: World) -> Pairing:
    """Dee, the junior, mentors Cas."""
    at_stage(world, "active")
    mentor, mentee = enrolled(world.cohort, "4", "mentor"), enrolled(world.cohort, "3", "mentee")
    return confirm_pairing(mentor=mentor, mentee=mentee, is_taster=False, now=NOW)


def previewed(client: Client, world: World, rows: list[list[str]]) -> str:
    file = given(world, rows)
    return text(client.get(reverse("admin:participants_importfile_preview", args=[file.pk])))


@pytest.mark.covers("A-29", "S2.11")
def test_the_preview_says_which_pairs_would_break_and_breaks_none(client: Client, world: World) -> None:
    pairing = paired(world)
    assert "would break" not in previewed(client, world, company({("4", "department"): "IT"}))
    page = previewed(client, world, UNDER_CAS)
    assert "Pairs that this would break" in page
    assert "Dee Young · Cas Middle in one reporting line" in page
    pairing.refresh_from_db()
    assert pairing.state == "confirmed"
    assert not Hold.objects.exists()


def test_pairs_of_other_programmes_are_counted_and_not_named(client: Client, world: World) -> None:
    other = make_world("Third Light")
    other.cohort = Cohort.objects.get(pk=other.cohort.pk)
    paired(other)
    page = previewed(client, world, UNDER_CAS)
    assert "1 pair of another programme" in page
    assert "Dee Young · Cas Middle" not in page


@pytest.mark.covers("A-29")
def test_a_pair_that_comes_into_one_line_pauses_in_neutral_words_and_waits_for_a_coordinator(
    client: Client, world: World
) -> None:
    pairing = paired(world)
    NamedContact.objects.create(programme=world.programme, person=make_person("e", "Ear"))
    Message.objects.all().delete()
    job = bring(world, UNDER_CAS)
    pairing.refresh_from_db()
    assert pairing.state == "paused"
    assert sorted(Message.objects.values_list("kind", "recipient_id")) == sorted(
        ("pause", person(key).pk) for key in "34"
    )
    assert "1 pairs are paused by it" in text(
        client.get(reverse("admin:operations_job_progress", args=[job.pk]))
    )
    assert "Dee Young · Cas Middle" in text(client.get(reverse("admin:pairings_hold_changelist")))
    assert "1 pair has paused" in text(client.get(reverse("admin:index")))
    bring(world, company({("4", "manager_id"): "3", ("5", "manager_id"): "2"}))
    assert (Hold.objects.count(), Message.objects.count()) == (1, 2)  # told once


def test_such_a_pair_goes_on_only_when_nothing_stands_between_the_two(client: Client, world: World) -> None:
    pairing = paired(world)
    bring(world, UNDER_CAS)
    with pytest.raises(IllegalTransition, match="no longer be a pair"):
        resume_pairing(pairing=pairing, by=world.coordinator, now=NOW)
    bring(world, company())
    hold = Hold.objects.open().get()
    here = reverse("admin:pairings_hold_changelist")
    client.post(here, {"action": "resume", "_selected_action": [hold.pk]})
    pairing.refresh_from_db()
    assert pairing.state == "confirmed"
    assert not Hold.objects.open().exists()


def test_a_coordinator_may_end_it_as_any_pair_ends(client: Client, world: World) -> None:
    pairing = paired(world)
    bring(world, UNDER_CAS)
    hold, here = Hold.objects.get(), reverse("admin:pairings_hold_changelist")
    asked = client.post(here, {"action": "end", "_selected_action": [hold.pk]})
    assert "No reason is asked or kept" in text(asked)
    pairing.refresh_from_db()
    assert pairing.state == "paused"
    client.post(here, {"action": "end", "_selected_action": [hold.pk], "confirm": "yes"})
    pairing.refresh_from_db()
    assert pairing.state == "ended"
    assert not Hold.objects.open().exists()


@pytest.mark.parametrize("ends", [True, False])
def test_a_barrier_that_comes_between_a_pair_pauses_it_and_is_not_named(
    client: Client, world: World, ends: bool
) -> None:
    pairing = paired(world)
    groups = [BarrierGroup.objects.create(name=name) for name in ("Falcon", "Heron")]
    if ends:
        GroupMembership.objects.create(person=person("4"), group=groups[0])
        GroupMembership.objects.create(person=person("3"), group=groups[1])
        set_barrier(one=groups[0], other=groups[1], by=None, now=NOW)
    else:
        set_barrier(one=groups[0], other=groups[1], by=None, now=NOW)
        set_groups(person=person("4"), groups=[groups[0]], by=None, now=NOW)
        set_groups(person=person("3"), groups=[groups[1]], by=None, now=NOW)
    pairing.refresh_from_db()
    assert pairing.state == "paused"
    page = text(client.get(reverse("admin:pairings_hold_changelist")))
    assert "not available" in page
    assert "Falcon" not in page
    assert not any("Falcon" in str(message.context) for message in Message.objects.all())


def test_groups_in_a_roster_are_forecast_and_hold_too(client: Client, world: World) -> None:
    pairing = paired(world)
    groups = [BarrierGroup.objects.create(name=name) for name in ("Falcon", "Heron")]
    set_barrier(one=groups[0], other=groups[1], by=None, now=NOW)
    head, *people = company()
    cells = {"4": "falcon", "3": "HERON"}
    rows = [[*head, "groups"], *([*row, cells.get(row[0], "")] for row in people)]
    assert "Dee Young · Cas Middle not available" in previewed(client, world, rows)
    bring(world, rows)
    pairing.refresh_from_db()
    assert (pairing.state, Hold.objects.get().cause) == ("paused", "barrier")


def test_a_wish_leaves_a_standing_pair_alone_so_that_nothing_tells_of_it(world: World) -> None:
    pairing = paired(world)
    Message.objects.all().delete()
    ask_never_with(person=person("4"), other=person("3"), now=NOW)
    bring(world, company({("5", "manager_id"): "2"}))
    pairing.refresh_from_db()
    assert pairing.state == "confirmed"
    assert not Hold.objects.exists()
    assert not Message.objects.exists()
    end_pairing(pairing=pairing, by=person("4"), now=NOW)
    assert NeverWith.objects.exists()


@pytest.mark.covers("A-29")
def test_open_proposals_of_people_in_one_line_are_withdrawn(world: World) -> None:
    at_stage(world, "matching")
    mentor, mentee = enrolled(world.cohort, "4", "mentor"), enrolled(world.cohort, "3", "mentee")
    run = MatchingRun.objects.create(cohort=world.cohort, number=1, state="done")
    proposal = Proposal.objects.create(
        cohort=world.cohort, run=run, mentor=mentor, mentee=mentee, proposed_at=NOW,
        answer_by=NOW + dt.timedelta(days=7),
    )  # fmt: skip
    job = bring(world, UNDER_CAS)
    proposal.refresh_from_db()
    assert (proposal.state, job.result["roster"]["withdrawn"]) == ("withdrawn", 1)


@pytest.mark.covers("A-29")
def test_whoever_left_leaves_their_pairs_at_nine_of_the_next_working_day(world: World) -> None:
    pairing = paired(world)
    Message.objects.all().delete()
    rows = company({("5", "manager_id"): "1"}, without=["4"])
    bring(world, rows, left=frozenset({person("4").pk}))
    pairing.refresh_from_db()
    assert pairing.state == "ended"
    assert not Message.objects.exists()
    assert pairing.notice_due_at is not None
    assert pairing.notice_due_at.astimezone(dt.UTC).minute == 0
    send_due_notices(now=pairing.notice_due_at)
    assert list(Message.objects.values_list("kind", "recipient_id")) == [("exit", person("3").pk)]


# --- the log -----------------------------------------------------------------------------------------------


def test_each_import_is_logged_with_what_became_of_each_row(client: Client, world: World) -> None:
    bring(world, company({("4", "manager_id"): "3", ("5", "grade"): "4"}, without=["2"]))
    log = ImportLog.objects.latest("pk")
    assert (log.filename, log.by) == ("people.csv", world.coordinator)
    assert (log.counts["moved"], log.counts["changed"], log.counts["missing"]) == (1, 1, 2)
    assert log.file.outcomes == [
        [2, "1", "same", []],
        [3, "3", "same", []],
        [4, "4", "moved", ["manager"]],
        [5, "5", "changed", ["grade"]],
    ]
    listed = text(client.get(reverse("admin:participants_importlog_changelist")))
    assert "1 changed, 1 moved, 2 unchanged" in listed
    page = text(client.get(reverse("admin:participants_importlog_change", args=[log.pk])))
    assert "Imported by Lotte Tester" in page
    assert "5 5 changed grade" in page


def test_wrong_rows_are_logged_without_what_was_wrong_in_them(client: Client, world: World) -> None:
    file = given(world, company({("4", "email"): "dee-at-home"}))
    digest = preview_import(sources_of(file)).digest
    job = confirm_import(file=file, skips_wrong=True, left=frozenset(), digest=digest, by=world.coordinator)
    operations.run(job_id=job.pk)
    log = ImportLog.objects.latest("pk")
    assert [5, "", "wrong", ["bad_email"]] in log.file.outcomes
    page = text(client.get(reverse("admin:participants_importlog_change", args=[log.pk])))
    assert "left out: wrong" in page
    assert "dee-at-home" not in page


def test_rows_go_with_the_file_and_the_entry_after_a_year(client: Client, world: World) -> None:
    log = ImportLog.objects.latest("pk")
    purge_files(now=log.imported_at + dt.timedelta(days=3650))
    log.refresh_from_db()
    assert log.file is None
    assert "kept for a week" in text(
        client.get(reverse("admin:participants_importlog_change", args=[log.pk]))
    )
    carry_out_terms(now=log.imported_at + dt.timedelta(days=364))
    assert ImportLog.objects.filter(pk=log.pk).exists()
    carry_out_terms(now=log.imported_at + dt.timedelta(days=367))
    assert not ImportLog.objects.filter(pk=log.pk).exists()


# --- the work ----------------------------------------------------------------------------------------------


def said_by(monkeypatch: pytest.MonkeyPatch, stop_at: str = "") -> list[str]:
    told: list[str] = []
    say = operations.Progress.say

    def listen(self: Any, step: str, *, done: int, total: int) -> None:
        told.append(f"{step} {done}/{total}")
        if stop_at and step.startswith(stop_at):
            cancel_job(job=Job.objects.get(pk=self.job.pk))
        say(self, step, done=done, total=total)

    monkeypatch.setattr(operations.Progress, "say", listen)
    return told


def test_the_work_says_what_it_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = said_by(monkeypatch)
    bring(world, UNDER_CAS)
    assert told == [
        "Reading the files 0/1",
        "Checking the rows against what is known: 0 of 5 0/7",
        "Writing people and enrolments. This takes a moment and can no longer be stopped. 6/7",
    ]


@pytest.mark.parametrize("moment", ["Reading", "Checking", "Writing"])
def test_whoever_stops_it_before_the_writing_begins_finds_nothing_written(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    said_by(monkeypatch, stop_at=moment)
    before, logged = person("4").version, ImportLog.objects.count()
    job = started(world, UNDER_CAS)
    operations.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert (person("4").version, ImportLog.objects.count()) == (before, logged)
    assert ImportFile.objects.get(pk=job.params["file"]).state == "mapped"


def test_the_command_line_is_logged_too(world: World) -> None:
    sources = sources_of(given(world, UNDER_CAS), by_operator=True)
    outcomes: list[list[Any]] = []
    import_people(sources=sources, by=None, now=NOW, outcomes=outcomes)
    assert [row[2] for row in outcomes] == ["same", "same", "same", "moved", "same"]


# --- who came in by themselves ---------------------------------------------------------------------------


def test_a_roster_adopts_whoever_came_in_by_an_open_call(client: Client, world: World) -> None:
    """Decision 29: the address tells who it is; their log-in, their part and their number here stay."""
    own = register_person(address="new@example.com", first_name="Nina", last_name="Own", language="nl")
    user = open_log_in(person=own)
    part = Enrolment.objects.create(cohort=world.cohort, person=own, role="mentor", state="applied")
    rows = [*company(), ["6", "Nina", "Official", "new@example.com", "Analyst", "3", "2", "Sales"]]
    page = previewed(client, world, rows)
    assert "HR key" in page
    assert Person.objects.get(pk=own.pk).hr_key.startswith("self-")
    bring(world, rows)
    own.refresh_from_db()
    assert (own.hr_key, own.last_name, own.grade, own.manager.hr_key) == ("6", "Official", 3, "2")
    assert Person.objects.filter(email="new@example.com").count() == 1
    assert Enrolment.objects.get(pk=part.pk).person == own
    assert User.objects.get(pk=user.pk).person == own
    before = Person.objects.get(pk=own.pk).version
    bring(world, rows)
    assert Person.objects.get(pk=own.pk).version == before


def test_a_link_of_a_chain_becomes_one_with_whoever_came_in(world: World) -> None:
    link = Person.objects.create(hr_key="6", is_chain_only=True, manager=person("1"))
    Person.objects.filter(hr_key="5").update(manager=link)
    own = register_person(address="six@example.com", first_name="Six", last_name="Own", language="en")
    rows = company({("5", "manager_id"): "6"})
    bring(world, [*rows, ["6", "Six", "Own", "six@example.com", "Manager", "6", "1", "Finance"]])
    own.refresh_from_db()
    assert (own.hr_key, own.is_chain_only, person("5").manager) == ("6", False, own)
    assert not Person.objects.filter(pk=link.pk).exists()


def test_whoever_came_in_and_is_not_to_be_kept_by_name_stays_as_they_are(world: World) -> None:
    own = register_person(address="new@example.com", first_name="Nina", last_name="Own", language="nl")
    file = given(world, [*company(), ["6", "N", "O", "new@example.com", "Analyst", "3", "2", "Sales"]])
    ImportFile.objects.filter(pk=file.pk).update(scope=RosterScope.PARTICIPANTS)
    file.refresh_from_db()
    digest = preview_import(sources_of(file)).digest
    job = confirm_import(file=file, skips_wrong=False, left=frozenset(), digest=digest, by=world.coordinator)
    operations.run(job_id=job.pk)
    own.refresh_from_db()
    assert (own.hr_key[:5], own.first_name) == ("self-", "Nina")


@pytest.mark.covers("B-07")
def test_a_roster_neither_drops_nor_names_whoever_was_erased(world: World) -> None:
    pairing = paired(world)
    junior = pairing.mentor.person
    end_pairing(pairing=pairing, by=junior, now=NOW)
    send_due_notices(now=NOW + dt.timedelta(days=5))
    erase_person(person=junior, now=NOW + dt.timedelta(days=5))
    bring(world, company(without={"4"}))
    junior.refresh_from_db()
    assert (junior.is_chain_only, junior.first_name) == (True, "")
    assert Pairing.objects.filter(pk=pairing.pk).exists()
    bring(world, company())
    assert Person.objects.filter(hr_key="4").exclude(pk=junior.pk).exists()  # a new person without a past
