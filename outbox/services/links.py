"""Action links: made when a mail is put together, opened by anybody who holds one, used once (C-14, C-15)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from outbox.choices import UNSUBSCRIBE
from outbox.engine import names
from outbox.models import ActionLink, Message

#: Mail programs show the button for long.
WAY_OUT_LASTS: Final = timedelta(days=60)


class LinkGone(DomainError):
    """The link was used, withdrawn, replaced, is too old, or never was one."""

    code = "link_gone"


def mint(message: Message, *, now: datetime) -> tuple[dict[str, str], list[ActionLink]]:
    """Make the links of a mail: their addresses by name, and the rows to store before anybody can have them.

    The tokens exist nowhere else.
    """
    wishes = {**message.links, **_way_out(message, now)}
    made = {name: _mint_one(message, wish, now) for name, wish in wishes.items()}
    return {name: address for name, (address, _row) in made.items()}, [row for _address, row in made.values()]


def _way_out(message: Message, now: datetime) -> dict[str, Any]:
    """The link that stops mail of this kind, in every mail that one may do without (RFC 8058)."""
    if not message.choice:
        return {}
    until = (now + WAY_OUT_LASTS).isoformat()
    purpose = f"{UNSUBSCRIBE}:{message.choice}"
    return {UNSUBSCRIBE: {"purpose": purpose, "about": None, "path": "/u/{token}/", "expires_at": until}}


def _mint_one(message: Message, wish: Mapping[str, Any], now: datetime) -> tuple[str, ActionLink]:
    token = secrets.token_urlsafe(32)
    about_kind, about_id = wish["about"] or ("", None)
    row = ActionLink(
        token_sha256=names.token_digest(token),
        purpose=wish["purpose"],
        person_id=message.recipient_id,
        about_kind=about_kind,
        about_id=about_id,
        message=message,
        created_at=now,
        expires_at=datetime.fromisoformat(wish["expires_at"]),
    )
    return _address(wish["path"], token), row


def _address(path: str, token: str) -> str:
    if "{token}" not in path:
        path = f"{path.rstrip('/')}/{{token}}/"
    return f"{settings.SITE_URL}{path.replace('{token}', quote(token))}"


def open_link(token: str, purpose: str, *, now: datetime | None = None) -> ActionLink | None:
    """The link behind a token, if it may still be used for this purpose. Changes nothing: GET is safe (C-14)."""
    digest = names.token_digest(token)
    usable = ActionLink.objects.usable(now or timezone.now())
    return usable.filter(token_sha256=digest, purpose=purpose).first()


def use_link(token: str, purpose: str, *, now: datetime | None = None) -> ActionLink:
    """Use a link, once. Call it in the transaction of what it allows, on POST.

    Raises:
        LinkGone: it cannot be used (again). Of two who use it at once, the second waits and gets this.
    """
    now = now or timezone.now()
    digest = names.token_digest(token)
    with transaction.atomic():
        usable = ActionLink.objects.usable(now).select_for_update()
        link: ActionLink | None = usable.filter(token_sha256=digest, purpose=purpose).first()
        if link is None:
            raise LinkGone(_("This link has been used, or it is no longer valid."))
        link.used_at = now
        link.save(update_fields=["used_at"])
    return link


def revoke_links(
    *,
    now: datetime,
    person_id: int | None = None,
    about: tuple[str, int] | None = None,
    purpose: str | None = None,
) -> int:
    """Withdraw open links: of a person who leaves, or about an object that moved or ended.

    Raises:
        ValueError: neither a person nor an object is named.

    Returns:
        How many were withdrawn.
    """
    if person_id is None and about is None:
        raise ValueError("say whose links, or about what")
    links = ActionLink.objects.open_ones()
    if person_id is not None:
        links = links.filter(person_id=person_id)
    if about is not None:
        links = links.filter(about_kind=about[0], about_id=about[1])
    if purpose is not None:
        links = links.filter(purpose=purpose)
    return links.update(revoked_at=now)
