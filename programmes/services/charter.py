"""What a programme is to reach and says in its own words: goals and texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from participants.models import Person
from programmes.engine.plain_text import unknown_names
from programmes.models import Goal, Programme, ProgrammeText
from programmes.selectors import NAMES, shipped_values
from programmes.services.briefs import outdate_briefs
from programmes.services.locking import checked_and_saved, held, with_values

#: What a text consists of.
TEXT_FIELDS: Final = tuple(
    f"{part}_{code}" for code, _name in settings.LANGUAGES for part in ("subject", "body")
)


@transaction.atomic
def add_goal(*, programme: Programme, values: Mapping[str, Any], by: Person | None) -> Goal:
    """A goal with its kind, measure, target, day and dimension (S0.29, S0.30).

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    goal = Goal(programme=programme, **values)
    checked_and_saved(goal)
    return goal


@transaction.atomic
def change_goal(*, goal: Goal, values: Mapping[str, Any], by: Person | None) -> Goal:
    """Set some fields of a goal.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    return with_values(goal, values)


@transaction.atomic
def remove_goal(*, goal: Goal, by: Person | None) -> None:
    """Take a goal off the charter. A cohort that is open stays open. Twice is once."""
    for row in Goal.objects.select_for_update().filter(pk=goal.pk):
        row.delete()


@transaction.atomic
def settle_text(
    *, programme: Programme, key: str, values: Mapping[str, Any], by: Person | None
) -> ProgrammeText:
    """Say a text in the programme's own words, or say that the shipped one holds.

    Raises:
        DomainError: the programme's first language has no text, a name in curly brackets stands for nothing, or the
            text was settled before.
    """
    text = ProgrammeText(programme=programme, key=key, **values)
    _check_text(text)
    checked_and_saved(text)
    if any(getattr(text, name) != words for name, words in shipped_values(programme, key).items()):
        outdate_briefs(programme=programme, key=key)
    return text


@transaction.atomic
def change_text(*, text: ProgrammeText, values: Mapping[str, Any], by: Person | None) -> ProgrammeText:
    """Change a settled text.

    Raises:
        DomainError: as ``settle_text``.
    """
    stored = held(text)
    for name, value in values.items():
        setattr(stored, name, value)
    _check_text(stored)
    stored.version += 1
    checked_and_saved(stored)
    outdate_briefs(programme=stored.programme, key=stored.key)
    return stored


def check_names(value: str) -> None:
    """Refuse a name in curly brackets that stands for nothing.

    Raises:
        DomainError: there is one; it is named.
    """
    unknown = unknown_names(value, NAMES)
    if unknown:
        message = _("“{%(name)s}” stands for nothing here. You may use: %(known)s.")
        known = ", ".join(f"{{{name}}}" for name in NAMES)
        raise DomainError(message % {"name": unknown[0], "known": known}, code="unknown_name")


def _check_text(text: ProgrammeText) -> None:
    first = text.programme.language
    if not getattr(text, f"body_{first}").strip():
        raise DomainError(
            _("The programme’s first language needs a text."), code="empty", fields=[f"body_{first}"]
        )
    for name in TEXT_FIELDS:
        check_names(getattr(text, name))
