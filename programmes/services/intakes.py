"""Filling in one's intake: a sealed draft at every step, sent once, changed later step by step (S0.7, S2.12, S3.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed
from outbox.services import cancel_about
from participants.models import Delegation, Person
from participants.services import dismiss_delegate, name_delegate, update_preferences
from programmes import emails
from programmes.choices import INTAKE_OVER, NOTICE_VERSION, Criterion, EnrolmentState, Role, Stage
from programmes.models import Enrolment, Intake, Topic, TopicOffer, TopicWish
from programmes.selectors import open_intake_text
from programmes.services.locking import held
from programmes.services.own_views import keep_own_view
from programmes.services.words import stop_showing_words
from sealing.choices import ScopeKind
from sealing.models import ScopeKey
from sealing.services import close_with, create_secret

Typed = Mapping[str, Sequence[str]]
#: After how many days an unfinished intake is remembered: once, then once more.
REMIND_AFTER: Final = (timedelta(days=3), timedelta(days=10))
_OFFERS_AT_MOST: Final = 4
_WISHES_AT_MOST: Final = 3


@dataclass(frozen=True)
class Named:
    """A topic that somebody offers or wants, in the order of their wishes."""

    code: str
    level: int
    example: str = ""


@transaction.atomic
def keep_draft(*, enrolment: Enrolment, step: int, typed: Typed, by: Person) -> Intake:
    """Keep what was typed in one step, right or wrong, where only its author reads it.

    Raises:
        NotAllowed: it is somebody else's.
        DomainError: the intake was sent already, or the enrolment is over.
    """
    intake = _open(enrolment, by)
    if intake.completed_at is not None:
        raise DomainError(_("You have sent your intake already. Change it in your profile."), code="sent")
    stored = json.loads(open_intake_text(intake, intake.draft) or "{}")
    stored[str(step)] = {name: list(values) for name, values in typed.items()}
    intake.draft = _closed(intake, json.dumps(stored))
    intake.reached = max(intake.reached, step)
    intake.save()
    return intake


@transaction.atomic
def send_intake(
    *, enrolment: Enrolment, values: Mapping[int, Mapping[str, Any]], by: Person, now: datetime
) -> Intake:
    """Send the five steps: each goes where it belongs, the draft goes. Sending twice is sending once.

    Args:
        values: step → its checked values.

    Raises:
        NotAllowed: it is somebody else's.
        DomainError: a step is missing or not acceptable; ``params["step"]`` says which.
    """
    intake = _open(enrolment, by)
    if intake.completed_at is not None:
        return intake
    for step in _STEPS:
        if step not in values:
            raise DomainError(_("A step is not filled in yet."), code="step", step=step)
        _apply(step, intake, values[step], now)
    intake.draft, intake.completed_at = None, now
    intake.save()
    cancel_about(about=("intake", enrolment.pk), now=now)
    return intake


@transaction.atomic
def change_intake(
    *, enrolment: Enrolment, step: int, values: Mapping[str, Any], by: Person, now: datetime
) -> Intake:
    """Change one step of an intake that was sent, or of somebody whom a file brought.

    Raises:
        NotAllowed: it is somebody else's.
        DomainError: a value is not acceptable.
    """
    intake = _open(enrolment, by)
    _apply(step, intake, values, now)
    intake.save()
    return intake


def _open(enrolment: Enrolment, by: Person) -> Intake:
    """The intake behind an enrolment, both held, with its key; the person before them, as a departure takes them."""
    Person.objects.select_for_update(no_key=True).get(pk=enrolment.person_id)
    enrolment = held(enrolment)
    if enrolment.person_id != by.pk:
        raise NotAllowed(_("There is no such intake."))
    if enrolment.state in INTAKE_OVER:
        raise DomainError(_("Your place in this cohort is settled; nothing can be filled in."), code="over")
    intake, is_new = Intake.objects.get_or_create(enrolment=enrolment)
    if is_new:
        create_secret(scope_kind=ScopeKind.INTAKE, scope_id=intake.pk)
    intake.enrolment = enrolment
    return intake


def _closed(intake: Intake, text: str) -> bytes:
    key = ScopeKey.objects.get(scope_kind=ScopeKind.INTAKE, scope_id=intake.pk)
    return close_with(key=key, text=text.encode())


# --- what each step writes ------------------------------------------------------------------------------


def _apply(step: int, intake: Intake, values: Mapping[str, Any], now: datetime) -> None:
    try:
        _STEPS[step](intake, values, now)
    except DomainError as refusal:
        refusal.params["step"] = step
        raise
    enrolment = intake.enrolment
    enrolment.version += 1
    enrolment.save()


def _role(intake: Intake, values: Mapping[str, Any], now: datetime) -> None:
    if not values["notice"] or not values["is_ready"]:
        raise DomainError(_("Read the privacy notice and say that you keep the time free."), code="notice")
    intake.is_ready = True
    if intake.notice_version != NOTICE_VERSION:
        intake.notice_version, intake.notice_on = NOTICE_VERSION, now.date()
    if intake.enrolment.role == Role.MENTOR:
        if not 1 <= values["capacity"] <= 3:
            raise DomainError(_("A person has one to three partners at a time."), code="capacity")
        intake.enrolment.capacity = values["capacity"]


def _topics(intake: Intake, values: Mapping[str, Any], now: datetime) -> None:
    replace_topics(enrolment=intake.enrolment, offers=values["offers"], wants=values["wants"])
    intake.enrolment.style = values["style"]


def _perspective(intake: Intake, values: Mapping[str, Any], now: datetime) -> None:
    enrolment, says = intake.enrolment, values.get("words", "").strip()
    codes = list(values.get("offered", ()))
    if enrolment.role == Role.MENTEE:
        enrolment.perspective_wanted = values.get("wanted", "")
        return
    if (codes or says) and not values.get("consent"):
        raise DomainError(_("Say that you offer this of your own accord, or leave it empty."), code="consent")
    enrolment.perspectives_offered = codes
    if says != open_intake_text(intake, intake.words):
        stop_showing_words(enrolment=enrolment, now=now)
        intake.words = _closed(intake, says) if says else None
    if not (codes or says):
        intake.consent_on = None
    elif intake.consent_on is None:
        intake.consent_on = now.date()


def _practical(intake: Intake, values: Mapping[str, Any], now: datetime) -> None:
    person = Person.objects.select_for_update().get(pk=intake.enrolment.person_id)
    update_preferences(
        person=person,
        language=person.language,
        time_zone=person.time_zone,
        languages=values["languages"],
        availability=values["availability"],
        version=person.version,
    )
    intake.enrolment.is_cross_border = values["is_cross_border"]
    intake.place, intake.channel, intake.minutes = values["place"], values["channel"], values["minutes"]
    if intake.enrolment.role == Role.MENTEE:
        _delegate(person, values.get("delegate", ""), now)


def _delegate(person: Person, address: str, now: datetime) -> None:
    current = Delegation.objects.filter(leader=person).first()
    if not address:
        dismiss_delegate(leader=person, by=person, now=now)
    elif current is None or current.address != address.lower():
        name_delegate(leader=person, address=address, by=person, now=now)


def _about(intake: Intake, values: Mapping[str, Any], now: datetime) -> None:
    enrolment = intake.enrolment
    for name in _ABOUT[Role(enrolment.role)]:
        setattr(intake, name, values[name])
    if enrolment.role == Role.MENTOR:
        own = {name: values.get(f"own_{name}", "") for name in Criterion.values}
        keep_own_view(enrolment=enrolment, ratings=own)


_ABOUT: Final[Mapping[Role, Sequence[str]]] = {
    Role.MENTOR: (
        "openness", "strengths", "education", "graduated",
    ),
    Role.MENTEE: ("openness", "craft_missed"),
}  # fmt: skip
_STEPS: Final = {1: _role, 2: _topics, 3: _perspective, 4: _practical, 5: _about}


@transaction.atomic
def replace_topics(*, enrolment: Enrolment, offers: Sequence[Named], wants: Sequence[Named]) -> None:
    """What somebody offers and wants, wishes in their order: the first weighs most (S0.4, S4.10).

    Raises:
        DomainError: nothing of what the role brings, too much, something twice or unknown. A retired topic may
            stay with whoever chose it before.
    """
    codes = [one.code for one in (*offers, *wants)]
    chosen = Q(offers__enrolment=enrolment) | Q(wishes__enrolment=enrolment)
    mine = Topic.objects.filter(chosen).values("pk")
    known = Topic.objects.offered_in(enrolment.cohort.programme_id) | Topic.objects.filter(pk__in=mine)
    topics = {topic.code: topic for topic in known.filter(code__in=codes)}
    brought = offers if enrolment.role == Role.MENTOR else wants
    if not brought:
        raise DomainError(_("Name at least one topic."), code="none")
    twice = any(len({one.code for one in part}) != len(part) for part in (offers, wants))
    if twice or set(codes) - set(topics) or len(offers) > _OFFERS_AT_MOST or len(wants) > _WISHES_AT_MOST:
        raise DomainError(_("A topic is not known here, or is named twice."), code="topics")
    if not all(0 <= one.level <= 5 for one in (*offers, *wants)):
        raise DomainError(_("A level is a number from 0 to 5."), code="level")
    TopicOffer.objects.filter(enrolment=enrolment).delete()
    TopicWish.objects.filter(enrolment=enrolment).delete()
    TopicOffer.objects.bulk_create(
        TopicOffer(enrolment=enrolment, topic=topics[one.code], level=one.level, example=one.example)
        for one in offers
    )
    TopicWish.objects.bulk_create(
        TopicWish(
            enrolment=enrolment, topic=topics[one.code], priority=3 - place, level=one.level,
            example=one.example,
        )
        for place, one in enumerate(wants)
    )  # fmt: skip


# --- the clock ------------------------------------------------------------------------------------------


def remind_intakes(*, now: datetime) -> int:
    """Remember people of an intake that they have not sent: after three days, and once more after ten.

    Only people who came forward themselves or were accepted, with a log-in, before pairs are looked for; never
    somebody of whom everything is known from a file.

    Returns:
        How many mails were stored.
    """
    waiting = Enrolment.objects.filter(
        state__in=[EnrolmentState.APPLIED, EnrolmentState.ACCEPTED],
        cohort__stage__in=[Stage.OPEN, Stage.SELECTING],
        created_at__lte=now - REMIND_AFTER[0],
        person__user__is_active=True,
    ).exclude(intake__completed_at__isnull=False)
    done = Enrolment.objects.with_complete_intake().filter(intake=None).values("pk")
    rows = waiting.exclude(pk__in=done).select_related("person", "cohort__programme").order_by("pk")
    return sum(_remind(enrolment, now) for enrolment in rows.iterator(chunk_size=500))


def _remind(enrolment: Enrolment, now: datetime) -> int:
    """The reminder that is due, once: its key stands in the way of a second."""
    number = sum(now >= enrolment.created_at + after for after in REMIND_AFTER)
    return int(emails.intake_incomplete(enrolment=enrolment, number=number, now=now) is not None)


def intake_still_open(*, enrolment_id: int) -> bool:
    """Whether a reminder still makes sense at the moment it leaves."""
    rows = Enrolment.objects.filter(
        pk=enrolment_id, state__in=[EnrolmentState.APPLIED, EnrolmentState.ACCEPTED]
    )
    return rows.exclude(intake__completed_at__isnull=False).exists()
