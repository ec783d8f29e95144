"""Backup, erase, restore, replay: gone again (B-08)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from mentoring.doctor import erasures
from participants.models import Person
from participants.services import (
    Erased,
    Replay,
    erase_due_people,
    erase_person,
    erased_here,
    keep_list,
    read_list,
    replay_erasures,
)
from tests.meetings.world import NOW, utc
from tests.participants.everything import canary, plant
from tests.participants.test_erasing import left_over

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B-08")]
NINE = utc("2027-01-05 08:00")


class Restored(Exception):
    """Undoes everything since the backup, as restoring it would."""


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> Path:
    settings.ERASURE_LIST = str(tmp_path / "erased.txt")
    return tmp_path / "erased.txt"


def erased_and_restored(person: Person) -> None:
    try:
        with transaction.atomic():
            erase_person(person=person, now=NOW)
            assert keep_list(now=NOW) == 1
            assert keep_list(now=NOW) == 0
            raise Restored
    except Restored:
        person.refresh_from_db()


@time_machine.travel(NOW, tick=False)
def test_whoever_was_erased_is_gone_again_after_a_restore(kept: Path) -> None:
    who = canary()
    plant(who)
    erased_and_restored(who)
    assert left_over()
    assert who.email not in kept.read_text()
    assert not erasures().ok
    lines = read_list(kept.read_text())
    assert replay_erasures(lines=lines, now=NOW) == Replay(waiting=1)
    who.user.refresh_from_db()
    assert not who.user.is_active  # out at once, while the partners have still to be told
    from outbox.models import Message
    from pairings.services import send_due_notices

    send_due_notices(now=NINE)
    Message.objects.filter(state="queued").update(state="cancelled", settled_at=NINE)
    assert erase_due_people(now=NINE) == 1
    assert left_over() == {}
    assert replay_erasures(lines=lines, now=NINE) == Replay(already=1)
    assert erasures().ok


def test_somebody_without_partners_is_gone_with_the_command(kept: Path, capsys: Any) -> None:
    who = canary()
    erased_and_restored(who)
    call_command("replay_erasures", "--dry-run")
    assert "1 on the list, 1 of them are back" in capsys.readouterr().out
    assert Person.objects.filter(pk=who.pk, email=who.email).exists()
    call_command("replay_erasures")
    assert "erased again: 1" in capsys.readouterr().out
    assert left_over() == {}


def test_a_later_person_with_the_same_number_is_left_alone(kept: Path) -> None:
    who = canary()
    other = Erased(who.pk, who.created_at - dt.timedelta(seconds=1))
    gone = Erased(who.pk + 1000, who.created_at)
    assert replay_erasures(lines=[other, gone], now=NOW) == Replay(unknown=2)
    assert Person.objects.filter(pk=who.pk, email=who.email).exists()


def test_a_list_that_cannot_be_understood_erases_nobody(kept: Path) -> None:
    who = canary()
    for text in ("x", f"{who.pk}", f"{who.pk} 2027-01-01", "<html>"):
        kept.write_text(text)
        with pytest.raises(CommandError):
            call_command("replay_erasures")
    with pytest.raises(CommandError):
        call_command("replay_erasures", str(kept) + ".not")
    assert erased_here() == []


def test_the_list_is_written_with_the_erasure(kept: Path, django_capture_on_commit_callbacks: Any) -> None:
    who = canary()
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person=who, now=NOW)
    assert read_list(kept.read_text()) == [Erased(who.pk, who.created_at)]


def test_a_list_that_cannot_be_written_keeps_nobody_from_being_erased(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ERASURE_LIST = str(tmp_path / "nowhere" / "erased.txt")
    who = canary()
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person=who, now=NOW)
    assert erased_here() == [Erased(who.pk, who.created_at)]
    assert erasures().ok  # nothing to read yet; the clock's own job tells that it failed
    settings.ERASURE_LIST = str(tmp_path / "erased.txt")
    assert keep_list(now=NOW) == 1
