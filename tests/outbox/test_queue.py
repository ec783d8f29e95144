"""Mails are written once, in the transaction of what they tell about."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from outbox.choices import State
from outbox.models import Message
from outbox.services import Draft, Link, Recipient, cancel_about, queue, queue_many

NOW = datetime(2027, 2, 1, 8, tzinfo=UTC)
ANNA = Recipient(7, "anna@example.com", "Anna", "nl", "Europe/Amsterdam")


def write(key: str = "monthly_meeting:1:3:7", **more: object) -> Message | None:
    values = {"kind": "monthly_meeting", "to": ANNA, "context": {"month": "February"}, "now": NOW}
    return queue(key=key, programme_id=1, **{**values, **more})


@pytest.mark.django_db
@pytest.mark.covers("D-01")
def test_the_same_key_is_written_once():
    first = write()
    assert first is not None
    assert first.state == State.QUEUED
    assert write(context={"month": "March"}) is None
    assert Message.objects.get().context == {"month": "February"}


@pytest.mark.django_db
def test_what_was_given_is_kept():
    link = Link("accept", ("proposal", 4), NOW + timedelta(days=7), "/yes/{token}/")
    message = write(
        about=("proposal", 4),
        valid_while={"revision": 2},
        expires_at=NOW + timedelta(days=7),
        links={"yes": link},
        priority=0,
        policy="hold",
    )
    message.refresh_from_db()
    assert message.about == ("proposal", 4)
    assert (message.valid_while, message.priority, message.policy) == ({"revision": 2}, 0, "hold")
    assert message.links["yes"]["path"] == "/yes/{token}/"
    assert (message.language, message.time_zone, message.not_before) == ("nl", "Europe/Amsterdam", NOW)
    assert message.message_id.endswith("@example.com>")


@pytest.mark.django_db
def test_an_unknown_language_or_zone_falls_back():
    message = write(to=Recipient(7, "anna@example.com", "Anna", "xx", "Mars/Base"))
    assert (message.language, message.time_zone) == ("en", "Europe/Amsterdam")


@pytest.mark.covers("A-28")
@pytest.mark.django_db
def test_the_stored_key_of_a_discreet_kind_names_nobody():
    message = write("eval_open:12:7", kind="eval_open")
    assert message.is_discreet
    assert message.key.startswith("eval_open:")
    assert ":12:7" not in message.key
    assert write("eval_open:12:7", kind="eval_open") is None


@pytest.mark.django_db(transaction=True)
def test_a_mail_shares_the_fate_of_its_transaction():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_many_are_written_and_known_ones_left_alone(django_assert_max_num_queries):
    write("monthly_meeting:5:3:7")
    drafts = [_draft(n) for n in range(10)]
    with django_assert_max_num_queries(6):
        assert queue_many(drafts, now=NOW) == 9
    assert queue_many(drafts, now=NOW) == 0
    assert Message.objects.count() == 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("D-16")
def test_two_planners_in_opposite_order_do_not_lock_each_other_out():
    """T10: both finish, and every key is there exactly once."""
    drafts = [_draft(n) for n in range(400)]
    failures: list[Exception] = []
    start = threading.Barrier(2)

    def plan(order: list[Draft]) -> None:
        start.wait()
        try:
            queue_many(order, now=NOW)
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    planners = [threading.Thread(target=plan, args=(order,)) for order in (drafts, drafts[::-1])]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join(20)
    assert failures == []
    assert Message.objects.count() == 400


@pytest.mark.django_db
def test_cancelling_what_a_mail_is_about_withdraws_it():
    moved = write("meeting_changed:8:1:7", about=("meeting", 8), valid_while={"sequence": 1})
    newest = write("meeting_changed:8:2:7", about=("meeting", 8), valid_while={"sequence": 2})
    other = write("meeting_changed:9:1:7", about=("meeting", 9))
    assert cancel_about(about=("meeting", 8), now=NOW, unlike={"sequence": 2}) == 1
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {moved.pk: "cancelled", newest.pk: "queued", other.pk: "queued"}
    moved.refresh_from_db()
    assert (moved.reason, moved.settled_at) == ("overtaken", NOW)


def _draft(n: int) -> Draft:
    return Draft(kind="monthly_meeting", key=f"monthly_meeting:{n}:3:7", to=ANNA, context={}, programme_id=1)
