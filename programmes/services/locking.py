"""Taking a row for a change: held until the transaction ends, and refused where the table of choices says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.errors import IllegalTransition

Row = TypeVar("Row", bound=models.Model)


def held(row: Row) -> Row:
    """The row as stored now, locked. Call it inside a transaction."""
    manager: Any = type(row)._default_manager
    found: Row = manager.select_for_update().get(pk=row.pk)
    return found


def check_step(transitions: Mapping[str, Sequence[str]], old: str, new: str) -> None:
    """Refuse a step that the table of choices does not know (D-08).

    Raises:
        IllegalTransition: there is no such step.
    """
    if new not in transitions[old]:
        raise IllegalTransition(_("This step is not possible any more. Load the page again."))
