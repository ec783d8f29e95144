"""How long mail stays: its content 30 days, the proof that it was sent 400, of discreet kinds nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from outbox.choices import FINAL, TROUBLE
from outbox.models import ActionLink, MailRefusal, MailWish, Message
from outbox.querysets import CONTENT, WIPED
from outbox.services.withdrawing import cancel_about, cancel_recipient

CONTENT_FOR: Final = timedelta(days=30)
#: Longer than any planner looks back: a key that is gone would be written, and sent, again.
KEY_FOR: Final = timedelta(days=400)
LINKS_FOR: Final = timedelta(days=14)


def purge(*, now: datetime) -> int:
    """Drop what has been kept long enough.

    Returns:
        How many mails and links lost something or went.
    """
    resting = Message.objects.filter(state__in=[*FINAL, *TROUBLE])
    discreet = resting.filter(is_discreet=True).exclude(context=None)
    worthless = Q(state__in=FINAL) | Q(expires_at__lte=now) | Q(settled_at__lte=now - CONTENT_FOR)
    count = discreet.filter(worthless).update(**WIPED)
    old = resting.filter(settled_at__lte=now - CONTENT_FOR)
    count += old.exclude(context=None).update(**CONTENT)
    count += ActionLink.objects.outdated(now - LINKS_FOR).delete()[0]
    count += resting.filter(settled_at__lte=now - KEY_FOR).delete()[0]
    return count


def forget_recipient(*, person_id: int, now: datetime) -> int:
    """Erase a person from the outbox (B-07): nothing more goes to them, and no row says whom it was for.

    The keys stay, or a planner would write the mails anew.
    """
    cancel_recipient(person_id=person_id, now=now)
    theirs = Message.objects.filter(recipient_id=person_id)
    ActionLink.objects.filter(person_id=person_id).delete()
    MailRefusal.objects.filter(person_id=person_id).delete()
    MailWish.objects.filter(person_id=person_id).delete()
    return theirs.filter(state__in=[*FINAL, *TROUBLE]).update(**WIPED)


def forget_names(*, names: Iterable[str]) -> int:
    """Drop the content of settled mails to others that name somebody who is erased. Returns how many."""
    resting = Message.objects.filter(state__in=[*FINAL, *TROUBLE]).exclude(context=None)
    named = Q(pk__in=[])
    for name in names:
        named |= Q(_context__contains=name) | Q(address__iexact=name)
    found = resting.annotate(_context=Cast("context", TextField())).filter(named)
    return int(Message.objects.filter(pk__in=list(found.values_list("pk", flat=True))).update(**CONTENT))


def forget_about(*, about: tuple[str, int], now: datetime) -> int:
    """Leave no mark of an object in the outbox: nothing more goes out about it, and no row says whom it was for."""
    cancel_about(about=about, now=now)
    kind, pk = about
    ActionLink.objects.filter(about_kind=kind, about_id=pk).delete()
    resting = Message.objects.about(kind, pk).filter(state__in=[*FINAL, *TROUBLE])
    return int(resting.update(**WIPED))
