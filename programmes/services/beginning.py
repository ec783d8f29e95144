"""Beginning: a programme from a preset with its first cohort, and a cohort after the pattern of another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from participants.models import Person
from programmes.choices import Hierarchy
from programmes.engine import presets
from programmes.models import Announcement, Cohort, Programme
from programmes.services.programmes import create_cohort, create_programme

#: What a cohort has of its own and another does not take over.
OWN: Final = frozenset(
    {"id", "created_at", "updated_at", "version", "programme", "name", "stage", "starts_on", "ends_on"}
)


#: What an announcement has of its own.
OWN_OF_ANNOUNCEMENT: Final = frozenset(
    {"id", "created_at", "updated_at", "version", "cohort", "sends_on", "state", "sent_to"}
)


@transaction.atomic
def begin_programme(
    *,
    name: str,
    by: Person | None,
    preset: str = presets.DEFAULT,
    hierarchy: str = Hierarchy.FLAT,
    first_day: date | None = None,
    **values: Any,
) -> Programme:
    """A programme with the charter of a preset and, where a first day is given, its first cohort.

    Args:
        preset: a key of ``PRESETS``.
        values: fields of ``Programme`` that are said already; they win.

    Raises:
        DomainError: there is no such preset, or a value is not acceptable.
    """
    if preset not in presets.PRESETS or hierarchy not in Hierarchy.values:
        raise DomainError(_("There is no such preset."), code="preset")
    charter = {**presets.charter_of(preset, hierarchy), **values}
    programme = create_programme(name=name, by=by, **charter)
    if first_day is not None:
        planned = presets.PRESETS[preset]
        create_cohort(
            programme=programme,
            name=str(first_day.year),
            starts_on=first_day,
            ends_on=last_day(first_day, programme.months),
            by=by,
            planned_mentors=planned.mentors,
            planned_mentees=planned.mentees,
        )
    return programme


def last_day(first_day: date, months: int) -> date:
    """The last day of so many months that begin on ``first_day``."""
    return first_day + relativedelta(months=months) - relativedelta(days=1)


@transaction.atomic
def clone_cohort(*, cohort: Cohort, name: str, starts_on: date, by: Person | None) -> Cohort:
    """Another cohort of the same programme with the same settings, texts and length. No people, and the first stage.

    Raises:
        DomainError: the name is taken or the day cannot be.
    """
    settings = {
        field.name: getattr(cohort, field.name)
        for field in Cohort._meta.concrete_fields
        if field.name not in OWN
    }
    made = create_cohort(
        programme=cohort.programme,
        name=name,
        starts_on=starts_on,
        ends_on=starts_on + (cohort.ends_on - cohort.starts_on),
        by=by,
        **settings,
    )
    shift = starts_on - cohort.starts_on
    Announcement.objects.bulk_create(_copy(row, made, shift) for row in cohort.announcements.all())
    return made


def _copy(row: Announcement, cohort: Cohort, shift: timedelta) -> Announcement:
    """The same words on a day that lies as far from the new cohort's; to be planned anew."""
    kept = {
        field.name: getattr(row, field.name)
        for field in Announcement._meta.concrete_fields
        if field.name not in OWN_OF_ANNOUNCEMENT
    }
    return Announcement(cohort=cohort, sends_on=row.sends_on + shift, **kept)
