"""What services raise when the world does not allow what was asked. Doors turn it into words on a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils.functional import Promise


class DomainError(Exception):
    """A rule of the domain said no. ``message`` is translatable and fit for the person who acted.

    Args:
        message: a (lazy) translated sentence, without markup.
        code: a short stable name for tests and logs.
        params: values that the door may use, for instance the fields at fault.
    """

    code = "refused"

    def __init__(self, message: str | Promise, *, code: str = "", **params: Any) -> None:
        super().__init__(message)
        self.message = cast(str, message)  # lazy text passes for text wherever it is shown
        self.code = code or self.code
        self.params = params

    def __str__(self) -> str:
        return str(self.message)


class IllegalTransition(DomainError):
    """The object is no longer in a state from which this step exists (D-08)."""

    code = "illegal_transition"


class Stale(DomainError):
    """Somebody else saved in between (D-06). ``params["current"]`` holds what is stored now."""

    code = "stale"


class NotAllowed(DomainError):
    """The acting person may not do this; doors answer 404, as for what does not exist (C-01)."""

    code = "not_allowed"


class Conflict(DomainError):
    """Another row forbids it: a double booking, a seat already taken (D-04, D-05). Doors answer 409."""

    code = "conflict"


@contextmanager
def as_refusal() -> Iterator[None]:
    """What Django's own checks of a row find, said as a rule of the domain; ``params["fields"]`` says where.

    Raises:
        DomainError: a value is not acceptable.
    """
    try:
        yield
    except ValidationError as error:
        words = "; ".join(error.messages)
        raise DomainError(words, code="invalid", fields=list(error.message_dict)) from error
