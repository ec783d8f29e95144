"""Putting a mail together, once: in the recipient's language and zone, then its bytes never change."""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime

from outbox.choices import Reason, State
from outbox.engine import mime
from outbox.models import Message
from outbox.services.asking import name_of_programme
from outbox.services.links import mint

logger = logging.getLogger(__name__)

#: The database is away: no mail's fault.
DATABASE_AWAY: Final = (OperationalError, InterfaceError)


class Unprintable(Exception):
    """This one mail cannot be put together; the others can."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class LostLease(Exception):
    """The mail is no longer ours: withdrawn, or our time with it is over."""


def ensure_bytes(message: Message, *, now: datetime) -> bytes:
    """The mail's bytes: those of the first attempt, or made and stored now.

    Raises:
        Unprintable: a template is broken or a header would be.
        LostLease: the row was taken from us meanwhile.
    """
    if message.raw is not None:
        return bytes(message.raw)
    try:
        return _render_and_store(message, now)
    except (LostLease, *DATABASE_AWAY):
        raise
    except mime.BadHeader as error:
        raise Unprintable(Reason.HEADER, f"{error}") from error
    except Exception as error:
        told = not message.is_discreet  # an error may quote what it stumbled over
        logger.warning("Mail %s (%s) cannot be put together", message.pk, message.kind, exc_info=told)
        raise Unprintable(Reason.TEMPLATE, type(error).__name__) from error


def _render_and_store(message: Message, now: datetime) -> bytes:
    with transaction.atomic():
        content = mime.build(compose(message, now=now))
        mine = Message.objects.filter(pk=message.pk, lease_token=message.lease_token, state=State.CLAIMED)
        if mine.update(raw=content, rendered_at=now) != 1:
            raise LostLease
    message.raw, message.rendered_at = content, now
    return content


def compose(message: Message, *, now: datetime) -> mime.Letter:
    """The mail as its recipient will read it. Makes its action links, so call it in a transaction."""
    with translation.override(message.language), timezone.override(zoneinfo.ZoneInfo(message.time_zone)):
        values = _values(message, now)
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
        calendar=(message.calendar["method"], message.calendar["text"]) if message.calendar else None,
    )


def _values(message: Message, now: datetime) -> dict[str, Any]:
    return {
        "programme_name": name_of_programme(message),
        **_revive(message.context or {}),
        "first_name": message.first_name,
        "site_url": settings.SITE_URL,
        "installation_name": settings.INSTALLATION_NAME,
        "LANGUAGE_CODE": message.language,
        "links": mint(message, now=now),
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
