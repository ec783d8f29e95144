"""Who takes part in a cohort, in which role and state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError
from participants.choices import PersonState
from participants.models import Person
from participants.services import forget_wishes_of
from programmes.choices import ENROLMENT_TRANSITIONS, SEATED, TAKING_PART, EnrolmentState, Role
from programmes.engine.intake import USUAL_CAPACITY
from programmes.models import Break, Cohort, Enrolment, Programme, Topic, TopicOffer, TopicWish
from programmes.selectors.contacts import is_listener
from programmes.services.listeners import warn_of_leaver
from programmes.services.locking import check_step, checked_and_saved, held
from programmes.services.programmes import TAKES_PEOPLE
from programmes.services.waiting import hold_seats, move_up

_PAIRED = (EnrolmentState.MATCHED, EnrolmentState.ACTIVE)
_CHANGEABLE = ("role", "capacity", "is_cross_border", "style")
#: States in which somebody has no part; meanwhile they may have become whom others turn to.
_BACK_FROM = (EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN)
#: States that nobody with a standing pair can be given.
_WITH_A_PAIR_FIRST = (EnrolmentState.WITHDRAWN, EnrolmentState.DECLINED, EnrolmentState.WAITLISTED)


@transaction.atomic
def enrol(
    *,
    cohort: Cohort,
    person: Person,
    role: str,
    by: Person | None,
    capacity: int | None = None,
    state: str = EnrolmentState.ACCEPTED,
    is_cross_border: bool = False,
    style: str = "",
    perspectives_offered: Sequence[str] = (),
    perspective_wanted: str = "",
    offers: Mapping[str, int] | None = None,
    wants: Mapping[str, int] | None = None,
) -> Enrolment:
    """Take a person into a cohort.

    Args:
        role: mentor (the junior) or mentee (the senior).
        capacity: partners at a time, 1 to 3; what is usual in the role where it is not given (S1.17).
        offers: topic code → level 0 to 5.
        wants: topic code → priority 1 to 3, 3 being the highest.

    Raises:
        Conflict: the person is in this cohort already.
        DomainError: the cohort takes nobody any more, the person has left or is the programme's named contact,
            a topic or number is unknown.
    """
    cohort = held(cohort)
    keep_listeners(cohort.programme_id)
    check_enrolment(cohort=cohort, person=person, role=role, capacity=capacity)
    partners = USUAL_CAPACITY[role] if capacity is None else capacity
    enrolment = Enrolment.objects.create(
        cohort=cohort, person=person, role=role, state=state, capacity=partners, style=style,
        is_cross_border=is_cross_border, perspectives_offered=list(perspectives_offered),
        perspective_wanted=perspective_wanted,
    )  # fmt: skip
    set_topics(enrolment=enrolment, offers=offers or {}, wants=wants or {})
    return enrolment


def check_enrolment(*, cohort: Cohort, person: Person, role: str, capacity: int | None) -> None:
    """Say beforehand why ``enrol`` would refuse.

    Raises:
        Conflict, DomainError: as ``enrol``.
    """
    check_open(cohort)
    if person.is_chain_only or person.state != PersonState.ACTIVE or role not in Role.values:
        raise DomainError(_("This person cannot be enrolled."), code="person")
    if capacity is not None and not 1 <= capacity <= 3:
        raise DomainError(_("A person has one to three partners at a time."), code="capacity")
    if Enrolment.objects.filter(cohort=cohort, person=person).exists():
        raise Conflict(_("%(name)s is in this cohort already.") % {"name": person}, code="enrolled")
    check_no_listener(programme_id=cohort.programme_id, person=person)


def keep_listeners(programme_id: int) -> None:
    """Let nobody be named contact of a programme until this transaction ends: naming holds the programme's row."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme_id)


def check_no_listener(*, programme_id: int, person: Person) -> None:
    """Refuse a part to somebody to whom people of this programme may turn (decision 3).

    Raises:
        DomainError: they are its named contact.
    """
    if is_listener(programme_id=programme_id, person=person):
        words = _(
            "%(name)s is the named contact of this programme; people turn to somebody who takes no part."
        )
        raise DomainError(words % {"name": person}, code="listens")


def check_open(cohort: Cohort) -> None:
    """Raises DomainError when a cohort takes nobody any more."""
    if cohort.stage not in TAKES_PEOPLE:
        raise DomainError(_("This cohort is closing; nobody can join it any more."), code="cohort_closing")


