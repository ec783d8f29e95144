"""The catalogues are whole, and German pages say "Sie" throughout, other packages' texts included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allauth
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils import translation

from mentoring import catalogues
from mentoring.local.translations import compiled_bytes

PLACE = Path("LC_MESSAGES")
#: The familiar address: its pronouns, and the imperatives that betray it without one.
FAMILIAR = re.compile(
    r"\b(du|dein\w*|dich|dir|euch|euer|eure\w*)\b"
    r"|\bbitte (gib|wähle|klicke?|bestätige|lass|melde|versuche|habe|kontaktiere|folge|überprüfe)\b",
    re.IGNORECASE,
)


@pytest.fixture
def german(settings: Any, tmp_path: Path) -> Iterator[None]:
    """German as the site would show it, compiled from the catalogue as it is now."""
    compiled = tmp_path / "de" / PLACE / "django.mo"
    compiled.parent.mkdir(parents=True)
    compiled.write_bytes(compiled_bytes(catalogues.catalogue_path("de")))
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("de"):
        yield


def allauth_messages() -> list[Message]:
    path = Path(allauth.__file__).parent / "locale" / "de" / PLACE / "django.po"
    with path.open("rb") as stream:
        return [message for message in read_po(stream, locale="de") if message.id]


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


@pytest.mark.parametrize("language", ["nl", "de"])
def test_every_text_is_translated(settings: Any, language: str) -> None:
    template = catalogues.template_catalogue(settings.BASE_DIR)

    assert len(template) > 1000
    assert catalogues.problems(catalogues.merged(language, template)) == []


def test_the_lint_knows_the_familiar_address() -> None:
    assert FAMILIAR.search("Du hast noch kein Konto bei uns?")
    assert FAMILIAR.search("Bitte versuche es später erneut.")
    assert not FAMILIAR.search("Bitte versuchen Sie es später noch einmal.")


def test_our_german_says_sie() -> None:
    familiar = [
        text
        for message in catalogues.read_catalogue("de")
        if message.id
        for text in texts(message)
        if FAMILIAR.search(text)
    ]

    assert familiar == []


def test_the_log_in_package_says_sie_on_our_pages(german: None) -> None:
    messages = allauth_messages()
    shown = [
        translation.gettext(message.id[0] if isinstance(message.id, tuple) else message.id)
        for message in messages
    ]

    assert any(FAMILIAR.search(text) for message in messages for text in texts(message))
    assert [text for text in shown if FAMILIAR.search(text)] == []
