"""Open calls: set up, announced to whom a coordinator chooses, and answered by anybody (S0.48, S4.8, decision 29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError, NotAllowed
from operations.models import Job
from operations.services import Progress, start_job
from outbox.services import Draft, LinkGone, open_link, queue_many, use_link
from participants.choices import PersonState
from participants.models import Person, User
from participants.services import open_log_in
from programmes import emails
from programmes.choices import EnrolmentState, Role
from programmes.engine.intake import USUAL_CAPACITY
from programmes.models import Cohort, Enrolment, OpenCall
from programmes.selectors import OBSTACLES, Audience, call_ends_at, call_state, hours_of, people_to_ask
from programmes.selectors.calls import LISTENS, letters_to_seniors, obstacle_for
from programmes.selectors.contacts import is_listener
from programmes.selectors.eligibility import rule_of
from programmes.services.enrolments import change_enrolment, enrol
from programmes.services.erasing import forget_candidate
from programmes.services.locking import checked_and_saved, held, with_values

ANNOUNCE_JOB: Final = "programmes.announce_call"
#: People per step of a long announcement.
STEP: Final = 500


@transaction.atomic
def publish_call(*, cohort: Cohort, values: Mapping[str, Any], by: Person | None) -> OpenCall:
    """Set up the open call of a cohort; its page is there once the cohort opens.

    Raises:
        Conflict: it has one already.
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    if OpenCall.objects.filter(cohort=cohort).exists():
        raise Conflict(_("This cohort has an open call already."))
    return checked_and_saved(OpenCall(cohort=cohort, **values))


@transaction.atomic
def change_call(*, call: OpenCall, values: Mapping[str, Any], by: Person | None) -> OpenCall:
    """Set some fields of a call; the caller has asked whether it was saved in between (D-06).

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    return with_values(call, values)


# --- telling people -------------------------------------------------------------------------------------


@transaction.atomic
def announce_call(*, call: OpenCall, audience: Audience, by: Person | None, now: datetime) -> Job:
    """Hand the announcement to a worker. Whoever was told before is not told again.

    Raises:
        DomainError: nobody can sign up at this moment, or the audience is empty.
    """
    _check_open(call, now)
    if not people_to_ask(call, audience).exists():
        raise DomainError(_("Nobody whom we could write to belongs to this choice."), code="nobody")
    return start_job(
        kind=ANNOUNCE_JOB,
        params={"call": call.pk, "audience": asdict(audience)},
        by_id=by.pk if by else None,
        programme_id=call.cohort.programme_id,
    )


def run_announcement(job: Job, progress: Progress) -> dict[str, Any]:
    """Write to a whole audience: gathered step by step, stored at once, so that a cancelled one wrote to nobody."""
    call = OpenCall.objects.select_related("cohort__programme").get(pk=job.params["call"])
    now = timezone.now()
    _check_open(call, now)
    audience = _audience(job.params["audience"])
    people = list(people_to_ask(call, audience))
    drafts = _drafts(call, people, now, progress)
    progress.say(_now("storing the mails"), done=len(people), total=len(people) + 1)
    with transaction.atomic():
        told = queue_many(drafts, now=now)
    return {"told": told, "before": len(drafts) - told}


def _audience(stored: Mapping[str, Any]) -> Audience:
    """An audience as it travelled through the job's row, where tuples became lists."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return Audience(**values)


def _drafts(call: OpenCall, people: list[Person], now: datetime, progress: Progress) -> list[Draft]:
    hours = (hours_of(call.cohort, Role.MENTOR).hours, hours_of(call.cohort, Role.MENTEE).hours)
    ends_at, found, letter_to = call_ends_at(call), [], letters_to_seniors(call)
    with_log_in = set(
        User.objects.filter(is_active=True).exclude(person=None).values_list("person_id", flat=True)
    )
    for number, person in enumerate(people):
        if number % STEP == 0:
            progress.say(_now("writing to colleagues"), done=number, total=len(people) + 1)
        letter, has_log_in = letter_to(person), person.pk in with_log_in
        if letter is not None:
            draft = emails.invite_senior(
                call=call, person=person, letter=letter, has_log_in=has_log_in, ends_at=ends_at, now=now
            )
        else:
            draft = emails.announce(
                call=call, person=person, has_log_in=has_log_in, hours=hours, ends_at=ends_at, now=now
            )
        if draft is not None:
            found.append(draft)
    return found


