"""The mail server errs, answers get lost, workers die: nothing is lost, and what is doubled is meant to be."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from outbox.engine.replies import WAITS
from outbox.models import Message, Relay
from outbox.querysets import DatabaseClock
from outbox.services import drain, drain_for_a_while, recover, rendering, settling, was_accepted
from tests.outbox.conftest import NOW, end_lease, state_of, write

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker is no more; nothing that it would have done afterwards happens."""


@pytest.fixture
def kill(monkeypatch):
    """Kill the worker where it calls a step of ``settling``, before or after that step."""

    def kill(step: str, *, after: bool = False) -> None:
        real = getattr(settling, step)

        def die(*args, **kwargs):
            if after:
                real(*args, **kwargs)
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(settling, step, die)
            patch.setattr(settling, "release", lambda token: 0)
            with pytest.raises(Killed):
                drain(now=NOW)

    return kill


# --- answers of the server ----------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "END"])
def test_a_temporary_no_costs_a_wait(smtp_server, stage):
    smtp_server.answer("451 4.3.0 Try later", at=stage, times=1)
    message = write()
    assert drain(now=NOW) == 0
    assert state_of(message) == ("queued", "later")
    assert message.attempts == 1
    assert timedelta(seconds=48) <= message.not_before - NOW <= timedelta(seconds=72)
    assert drain(now=NOW + timedelta(seconds=40)) == 0
    assert drain(now=NOW + timedelta(seconds=80)) == 1
    assert len(smtp_server.mails) == 1


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "END"])
def test_a_final_no_is_for_a_person_to_look_at(smtp_server, stage):
    smtp_server.answer("550 5.1.1 Unknown", at=stage, recipient="person1@example.com")
    gone, here = write("1"), write("2")
    assert drain(now=NOW) == 1
    assert state_of(gone) == ("dead", "refused")
    assert (gone.smtp_code, gone.smtp_reply) == (550, "5.1.1 Unknown")
    assert state_of(here) == ("sent", "")
    assert smtp_server.connections == 1


def test_a_server_that_refuses_us_condemns_no_mail(smtp_server):
    smtp_server.answer("550 5.7.60 Not allowed to send as this sender", at="MAIL", times=1)
    smtp_server.answer("554 5.7.1 Relay access denied", at="RCPT", times=1)
    first, second = write("1"), write("2")
    assert drain(now=NOW) == 0
    assert state_of(first) == state_of(second) == ("queued", "later")


def test_too_large_is_believed_the_second_time(smtp_server):
    smtp_server.answer("552 5.3.4 Too large", at="END")
    message = write()
    drain(now=NOW)
    assert state_of(message) == ("queued", "later")
    drain(now=NOW + timedelta(hours=1))
    assert state_of(message) == ("dead", "refused")


def test_421_ends_the_connection_and_the_next_mail_opens_another(smtp_server):
    smtp_server.answer("421 4.3.2 Closing", at="RCPT", times=1)
    first, second = write("1"), write("2")
    assert drain(now=NOW) == 1
    assert state_of(first) == ("queued", "later")
    assert state_of(second) == ("sent", "")
    assert smtp_server.connections == 2


def test_a_connection_cut_before_the_dot_is_safe_to_repeat(smtp_server):
    smtp_server.hang_up(at="RCPT", times=1)
    message = write()
    assert drain(now=NOW) == 0
    assert state_of(message) == ("queued", "later")
    assert drain(now=NOW + timedelta(minutes=2)) == 1
    assert len(smtp_server.mails) == 1


@pytest.mark.covers("D-03")
def test_after_its_last_try_a_mail_has_failed(smtp_server):
    smtp_server.answer("451 4.3.0 Try later", at="RCPT")
    message, now = write(), NOW
    for _ in range(len(WAITS)):
        drain(now=now)
        assert state_of(message)[0] == "queued"
        now = message.not_before
    drain(now=now)
    assert state_of(message) == ("dead", "exhausted")
    assert timedelta(hours=18) < now - NOW < timedelta(hours=28)


@pytest.mark.covers("D-03")
def test_a_mail_is_not_tried_beyond_its_own_time(smtp_server):
    smtp_server.answer("451 4.3.0 Try later", at="RCPT")
    message = write(expires_at=NOW + timedelta(seconds=30))
    drain(now=NOW)
    assert state_of(message)[0] == "queued"
    assert message.not_before == NOW + timedelta(seconds=30)
    smtp_server.behave()
    assert drain(now=NOW + timedelta(seconds=30)) == 0
    assert state_of(message) == ("cancelled", "expired")


# --- the server is away -------------------------------------------------------------------------------


