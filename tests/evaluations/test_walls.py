"""The walls between people and answers, probed in a real database as its administrator could (A-16 to A-22)."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import time_machine
from auditlog.registry import auditlog
from django.contrib import admin
from django.db import OperationalError, connection, models

from evaluations import services
from evaluations.models import LedgerEntry, PendingAnswer, Round, SealedAnswer, Snapshot
from evaluations.services import closing
from operations import services as operations
from operations.models import Job
from participants.models import Person, User
from sealing.models import ScopeKey
from sealing.services import CannotUnseal
from tests.evaluations.world import AFTER, NOW, World, always, answer, everything_stored, finish, sheet
from tests.programmes.council import agree

ANSWERS = (PendingAnswer, SealedAnswer)


def sql(query: str, *params: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def close_and_seal(round: Round) -> None:
    services.close_round(round=round, now=AFTER)
    services.seal_round(round=round, now=AFTER)


def traces_gone(round: Round, now: datetime = AFTER) -> bool:
    """Whether the traces go in the end. Other test runs on this server may hold them for a while."""
    return any(services.remove_traces(round=round, now=now) for _attempt in range(6))


def other_session() -> Any:
    """A connection of its own, as another process would have."""
    params = {name: value for name, value in connection.get_connection_params().items() if name in PSYCOPG}
    return psycopg2.connect(**params)


PSYCOPG = ("dbname", "user", "password", "host", "port")


# --- after closing nothing leads back ---------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A-17")
def test_after_sealing_neither_transaction_numbers_nor_places_on_disk_lead_back() -> None:
    world = World(100, 100)
    round = world.open()
    for number, person in enumerate(world.people):
        answer(round, [person], always("4", text=f"comment {number}"))
    linkable = sql(
        "SELECT count(*) FROM evaluations_ledgerentry l JOIN evaluations_pendinganswer p ON p.xmin = l.xmin"
        " WHERE p.question = 't_prog'"
    )
    assert linkable == [(200,)]  # while it is open an administrator can link: hence the encryption
    handed_in_by = {row[0] for row in sql("SELECT xmin::text FROM evaluations_ledgerentry")}

    close_and_seal(round)
    assert traces_gone(round)

    sealed_by = sql("SELECT DISTINCT xmin::text FROM evaluations_sealedanswer")
    assert len(sealed_by) == 1
    assert sealed_by[0][0] not in handed_in_by
    assert sql("SELECT count(*) FROM evaluations_ledgerentry") == [(0,)]
    places = sql(
        "SELECT value #>> '{}' FROM evaluations_sealedanswer WHERE question = 't_prog' ORDER BY ctid"
    )
    assert abs(kendall([int(value[0].split()[1]) for value in places])) < 0.2
    by_number = sql(
        "SELECT value #>> '{}' FROM evaluations_sealedanswer WHERE question = 't_prog' ORDER BY id"
    )
    assert abs(kendall([int(value[0].split()[1]) for value in by_number])) < 0.2
    for table in ("evaluations_pendinganswer", "evaluations_ledgerentry"):
        assert sql("SELECT pg_relation_size(%s)", table) == [(0,)]


def kendall(order: list[int]) -> float:
    """Kendall's tau between an order and 0, 1, 2, …"""
    pairs = [(a, b) for index, a in enumerate(order) for b in order[index + 1 :]]
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs)


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A-17")
def test_traces_are_not_called_removed_while_an_older_query_can_still_see_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    round = world.open()
    answer(round, world.people)
    watcher = other_session()
    try:
        with watcher.cursor() as cursor:
            cursor.execute(
                "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM evaluations_pendinganswer"
            )
            close_and_seal(round)
            with monkeypatch.context() as hurried:
                hurried.setattr(closing, "TRIES", 1)
                assert services.remove_traces(round=round, now=AFTER) is False
    finally:
        watcher.close()
    round.refresh_from_db()
    assert round.emptied_at is None
    assert traces_gone(round)
    assert traces_gone(round, AFTER + timedelta(days=1))
    round.refresh_from_db()
    assert round.emptied_at == AFTER


@pytest.mark.django_db(transaction=True)
def test_a_table_in_use_is_rewritten_later(monkeypatch: pytest.MonkeyPatch) -> None:
    round = World().open()
    close_and_seal(round)
    holder = other_session()
    try:
        with holder.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE evaluations_ledgerentry IN SHARE MODE")
            with monkeypatch.context() as hurried:
                hurried.setattr(closing, "LOCK_WAIT", "50ms")
                hurried.setattr(closing, "TRIES", 2)
                assert services.remove_traces(round=round, now=AFTER) is False
    finally:
        holder.close()
    assert sql("SHOW lock_timeout") == [("0",)]
    assert traces_gone(round)


