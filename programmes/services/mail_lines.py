"""Opening and closing lines of a programme's mails: settled, read by the outbox, tried out by mail to oneself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, Stale
from outbox.models import Message
from participants.models import Person
from programmes import emails
from programmes.models import MailLines, Programme
from programmes.services.locking import checked_and_saved

#: What the lines consist of.
LINE_FIELDS: Final = tuple(
    f"{part}_{code}" for code, _name in settings.LANGUAGES for part in ("opening", "closing")
)
#: A trial that the mail server did not take by then is of no use.
TRIAL_LASTS: Final = timedelta(hours=1)


@transaction.atomic
def settle_mail_lines(
    *, programme: Programme, values: Mapping[str, str], version: int, by: Person | None
) -> MailLines:
    """Say how mails of a programme begin and end. Mail that is put together already stays as it is.

    Args:
        version: of the lines that the form was opened with; 0 when there were none.

    Raises:
        Stale: somebody changed them meanwhile.
        DomainError: a line is too long or holds a line break; ``params["fields"]`` says which.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    lines = MailLines.objects.filter(programme=programme).first() or MailLines(programme=programme, version=0)
    if lines.version != version:
        raise Stale(_("Somebody else has changed this meanwhile. Load the page again."))
    for name in LINE_FIELDS:
        setattr(lines, name, " ".join(values.get(name, "").split()))
    lines.version += 1
    return checked_and_saved(lines)


def lines_of_programme(*, programme_id: int, language: str) -> tuple[str, str]:
    """Fills ``outbox.programme_lines``: opening and closing line in a language, or in the programme's first one."""
    lines = MailLines.objects.filter(programme=programme_id).select_related("programme").first()
    if lines is None:
        return "", ""
    first = lines.programme.language
    opening, closing = (
        getattr(lines, f"{part}_{language}", "") or getattr(lines, f"{part}_{first}")
        for part in ("opening", "closing")
    )
    return opening, closing


@transaction.atomic
def send_trial(*, programme: Programme, to: Person, now: datetime) -> list[Message]:
    """Send oneself a mail of the programme in each language, as its readers will see it.

    Raises:
        DomainError: there is no address to send it to.
    """
    until = now + TRIAL_LASTS
    sent = [
        emails.mail_trial(programme=programme, to=to, language=code, now=now, until=until)
        for code, _name in settings.LANGUAGES
    ]
    found = [one for one in sent if one is not None]
    if not found:
        raise DomainError(_("No mail address of yours is known."), code="no_address")
    return found
