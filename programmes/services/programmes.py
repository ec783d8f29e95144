"""Programmes and cohorts: made, set up, and moved along their stages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from participants.choices import Language
from participants.models import Person
from programmes.choices import STAGE_TRANSITIONS, Stage
from programmes.models import Cohort, Coordinator, Programme
from programmes.selectors import gates
from programmes.services.announcements import redate_announcements
from programmes.services.locking import check_step, checked_and_saved, held, with_values

#: What a cohort takes from the charter of its programme.
PLANNED: Final = ("cadence", "meeting_minutes", "has_circles")
#: Stages in which a cohort takes on people.
TAKES_PEOPLE: Final = (
    Stage.DRAFT,
    Stage.OPEN,
    Stage.SELECTING,
    Stage.MATCHING,
    Stage.PREPARING,
    Stage.ACTIVE,
)


@transaction.atomic
def create_programme(
    *,
    name: str,
    purpose: str = "",
    language: str = Language.EN,
    sender_name: str = "",
    by: Person | None,
    **charter: Any,
) -> Programme:
    """A standing scheme; whoever makes it coordinates it.

    Args:
        charter: further fields of ``Programme``: ambition, scope, months and so on.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    programme = Programme(name=name, purpose=purpose, language=language, sender_name=sender_name, **charter)
    checked_and_saved(programme)
    if by is not None:
        Coordinator.objects.create(programme=programme, person=by)
    return programme


@transaction.atomic
def create_cohort(
    *,
    programme: Programme,
    name: str,
    starts_on: date,
    ends_on: date,
    by: Person | None,
    **settings: Any,
) -> Cohort:
    """One dated run of a programme, in its first stage. Where nothing is said it takes what the charter plans.

    Args:
        settings: further fields of ``Cohort``: time_zone, cadence, meeting_minutes, weights and so on.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    planned = {name: getattr(programme, name) for name in PLANNED}
    cohort = Cohort(
        programme=programme, name=name, starts_on=starts_on, ends_on=ends_on, **{**planned, **settings}
    )
    checked_and_saved(cohort)
    return cohort


@transaction.atomic
def change_programme(*, programme: Programme, values: Mapping[str, Any], by: Person | None) -> Programme:
    """Set some fields of a programme; the caller has asked whether it was saved in between (D-06).

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    return with_values(programme, values)


@transaction.atomic
def change_cohort(
    *, cohort: Cohort, values: Mapping[str, Any], by: Person | None, now: datetime | None = None
) -> Cohort:
    """Set some fields of a cohort; its stage moves by ``move_stage`` alone. Its announcements follow its days.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    changed = with_values(cohort, {name: value for name, value in values.items() if name != "stage"})
    if not values.keys().isdisjoint(("starts_on", "ends_on")):
        redate_announcements(cohort=changed, now=now or timezone.now())
    return changed


@transaction.atomic
def move_stage(*, cohort: Cohort, to: str, by: Person | None, now: datetime) -> Cohort:
    """Move a cohort to another stage of its life.

    Raises:
        IllegalTransition: there is no such step from where the cohort is now.
        DomainError: something is missing; ``params["missing"]`` holds it in words.
    """
    cohort = held(cohort)
    check_step(STAGE_TRANSITIONS, cohort.stage, to)
    missing = [str(gate.text) for gate in gates(cohort, to, now=now) if not gate.is_met]
    if missing:
        message = _("Before that: %(missing)s")
        raise DomainError(str(message) % {"missing": " ".join(missing)}, code="gate", missing=missing)
    cohort.stage = to
    cohort.version += 1
    cohort.save(update_fields=["stage", "version", "updated_at"])
    return cohort
