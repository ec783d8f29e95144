"""Taking a row for a change: held until the transaction ends, and refused where the table of choices says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, IllegalTransition, NotAllowed, as_refusal

Row = TypeVar("Row", bound=models.Model)
#: What PostgreSQL calls a second row where there may be one.
_TAKEN: Final = "23505"


def held(row: Row) -> Row:
    """The row as stored now, locked. Call it inside a transaction.

    Raises:
        NotAllowed: somebody removed it meanwhile; doors answer as for what never was.
    """
    manager: Any = type(row)._default_manager
    try:
        found: Row = manager.select_for_update(of=("self",)).get(pk=row.pk)
    except ObjectDoesNotExist as error:
        words = _("This is not there any more: somebody has removed it meanwhile.")
        raise NotAllowed(words, code="gone") from error
    return found


def checked_and_saved(row: Row) -> Row:
    """The row, checked and saved.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
        Conflict: somebody else stored the same between the check and the saving.
    """
    with as_refusal():
        row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", None) != _TAKEN:
            raise
        words = _("Somebody else saved the same at this moment. Load the page again to see what is stored.")
        raise Conflict(words, code="twice") from error
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