@pytest.mark.covers("D-03")
def test_a_server_that_is_away_costs_no_attempt_and_is_left_alone(smtp_server):
    smtp_server.answer("421 4.3.2 Not now", at="CONNECT")
    messages = [write(str(n)) for n in range(3)]
    assert drain(now=NOW) == 0
    assert {(*state_of(m), m.attempts) for m in messages} == {
        ("queued", "relay", 0),
        ("queued", "", 0),
    }
    assert smtp_server.connections == 1
    smtp_server.behave()
    assert drain(now=NOW) == drain_for_a_while(now=NOW) == 0
    assert smtp_server.connections == 1
    Relay.objects.update(retry_at=DatabaseClock() - timedelta(seconds=1))
    assert drain(now=NOW) == 3
    relay = Relay.objects.get()
    assert (relay.failures, relay.failing_since, relay.last_error) == (0, None, "")


def test_the_server_is_left_alone_longer_each_time(smtp_server):
    smtp_server.hang_up(at="CONNECT")
    write()
    waits = []
    for _ in range(7):
        Relay.objects.update(retry_at=DatabaseClock())
        drain(now=NOW)
        row = Relay.objects.annotate(at=DatabaseClock()).get()
        waits.append(round((row.retry_at - row.at).total_seconds() / 30))
    assert waits == [1, 2, 4, 8, 16, 20, 20]
    assert Relay.objects.get().failing_since is not None


def test_a_log_in_or_tls_that_fails_is_no_mails_fault(smtp_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "secret-word"
    message = write()
    assert drain(now=NOW) == 0
    assert (*state_of(message), message.attempts) == ("queued", "relay", 0)
    relay = Relay.objects.get()
    assert "secret-word" not in relay.last_error
    relay.delete()
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = True
    assert drain(now=NOW) == 0
    assert (*state_of(message), message.attempts) == ("queued", "relay", 0)


# --- workers die --------------------------------------------------------------------------------------


@pytest.mark.covers("D-01", "D-16")
def test_a_worker_that_dies_before_the_dot_leaves_a_mail_that_is_sent_once(smtp_server, kill):
    message = write(policy="hold")
    kill("mark_sending")
    assert state_of(message)[0] == "claimed"
    assert recover(now=NOW) == 0, "its lease still runs"
    end_lease(message)
    assert recover(now=NOW) == 1
    assert drain(now=NOW) == 1
    assert len(smtp_server.mails) == 1


@pytest.mark.covers("D-16")
@pytest.mark.parametrize(("policy", "mails"), [("resend", 1), ("hold", 0)])
def test_a_worker_that_dies_between_mark_and_dot(smtp_server, kill, policy, mails):
    """The server has nothing, but nobody can know that: the policy decides."""
    message = write(policy=policy)
    kill("mark_sending", after=True)
    assert state_of(message)[0] == "sending"
    end_lease(message)
    assert recover(now=NOW) == 1
    drain(now=NOW)
    assert len(smtp_server.mails) == mails
    assert state_of(message)[0] == {"resend": "sent", "hold": "uncertain"}[policy]


@pytest.mark.covers("D-16")
@pytest.mark.parametrize(("policy", "mails"), [("resend", 2), ("hold", 1)])
def test_a_worker_that_dies_after_the_dot(smtp_server, kill, policy, mails):
    message = write(policy=policy)
    kill("sent")
    assert state_of(message)[0] == "sending"
    end_lease(message)
    recover(now=NOW)
    drain(now=NOW + timedelta(hours=1))
    assert len(smtp_server.mails) == mails
    assert len({mail.content for mail in smtp_server.mails}) == 1, "the same bytes on every attempt"


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("D-16")
@pytest.mark.parametrize("error", [OperationalError, InterfaceError, DatabaseError])
def test_a_database_that_ends_in_mid_answer_makes_no_worker_forget_what_it_has_sent(
    smtp_server, monkeypatch, error
):
    """The driver has no code then, and raises the base class of its errors."""
    monkeypatch.setattr(settling, "INSIST", (0.0,))
    real, failed = settling._execute, []

    def break_off(statement, values):
        if statement == settling._SENT and not failed:
            failed.append(True)
            raise error("server closed the connection unexpectedly")
        return real(statement, values)

    monkeypatch.setattr(settling, "_execute", break_off)
    message = write(policy="hold")
    assert drain(now=NOW) == 1
    assert failed
    assert state_of(message) == ("sent", "")
    assert len(smtp_server.mails) == 1


def test_no_mail_is_blamed_for_a_database_that_is_away(smtp_server, monkeypatch):
    def away(*_args, **_more):
        raise DatabaseError("server closed the connection unexpectedly")

    message = write()
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "mint", away)
        with pytest.raises(DatabaseError):
            drain(now=NOW)
    assert state_of(message)[0] in ("queued", "claimed")
    assert message.reason == ""