# --- answering ------------------------------------------------------------------------------------------


@transaction.atomic
def come_in(*, token: str, now: datetime) -> tuple[OpenCall, User | None]:
    """Use the link of an announcement, once: the log-in is made, its address proven. On POST only (C-14).

    Returns:
        The call, and the log-in; None for somebody who has one already and logs in as always (C-08).

    Raises:
        LinkGone: the link was used or is too old, or nobody can sign up any more.
    """
    link = open_link(token, emails.CALL_LINK, now=now)
    call = call_behind(token=token, now=now)
    known = Person.objects.filter(state=PersonState.ACTIVE)
    person = known.filter(pk=link.person_id).first() if link and link.person_id else None
    if call is None or person is None:
        raise LinkGone(_("This link has been used, or it is no longer valid."))
    if User.objects.filter(person=person, is_active=True).exists():
        return call, None
    use_link(token, emails.CALL_LINK, now=now)
    return call, open_log_in(person=person)


def call_behind(*, token: str, now: datetime) -> OpenCall | None:
    """The call that an announcement's link leads to. Changes nothing (C-14)."""
    link = open_link(token, emails.CALL_LINK, now=now)
    if link is None or link.about is None:
        return None
    return OpenCall.objects.published().select_related("cohort__programme").filter(pk=link.about[1]).first()


@transaction.atomic
def sign_up(*, call: OpenCall, person: Person, role: str, now: datetime) -> Enrolment:
    """Come forward for a role, or change one's mind about which. Signing up twice is signing up once.

    Raises:
        DomainError: one cannot sign up any more, or this role is not for them; says why, kindly.
        Conflict: the application has been answered already.
    """
    call = held(call)
    _check_open(call, now)
    _check_role(call, person, role)
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).filter(cohort=call.cohort, person=person).first()
    )
    if enrolment is None:
        try:
            with transaction.atomic():
                return enrol(
                    cohort=call.cohort, person=person, role=role, by=person, state=EnrolmentState.APPLIED
                )
        except IntegrityError as error:
            raise Conflict(_("You have signed up already.")) from error
    if enrolment.state != EnrolmentState.APPLIED:
        raise Conflict(
            _("Your place in this cohort is settled. Ask a coordinator if something should change.")
        )
    if enrolment.role != role:
        values = {"role": role, "capacity": USUAL_CAPACITY[role]}
        enrolment = change_enrolment(enrolment=enrolment, values=values, by=person)
    return enrolment


def _check_open(call: OpenCall, now: datetime) -> None:
    if call_state(call, now) != "open":
        raise DomainError(_("Nobody can sign up for this cohort at this moment."), code="not_open")


def _check_role(call: OpenCall, person: Person, role: str) -> None:
    if role not in Role.values:
        raise DomainError(_("Choose one of the two roles."), code="role")
    code = obstacle_for(role, person, rule_of(call))
    if code:
        raise DomainError(OBSTACLES[code], code=code)
    if is_listener(programme_id=call.cohort.programme_id, person=person):
        raise DomainError(LISTENS, code="listens")


@transaction.atomic
def take_back(*, enrolment: Enrolment, by: Person, now: datetime) -> None:
    """Withdraw an application before it is answered; nothing of it stays.

    Raises:
        NotAllowed: it is somebody else's.
        Conflict: it has been answered already.
    """
    enrolment = held(enrolment)
    if enrolment.person_id != by.pk:
        raise NotAllowed(_("There is no such application."))
    if enrolment.state != EnrolmentState.APPLIED:
        raise Conflict(
            _("Your place in this cohort is settled. Ask a coordinator if something should change.")
        )
    forget_candidate(enrolment, now)