@pytest.mark.django_db(transaction=True)
def test_another_round_that_is_open_keeps_its_answers() -> None:
    world = World()
    agree(world.programme, "pulses")
    quarterly, pulse = world.open("quarterly"), world.open("pulse")
    answer(quarterly, world.people)
    answer(pulse, world.people[:3])
    close_and_seal(quarterly)
    assert traces_gone(quarterly)
    assert PendingAnswer.objects.filter(round=pulse).count() == 9
    assert LedgerEntry.objects.filter(round=pulse, done=True).count() == 3
    finish(pulse)
    assert SealedAnswer.objects.filter(round=pulse).count() == 9


def test_tables_are_not_rewritten_inside_a_transaction(db: None) -> None:
    round = World().open()
    with pytest.raises(RuntimeError):
        services.remove_traces(round=round, now=AFTER)


# --- while it is open nothing can be read -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A-18", "A-20")
def test_what_somebody_writes_is_nowhere_in_the_clear_while_the_round_is_open() -> None:
    world = World()
    round = world.open()
    canary = f"Kanarienvogel {uuid.uuid4()}"
    start = log_file()
    answer(round, world.people[:3], always("5", text=canary))
    assert tables_with(canary) == set()
    assert canary.encode() not in written_ahead(start)
    close_and_seal(round)
    assert tables_with(canary) == {
        "evaluations_sealedanswer"
    }  # anonymous by now; and the search finds things


def tables_with(word: str) -> set[str]:
    return {table for table, rows in everything_stored().items() if word in rows}


def log_file() -> str:
    """The name of the file that the server writes ahead into now."""
    return str(sql("SELECT pg_walfile_name(pg_current_wal_lsn())")[0][0])


def written_ahead(start: str) -> bytes:
    """What the server has written ahead since, as far as its files are on this machine and still there."""
    folder = Path(sql("SHOW data_directory")[0][0]) / "pg_wal"
    found = b""
    for file in sorted(folder.glob("0*")) if folder.is_dir() else []:
        if start <= file.name <= log_file():
            with contextlib.suppress(FileNotFoundError):
                found += file.read_bytes()
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A-18")
def test_with_the_rounds_key_gone_a_copy_of_the_open_tables_stays_closed() -> None:
    world = World()
    round = world.open()
    answer(round, world.people)
    copied = [bytes(row.value) for row in PendingAnswer.objects.all()]
    key = ScopeKey.objects.get()
    assert closing.opener(key=key)(copied[0])
    close_and_seal(round)
    key.refresh_from_db()
    with pytest.raises(CannotUnseal):
        closing.opener(key=key)


@pytest.mark.django_db(transaction=True)
def test_without_the_sealing_key_nothing_is_lost_and_nothing_sealed(settings: Any) -> None:
    world = World()
    round = world.open()
    answer(round, world.people)
    services.close_round(round=round, now=AFTER)
    right, settings.SEALING_KEY = settings.SEALING_KEY, bytes(32)
    with pytest.raises(CannotUnseal):
        services.seal_round(round=round, now=AFTER)
    settings.SEALING_KEY = right
    assert services.seal_round(round=round, now=AFTER) is True
    assert SealedAnswer.objects.filter(question="sat").count() == 24


