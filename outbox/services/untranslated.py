"""Noticing, while a mail is put together, a text that does not exist in its reader's language.

Such a text would be shown in English, and half a mail in another language is worse than one that somebody looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import Any

from django.utils.translation.trans_real import translation

_heard: ContextVar[list[str] | None] = ContextVar("untranslated", default=None)
#: In which the sources are written, so that nothing of it stands in a catalogue.
_SOURCE = "en"


class _Ear(NullTranslations):
    """Stands right behind a language's catalogue: what comes by here, the catalogue does not hold."""

    def gettext(self, message: str) -> str:
        _note(message)
        return super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        _note(msgid1)
        return super().ngettext(msgid1, msgid2, n)


@contextmanager
def listening(language: str) -> Iterator[list[str]]:
    """Gather the texts that were asked for in ``language`` and are missing in it."""
    if language == _SOURCE:
        yield []
        return
    _attach(translation(language))
    missing: list[str] = []
    token = _heard.set(missing)
    try:
        yield missing
    finally:
        _heard.reset(token)


def _attach(catalogue: Any) -> None:
    behind = catalogue._fallback
    if isinstance(behind, _Ear):
        return
    ear = _Ear()
    if behind is not None:
        ear.add_fallback(behind)
    catalogue._fallback = ear


def _note(message: str) -> None:
    heard, text = (
        _heard.get(),
        message.rpartition("\x04")[2],
    )  # without the context that tells two meanings apart
    if heard is not None and text not in heard:
        heard.append(text)