def set_topics(*, enrolment: Enrolment, offers: Mapping[str, int], wants: Mapping[str, int]) -> None:
    """Replace what somebody offers and wants.

    Raises:
        DomainError: a topic is unknown in this programme, or a number out of range.
    """
    codes = set(offers) | set(wants)
    known = Topic.objects.offered_in(enrolment.cohort.programme_id).filter(code__in=codes)
    topics = {topic.code: topic for topic in known}
    in_range = all(0 <= n <= 5 for n in offers.values()) and all(1 <= n <= 3 for n in wants.values())
    if set(topics) != codes or not in_range:
        raise DomainError(_("A topic is not known here, or its number is out of range."), code="topics")
    TopicOffer.objects.filter(enrolment=enrolment).delete()
    TopicWish.objects.filter(enrolment=enrolment).delete()
    TopicOffer.objects.bulk_create(
        TopicOffer(enrolment=enrolment, topic=topics[code], level=level) for code, level in offers.items()
    )
    TopicWish.objects.bulk_create(
        TopicWish(enrolment=enrolment, topic=topics[code], priority=rank) for code, rank in wants.items()
    )


@transaction.atomic
def set_enrolment_state(*, enrolment: Enrolment, to: str, by: Person | None, now: datetime) -> Enrolment:
    """Accept, put on the waiting list, decline, pause or withdraw somebody. A seat that falls free is given on.

    Raises:
        IllegalTransition: there is no such step.
        DomainError: the person has a pair, which ends first; they rest by their own will; or they were named
            contact meanwhile.
    """
    hold_seats(enrolment.cohort_id)
    enrolment = held(enrolment)
    check_step(ENROLMENT_TRANSITIONS, enrolment.state, to)
    _check_own_will(enrolment, to)
    before = enrolment.state
    if before in _BACK_FROM:
        keep_listeners(enrolment.cohort.programme_id)
        check_no_listener(programme_id=enrolment.cohort.programme_id, person=enrolment.person)
    if to in _WITH_A_PAIR_FIRST and enrolment.state in _PAIRED:
        raise DomainError(_("%(name)s has a pair; end it first.") % {"name": enrolment}, code="paired")
    enrolment.state = to
    enrolment.version += 1
    enrolment.save(update_fields=["state", "version", "updated_at"])
    forget_wishes_of_leavers(enrolment)
    if before in SEATED and to not in SEATED:
        move_up(cohort_id=enrolment.cohort_id, now=now)
    return enrolment


def _check_own_will(enrolment: Enrolment, to: str) -> None:
    """Nobody is brought back by others from a pause, an objection or a leave of their own (S3.19, B-09)."""
    if to in TAKING_PART and Break.objects.open().filter(enrolment=enrolment).exists():
        message = _("%(name)s takes no part, by their own will; only they can go on.")
        raise DomainError(message % {"name": enrolment}, code="own_will")


def forget_wishes_of_leavers(enrolment: Enrolment) -> None:
    """Whoever takes part in nothing any more keeps no "never with" either. Call it when a state has changed."""
    if enrolment.state not in (EnrolmentState.WITHDRAWN, EnrolmentState.DECLINED):
        return
    over = (EnrolmentState.WITHDRAWN, EnrolmentState.DECLINED, EnrolmentState.COMPLETED)
    if not Enrolment.objects.filter(person=enrolment.person_id).exclude(state__in=over).exists():
        forget_wishes_of(person=enrolment.person)


@transaction.atomic
def change_enrolment(*, enrolment: Enrolment, values: Mapping[str, Any], by: Person | None) -> Enrolment:
    """Set role, capacity or wishes about place and style; the state moves by ``set_enrolment_state`` alone.

    Raises:
        DomainError: a value is not acceptable, or the person has a pair and the role can no longer change.
    """
    enrolment = held(enrolment)
    if values.get("role", enrolment.role) != enrolment.role and enrolment.state in _PAIRED:
        raise DomainError(_("%(name)s has a pair; end it first.") % {"name": enrolment}, code="paired")
    for name, value in values.items():
        if name not in _CHANGEABLE:
            raise DomainError(_("This cannot be changed here."), code="field")
        setattr(enrolment, name, value)
    enrolment.version += 1
    return checked_and_saved(enrolment)


def withdraw_person(*, person: Person, now: datetime) -> None:
    """Fills ``participants.person_left``: whoever left takes part in nothing any more. Pairs end before this.

    The seats they had are given on. Where they were the named contact, those who run it hear of it.
    """
    cohorts = sorted(set(Enrolment.objects.filter(person=person).values_list("cohort_id", flat=True)))
    for cohort_id in cohorts:
        hold_seats(cohort_id)
    for enrolment in Enrolment.objects.select_for_update(of=("self",)).filter(person=person).order_by("pk"):
        if EnrolmentState.WITHDRAWN in ENROLMENT_TRANSITIONS[enrolment.state]:
            enrolment.state = EnrolmentState.WITHDRAWN
            enrolment.version += 1
            enrolment.save(update_fields=["state", "version", "updated_at"])
    for cohort_id in cohorts:
        move_up(cohort_id=cohort_id, now=now)
    warn_of_leaver(person=person, now=now)