# --- races and crashes ----------------------------------------------------------------------------------


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run calls in threads with connections of their own; an exception is a result."""
    results: list[object] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(index: int, call: Callable[[], object]) -> None:
        try:
            start.wait()
            results[index] = call()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A-22")
@pytest.mark.parametrize("attempt", range(3))
def test_what_races_with_closing_is_either_counted_or_refused(attempt: int) -> None:
    world = World(8, 8)
    round = world.open()

    def hand_in(person: Person) -> Callable[[], object]:
        given = sheet(round, person)
        return lambda: services.submit_answers(round=round, person=person, answers=given, now=NOW)

    calls = [hand_in(person) for person in world.people]
    calls.insert(4 + 4 * attempt, lambda: services.close_round(round=round, now=NOW))
    results = at_once(*calls)
    taken = results.count(True)
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(result, services.NotOpen) for result in refused)
    assert taken + len(refused) == 16
    services.seal_round(round=round, now=NOW)
    round.refresh_from_db()
    assert sum(round.respondents["1"].values()) == taken
    assert SealedAnswer.objects.filter(question="sat").count() == taken


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A-22")
def test_of_two_submissions_at_once_one_counts() -> None:
    world = World()
    round = world.open()
    person = world.people[0]
    given = sheet(round, person)
    results = at_once(
        *[
            lambda: services.submit_answers(round=round, person=person, answers=given, now=NOW)
            for _ in range(4)
        ]
    )
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
    assert PendingAnswer.objects.count() == len(given)


@pytest.mark.django_db(transaction=True)
def test_of_two_closings_and_two_sealings_at_once_one_happens() -> None:
    world = World()
    round = world.open()
    answer(round, world.people)
    closings = at_once(*[lambda: services.close_round(round=round, now=AFTER) for _ in range(2)])
    assert sum(isinstance(result, Round) for result in closings) == 1
    assert Job.objects.count() == 1
    sealings = at_once(*[lambda: services.seal_round(round=round, now=AFTER) for _ in range(3)])
    assert sorted(map(str, sealings)) == ["False", "False", "True"]
    assert SealedAnswer.objects.filter(question="sat").count() == 24


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A-22", "D-16")
def test_a_sealing_killed_half_way_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    round = world.open()
    answer(round, world.people)
    before = PendingAnswer.objects.count()
    with time_machine.travel(AFTER, tick=False):
        services.close_round(round=round, now=AFTER)
        job = Job.objects.get()
        with monkeypatch.context() as patched:
            patched.setattr(closing, "_empty_ledger", lambda _round: kill_this_session())
            with pytest.raises(OperationalError):
                services.seal_round(round=round, now=AFTER)
        connection.close()
    assert (PendingAnswer.objects.count(), SealedAnswer.objects.count()) == (before, 0)
    assert ScopeKey.objects.get().destroyed_at is None
    operations.run(job_id=job.pk)
    assert traces_gone(round)
    round.refresh_from_db()
    assert None not in (round.sealed_at, round.emptied_at)
    assert SealedAnswer.objects.filter(question="sat").count() == 24
    assert Snapshot.objects.filter(round=round).exists()


def kill_this_session() -> dict:
    sql("SELECT pg_terminate_backend(pg_backend_pid())")
    return {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A-17", "A-22")
def test_the_clock_comes_back_to_a_round_whose_worker_died_between_two_steps() -> None:
    world = World()
    round = world.open()
    answer(round, world.people)
    with time_machine.travel(AFTER, tick=False):
        services.close_round(round=round, now=AFTER)
        assert services.finish_sealing(now=AFTER) == 0  # its job is waiting
        Job.objects.update(state="running")
        services.seal_round(round=round, now=AFTER)
        Job.objects.update(state="failed")
        assert services.finish_sealing(now=AFTER + timedelta(minutes=14)) == 0
    with time_machine.travel(AFTER + timedelta(minutes=16), tick=False):
        assert services.finish_sealing(now=AFTER + timedelta(minutes=16)) == 1
        for job in Job.objects.filter(state="queued"):
            operations.run(job_id=job.pk)
        assert traces_gone(round, AFTER + timedelta(minutes=16))
        assert services.finish_sealing(now=AFTER + timedelta(hours=2)) == 0
    round.refresh_from_db()
    assert round.emptied_at == AFTER + timedelta(minutes=16)
    assert Snapshot.objects.filter(round=round).exists()


# --- what the tables could never say ------------------------------------------------------------------------


@pytest.mark.covers("A-16")
@pytest.mark.parametrize("model", [*ANSWERS, Snapshot])
def test_no_relation_of_any_length_leads_from_an_answer_to_a_person(model: type[models.Model]) -> None:
    seen: set[Any] = set()
    queue: list[Any] = [model]
    while queue:
        current = queue.pop()
        seen.add(current)
        related = {
            field.related_model
            for field in [*current._meta.local_fields, *current._meta.local_many_to_many]
            if field.is_relation
        }
        queue += related - seen
    assert not seen & {Person, User, LedgerEntry}


@pytest.mark.covers("A-16")
@pytest.mark.parametrize("model", [*ANSWERS, LedgerEntry])
def test_answers_and_ledger_carry_no_time_no_address_and_no_sequence(model: type[models.Model]) -> None:
    forbidden = (models.DateField, models.TimeField, models.AutoField, models.GenericIPAddressField)
    assert [field.name for field in model._meta.local_fields if isinstance(field, forbidden)] == []
    assert isinstance(model._meta.pk, models.UUIDField)


@pytest.mark.covers("A-16")
def test_an_answer_shares_no_column_with_the_ledger_but_its_round() -> None:
    ledger = {field.name for field in LedgerEntry._meta.local_fields}
    for model in ANSWERS:
        assert ledger & {field.name for field in model._meta.local_fields} == {"id", "round"}


@pytest.mark.covers("A-20", "A-24")
@pytest.mark.parametrize("model", [*ANSWERS, LedgerEntry, Snapshot])
def test_no_registry_follows_or_shows_answers(model: type[models.Model]) -> None:
    assert not auditlog.contains(model)
    assert not admin.site.is_registered(model)


@pytest.mark.django_db
@pytest.mark.covers("A-20", "A-21")
def test_neither_jobs_nor_mails_nor_the_audit_log_carry_an_answer() -> None:
    world = World()
    round = world.open()
    canary = f"Kanarienvogel {uuid.uuid4()}"
    answer(round, world.people, always("5", text=canary))
    finish(round)
    services.publish_round(round=round, changes="Replies within three weeks.", now=AFTER)
    assert tables_with(canary) == {"evaluations_sealedanswer", "evaluations_snapshot"}
