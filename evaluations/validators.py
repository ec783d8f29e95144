"""Whether an answer is one the question offers, and what is stored for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evaluations.engine.instruments import CHOICES, TEXT

#: A "can't say" and an empty field are one and the same: nothing.
NO_ANSWER: Final[tuple[Any, ...]] = ("", None, [])


def clean_answer(scale: Mapping[str, Any], value: Any) -> Any:
    """The value to store: one of the scale's own, a list of them in its order, plain text, or None.

    Args:
        scale: a frozen scale, with ``kind`` and ``values``, and ``max_length`` for text.
        value: what the form gave: a string, or strings where several may be chosen.

    Raises:
        ValidationError: the scale does not offer this.
    """
    if value in NO_ANSWER:
        return None
    if scale["kind"] == TEXT:
        return clean_text(value, scale["max_length"])
    if scale["kind"] == CHOICES:
        return _clean_choices(scale, value)
    if not isinstance(value, str) or value not in scale["values"]:
        raise ValidationError(_("Choose one of the answers."), code="unknown")
    return value


def _clean_choices(scale: Mapping[str, Any], value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or any(one not in scale["values"] for one in value):
        raise ValidationError(_("Choose among the answers."), code="unknown")
    chosen = [one for one in scale["values"] if one in value]
    if "none" in chosen and len(chosen) > 1:
        raise ValidationError(_("“None of these” does not go with another answer."), code="none")
    return chosen


def clean_text(value: Any, max_length: int) -> str | None:
    """Plain text as people meant it: composed characters, no ends of blank, none of what does not print (A-23).

    Raises:
        ValidationError: it is longer than ``max_length`` characters.
    """
    if not isinstance(value, str):
        raise ValidationError(_("Write a text."), code="unknown")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign)[0] != "C").strip()
    if len(text) > max_length:
        raise ValidationError(
            _("This is %(length)s characters long; %(limit)s are possible."),
            code="long",
            params={"length": len(text), "limit": max_length},
        )
    return text or None
