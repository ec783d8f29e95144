"""Putting a mail together, once: in the recipient's language and zone, then its bytes never change."""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime

from common.database import is_away
from outbox.choices import UNSUBSCRIBE, Reason
from outbox.engine import mime
from outbox.models import Message
from outbox.services.asking import lines_of_programme, name_of_programme
from outbox.services.links import mint
from outbox.services.untranslated import listening

logger = logging.getLogger(__name__)


class Unprintable(Exception):
    """This one mail cannot be put together; the others can."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class LostLease(Exception):
    """The mail is no longer ours: withdrawn, or our time with it is over."""


def ensure_bytes(message: Message, *, now: datetime, house: Letterhead | None = None) -> bytes:
    """The mail's bytes: those of an earlier attempt, or made now and kept on ``message``.

    They are stored together with "sending", before anybody can have them, or when the attempt ends earlier.

    Raises:
        Unprintable: a template is broken, a header would be, or a text is missing in the recipient's language.
    """
    if message.raw is None:
        message.raw, message.rendered_at = _made(message, now, house), now
    return bytes(message.raw)


def _made(message: Message, now: datetime, house: Letterhead | None) -> bytes:
    try:
        with listening(message.language) as missing:
            made = mime.build(compose(message, now=now, house=house))
    except mime.BadHeader as error:
        raise Unprintable(Reason.HEADER, f"{error}") from error
    except Exception as error:
        if is_away(error):  # no mail's fault
            raise
        told = not message.is_discreet  # an error may quote what it stumbled over
        logger.warning("Mail %s (%s) cannot be put together", message.pk, message.kind, exc_info=told)
        raise Unprintable(Reason.TEMPLATE, type(error).__name__) from error
    if missing:
        raise Unprintable(Reason.TRANSLATION, f"{message.language}: {missing[0]}")
    return made


class Letterhead:
    """The names that mails are sent in and the lines around their text, each looked up once in one turn."""

    def __init__(self) -> None:
        self._names: dict[int | None, str] = {}
        self._lines: dict[tuple[int | None, str], tuple[str, str]] = {}

    def lines(self, programme_id: int | None, language: str) -> tuple[str, str]:
        key = programme_id, language
        if key not in self._lines:
            self._lines[key] = lines_of_programme(programme_id, language)
        return self._lines[key]

    def name(self, programme_id: int | None) -> str:
        if programme_id not in self._names:
            self._names[programme_id] = name_of_programme(programme_id)
        return self._names[programme_id]


def compose(message: Message, *, now: datetime, house: Letterhead | None = None) -> mime.Letter:
    """The mail as its recipient will read it, its action links on ``message.minted_now``, not stored yet."""
    house = house or Letterhead()
    with translation.override(message.language), timezone.override(zoneinfo.ZoneInfo(message.time_zone)):
        values = _values(message, now, house)
        text = _plain(f"email/{message.kind}/body.txt", values)
        html = render_to_string(f"email/{message.kind}/body.html", values)
        subject = _plain(f"email/{message.kind}/subject.txt", values)
    return mime.Letter(
        message_id=message.message_id,
        date=now,
        sender_name=message.sender_name or values["programme_name"],
        sender_address=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        recipient=message.address,
        subject=subject.strip(),
        text=text.strip() + "\n",
        html=html,
        language=message.language,
        unsubscribe=values["links"].get(UNSUBSCRIBE, ""),
        calendar=(message.calendar["method"], message.calendar["text"]) if message.calendar else None,
    )


def preview(*, kind: str, programme_id: int, language: str, now: datetime) -> mime.Letter:
    """How a mail of a kind that needs no facts reads in a programme. Nothing is stored or sent."""
    sample = Message(
        kind=kind, programme_id=programme_id, language=language, time_zone=settings.TIME_ZONE, context={},
        address="somebody@example.com", message_id="<preview@example.com>",
    )  # fmt: skip
    return compose(sample, now=now)


def _values(message: Message, now: datetime, house: Letterhead) -> dict[str, Any]:
    links, message.minted_now = mint(message, now=now)
    opening, closing = house.lines(message.programme_id, message.language)
    return {
        "opening_line": opening,
        "closing_line": closing,
        "programme_name": house.name(message.programme_id),
        **_revive(message.context or {}),
        "first_name": message.first_name,
        "site_url": settings.SITE_URL,
        "installation_name": settings.INSTALLATION_NAME,
        "LANGUAGE_CODE": message.language,
        "links": links,
    }


def _plain(name: str, values: dict[str, Any]) -> str:
    """Render a text template: an apostrophe in a name stays one."""
    template: Any = get_template(name)
    rendered: str = template.template.render(Context(values, autoescape=False))
    return rendered


def _revive(value: Any, name: str = "") -> Any:
    """Instants (``*_at``) and days (``*_on``) as a template can print them; everything else as it was stored."""
    if isinstance(value, Mapping):
        return {key: _revive(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_revive(item, name) for item in value]
    if isinstance(value, str) and name.endswith("_at"):
        return parse_datetime(value) or value
    if isinstance(value, str) and name.endswith("_on"):
        return parse_date(value) or value
    return value
