"""Identities at the company's provider, each bound to one log-in (C-11)."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict
from participants.models import User


@transaction.atomic
def bind_identity(*, user: User, issuer: str, subject: str) -> None:
    """Tie a subject at an issuer to a log-in, once and for good. Binding the same again changes nothing.

    Nothing else of what the provider says is kept, and no token.

    Raises:
        Conflict: the log-in has another identity there, or the identity another log-in.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    account = SocialAccount.objects.filter(provider=issuer, uid=subject).first()
    if account is not None and account.user_id == user.pk:
        return
    if account is not None or SocialAccount.objects.filter(provider=issuer, user=user).exists():
        raise Conflict(_("Somebody else logs in with this address."), code="identity_taken")
    SocialAccount.objects.create(user=user, provider=issuer, uid=subject, extra_data={})
