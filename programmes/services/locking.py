"""Taking a row for a change: held until the transaction ends, and refused where the table of choices says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.errors import IllegalTransition, as_refusal

Row = TypeVar("Row", bound=models.Model)


def held(row: Row) -> Row:
    """The row as stored now, locked. Call it inside a transaction."""
    manager: Any = type(row)._default_manager
    found: Row = manager.select_for_update().get(pk=row.pk)
    return found


def checked_and_saved(row: Row) -> Row:
    """The row, checked and saved.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    with as_refusal():
        row.full_clean()
    row.save()
    return row


def with_values(row: Row, values: Mapping[str, Any]) -> Row:
    """The row as stored now with some fields set, in its next version. Call it inside a transaction.

    Raises:
        DomainError: as ``checked_and_saved``.
    """
    found: Any = held(row)
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    return checked_and_saved(found)


def check_step(transitions: Mapping[str, Sequence[str]], old: str, new: str) -> None:
    """Refuse a step that the table of choices does not know (D-08).

    Raises:
        IllegalTransition: there is no such step.
    """
    if new not in transitions[old]:
        raise IllegalTransition(_("This step is not possible any more. Load the page again."))