def test_a_worker_that_dies_of_a_mail_is_not_fed_it_for_ever(smtp_server, kill):
    message = write()
    for _ in range(len(WAITS)):
        kill("mark_sending")
        end_lease(message)
        recover(now=NOW)
    kill("mark_sending")
    end_lease(message)
    recover(now=NOW)
    assert state_of(message) == ("dead", "exhausted")


# --- lost answers -------------------------------------------------------------------------------------


@pytest.mark.covers("D-16")
def test_a_lost_answer_under_resend_means_the_same_bytes_again(smtp_server):
    smtp_server.hang_up(at="END", after_accepting=True, times=1)
    message = write()
    assert drain(now=NOW) == 0
    assert state_of(message) == ("sending", "unknown")
    assert drain(now=NOW) == 0, "not before its lease is over"
    end_lease(message)
    recover(now=NOW)
    assert drain(now=NOW + timedelta(hours=3)) == 1
    first, second = smtp_server.mails
    assert first.content == second.content
    assert state_of(message) == ("sent", "")
    assert message.resends == 1


def test_resending_ends_after_three_times(smtp_server):
    smtp_server.hang_up(at="END")
    message = write()
    for _ in range(4):
        drain(now=NOW)
        end_lease(message)
        recover(now=NOW)
    assert state_of(message) == ("uncertain", "unknown")
    assert message.resends == 3
    assert drain(now=NOW) == 0


@pytest.mark.covers("D-16")
@pytest.mark.parametrize(("took_it", "mails"), [(True, 1), (False, 1)])
def test_evidence_beats_the_policy(smtp_server, fill, took_it, mails):
    asked = []

    def witness(*, message_id, dot_at):
        asked.append(message_id)
        return took_it

    fill(was_accepted, witness)
    smtp_server.hang_up(at="END", after_accepting=took_it, times=1)
    message = write(policy="hold")
    drain(now=NOW)
    end_lease(message)
    assert recover(now=NOW) == 1
    drain(now=NOW)
    assert asked == [message.message_id]
    assert state_of(message) == ("sent", "")
    assert len(smtp_server.mails) == mails


def test_evidence_that_comes_late_is_still_heard(smtp_server, fill):
    known = [None]
    fill(was_accepted, lambda *, message_id, dot_at: known[0])
    smtp_server.hang_up(at="END", after_accepting=True, times=1)
    message = write(policy="hold")
    drain(now=NOW)
    end_lease(message)
    recover(now=NOW)
    assert state_of(message) == ("uncertain", "unknown")
    known[0] = True
    assert recover(now=NOW + timedelta(hours=1)) == 1
    assert state_of(message) == ("sent", "")
    assert len(smtp_server.mails) == 1


def test_a_witness_that_fails_has_seen_nothing(smtp_server, fill):
    fill(was_accepted, lambda *, message_id, dot_at: 1 / 0)
    smtp_server.hang_up(at="END", after_accepting=True, times=1)
    message = write(policy="hold")
    drain(now=NOW)
    end_lease(message)
    recover(now=NOW)
    assert state_of(message) == ("uncertain", "unknown")


# --- many at once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("D-01", "D-16")
def test_racing_workers_send_each_mail_once(smtp_server):
    """T3: four drains and a recover beside them."""
    for name in range(50):
        write(str(name))
    start, sent, failures = Barrier(5), [], []

    def work(step):
        start.wait()
        try:
            sent.append(step(now=NOW))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    workers = [Thread(target=work, args=(step,)) for step in (drain, drain, drain, drain, recover)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert failures == []
    assert sum(sent) == 50
    assert set(Counter(mail.recipients[0] for mail in smtp_server.mails).values()) == {1}
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.covers("D-16")
def test_a_storm_of_refusals_loses_and_doubles_nothing(smtp_server):
    """T6: temporary refusals at every stage, connections cut; all arrive, each once."""
    smtp_server.answer("451 4.3.0 Try later", at="RCPT", times=6)
    smtp_server.answer("452 4.2.2 Full", at="END", times=6)
    smtp_server.answer("421 4.3.2 Closing", at="MAIL", times=4)
    smtp_server.hang_up(at="DATA", times=3)
    for name in range(24):
        write(str(name))
    now = NOW
    while Message.objects.exclude(state="sent").exists():
        drain(now=now)
        now += timedelta(minutes=2)
        assert now < NOW + timedelta(hours=2)
    assert len(smtp_server.mails) == len({mail.recipients[0] for mail in smtp_server.mails}) == 24
