"""The steps of a log-in."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from mentoring.sso.adapter import has_provider_factor


class SecondFactorStage(AuthenticateStage):
    """The own second factor, unless the provider has just asked for one that counts here (C-11)."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if has_provider_factor(request, self.login.user):
            return False
        return bool(super()._should_handle(request))
