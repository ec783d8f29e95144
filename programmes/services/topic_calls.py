"""Asking everybody which topic they have something to say about: opened, reminded of once, closed (S4.9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError
from common.workdays import local_day
from operations.models import Job
from operations.services import Progress, start_job
from outbox.services import Draft, cancel_about, queue_many
from participants.models import Person
from programmes import emails
from programmes.choices import TOPIC_CALL_TRANSITIONS, TopicCallState
from programmes.engine.plan_days import leaves_at, may_be_due
from programmes.engine.topic_days import LONGEST, remind_day_at
from programmes.models import Programme, TopicCall
from programmes.selectors.topic_calls import (
    people_to_ask_for_topics,
    people_to_remind_of_topics,
    remind_day_of,
    topic_call_ends_at,
    topic_call_state,
)
from programmes.services.locking import check_step, checked_and_saved, held

ASK_TOPICS_JOB: Final = "programmes.ask_topics"
#: People per step of a long job.
STEP: Final = 500


@transaction.atomic
def prepare_topic_call(*, programme: Programme, values: Mapping[str, Any], by: Person | None) -> TopicCall:
    """Set up a call; nobody is asked before it is opened.

    Raises:
        Conflict: the programme has one that is not closed.
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    programme = held(programme)
    if TopicCall.objects.filter(programme=programme).exclude(state=TopicCallState.CLOSED).exists():
        raise Conflict(_("This programme has a topic call already. Close it before you begin another."))
    return checked_and_saved(TopicCall(programme=programme, **values))


@transaction.atomic
def change_topic_call(*, call: TopicCall, values: Mapping[str, Any], by: Person | None) -> TopicCall:
    """Move its last day.

    Raises:
        DomainError: the call is closed, or the day is not acceptable.
    """
    call = held(call)
    if call.state == TopicCallState.CLOSED:
        raise DomainError(_("This call is closed. Open it again first."), code="closed")
    for name, value in values.items():
        setattr(call, name, value)
    if call.opened_at is not None:
        _check_day(call, call.opened_at)
    call.version += 1
    return checked_and_saved(call)


@transaction.atomic
def open_topic_call(*, call: TopicCall, by: Person | None, now: datetime) -> Job:
    """Ask everybody, by a worker; also once more for those who came since. Nobody is asked twice.

    Raises:
        IllegalTransition: the call cannot be opened.
        Conflict: the programme has another one that is open.
        DomainError: its last day has passed or is too far away, or there is nobody to ask.
    """
    call = held(call)
    if call.state != TopicCallState.OPEN:
        check_step(TOPIC_CALL_TRANSITIONS, call.state, TopicCallState.OPEN)
        _check_day(call, now)
        call.opened_at, call.reminded_at = now, None
        _move(call, TopicCallState.OPEN)
    if topic_call_state(call, now) != "open":
        raise DomainError(_("Its last day has passed. Give it another one first."), code="over")
    if not people_to_ask_for_topics(call).exists():
        raise DomainError(
            _("There is nobody to ask: everybody in the roster was asked or has a topic."), code="nobody"
        )
    return start_job(
        kind=ASK_TOPICS_JOB,
        params={"call": call.pk},
        by_id=by.pk if by else None,
        programme_id=call.programme_id,
    )


@transaction.atomic
def close_topic_call(*, call: TopicCall, by: Person | None, now: datetime) -> TopicCall:
    """Stop asking. Mails that wait are withdrawn; what was named stays.

    Raises:
        IllegalTransition: it is closed already.
    """
    call = held(call)
    check_step(TOPIC_CALL_TRANSITIONS, call.state, TopicCallState.CLOSED)
    cancel_about(about=("topic_call", call.pk), now=now)
    return _move(call, TopicCallState.CLOSED)


def _check_day(call: TopicCall, opened_at: datetime) -> None:
    if call.closes_on < _today(opened_at):
        raise DomainError(
            _("Its last day has passed. Give it another one first."), code="over", fields=["closes_on"]
        )
    if call.closes_on > _today(opened_at) + LONGEST:
        words = _("Three weeks at most: a question that stays open for longer is put off.")
        raise DomainError(words, code="long", fields=["closes_on"])


def _today(now: datetime) -> Any:
    return timezone.localdate(now)


def _move(call: TopicCall, state: str) -> TopicCall:
    call.state = state
    call.version += 1
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError as error:
        raise Conflict(_("This programme has another topic call that is open.")) from error
    return call


# --- the mails ------------------------------------------------------------------------------------------


def run_asking(job: Job, progress: Progress) -> dict[str, Any]:
    """Write to everybody: gathered step by step, stored at once, so that a cancelled job asked nobody."""
    call, now = TopicCall.objects.select_related("programme").get(pk=job.params["call"]), timezone.now()
    if topic_call_state(call, now) != "open":
        raise DomainError(_("This call is not open any more."), code="not_open")
    ends_at, found = topic_call_ends_at(call), []
    people = list(people_to_ask_for_topics(call))
    for number, person in enumerate(people):
        if number % STEP == 0:
            progress.say(_now("writing to colleagues"), done=number, total=len(people) + 1)
        draft = emails.topic_call(call=call, person=person, ends_at=ends_at, now=now)
        if draft is not None:
            found.append(draft)
    progress.say(_now("storing the mails"), done=len(people), total=len(people) + 1)
    with transaction.atomic():
        return {"told": queue_many(found, now=now)}


def remind_topic_calls(*, now: datetime) -> int:
    """Remind, once a call, whoever was asked and has not named a topic. Returns how many mails were stored."""
    rows = TopicCall.objects.open().filter(reminded_at=None).order_by("pk")
    due = [call.pk for call in rows if (day := remind_day_of(call)) is not None and may_be_due(day, now)]
    return sum(_remind(pk, now) for pk in due)


@transaction.atomic
def _remind(pk: int, now: datetime) -> int:
    waiting = TopicCall.objects.open().filter(pk=pk, reminded_at=None).select_related("programme")
    call = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if call is None or topic_call_state(call, now) != "open":
        return 0
    drafts = [draft for person in people_to_remind_of_topics(call) if (draft := _reminder(call, person, now))]
    call.reminded_at = now
    call.save(update_fields=["reminded_at", "updated_at"])
    return queue_many(drafts, now=now)


def _reminder(call: TopicCall, person: Person, now: datetime) -> Draft | None:
    day = remind_day_at(
        remind_day_of(call) or local_day(now, person.time_zone), call.closes_on, person.country
    )
    ends_at, leaves = topic_call_ends_at(call), leaves_at(day, person.time_zone, now)
    return emails.topic_reminder(call=call, person=person, ends_at=ends_at, leaves=leaves)
