"""The steps of a log-in."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from mentoring.access import is_staff_member
from mentoring.sso.adapter import has_provider_factor


class SecondFactorStage(AuthenticateStage):
    """The own second factor, unless the provider has just asked for one that counts here (C-11)."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if has_provider_factor(request, user) or _is_let_in_by_mail(request, user):
            return False
        return bool(super()._should_handle(request))


def _is_let_in_by_mail(request: HttpRequest, user: Any) -> bool:
    """A lost passkey must not lock a participant out: for them a code by mail is enough, as it was before.

    Not for staff, and not for whoever set up an authenticator app to have more than that.
    """
    if user is None or is_staff_member(user) or is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return False
    return any(record["method"] == "code" for record in get_authentication_records(request, user))
