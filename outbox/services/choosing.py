"""Which optional mail somebody gets: their own choice, on their page or by the button of their mail program."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outbox.choices import ON_WISH, OPTIONAL, UNSUBSCRIBE, Choosable, Reason, State
from outbox.engine import names
from outbox.models import ActionLink, MailRefusal, MailWish, Message
from outbox.services.links import LinkGone
from outbox.services.withdrawing import withdraw


@transaction.atomic
def choose_mail(*, person_id: int, wanted: Collection[str], offered: Collection[str], now: datetime) -> None:
    """Keep somebody's choice among the kinds offered to them. Choosing the same again changes nothing.

    Mail of a kind they no longer want that has not begun to leave is withdrawn.
    """
    unwanted = [choice for choice in Choosable.values if choice in offered and choice not in wanted]
    MailRefusal.objects.filter(person_id=person_id, choice__in=[*wanted]).delete()
    refused = [choice for choice in unwanted if choice not in ON_WISH]
    wished = [choice for choice in ON_WISH if choice in offered and choice in wanted]
    MailRefusal.objects.bulk_create(
        [MailRefusal(person_id=person_id, choice=choice, since=now) for choice in refused],
        ignore_conflicts=True,
    )
    MailWish.objects.filter(person_id=person_id, choice__in=unwanted).delete()
    MailWish.objects.bulk_create(
        [MailWish(person_id=person_id, choice=choice, since=now) for choice in wished], ignore_conflicts=True
    )
    kinds = [kind for kind, choice in OPTIONAL.items() if choice in unwanted]
    waiting = Message.objects.filter(recipient_id=person_id, state__in=[State.QUEUED, State.CLAIMED])
    withdraw(waiting.filter(kind__in=kinds), reason=Reason.UNWANTED, now=now)


def behind_way_out(*, token: str, now: datetime) -> tuple[ActionLink, Choosable] | None:
    """The link of a mail that stops its kind, and which. Changes nothing; a used one still answers (RFC 8058)."""
    digest = names.token_digest(token)
    valid = ActionLink.objects.filter(token_sha256=digest, revoked_at=None, expires_at__gt=now)
    link: ActionLink | None = valid.filter(purpose__startswith=f"{UNSUBSCRIBE}:").first()
    choice = link.purpose.partition(":")[2] if link is not None else ""
    return (link, Choosable(choice)) if link is not None and choice in Choosable.values else None


@transaction.atomic
def stop_by_link(*, token: str, now: datetime) -> Choosable:
    """Stop mail of one kind, without logging in. Stopping twice is stopping once.

    Raises:
        LinkGone: the link is unknown or too old.
    """
    found = behind_way_out(token=token, now=now)
    if found is None or found[0].person_id is None:
        raise LinkGone(_("This link has been used, or it is no longer valid."))
    link, choice = found
    assert link.person_id is not None  # noqa: S101  (asked above)
    choose_mail(person_id=link.person_id, wanted=(), offered=(choice,), now=now)
    ActionLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
    return choice
