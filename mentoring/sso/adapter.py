"""How allauth speaks with our provider, and what becomes of somebody whom it names."""

from __future__ import annotations

import logging
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from common.errors import DomainError
from mentoring.sso.configuration import Oidc, provider_in_use
from mentoring.sso.discovery import SECONDS, BadDiscovery, description_of, keys_of
from mentoring.sso.identity import admit, identity_from
from mentoring.sso.tokens import BadToken, claims_of

logger = logging.getLogger(__name__)
#: Of whom the provider said, in this session, that they gave a second factor.
SECOND_FACTOR_KEY = "sso_second_factor"


def refusal_page(request: HttpRequest, reason: str) -> HttpResponse:
    """The kind page for somebody who does not get in, with the other ways where there are some."""
    status = 502 if reason == "failed" else 403
    return render(request, "account/sso_refused.html", {"reason": reason}, status=status)


def has_provider_factor(request: HttpRequest, user: Any) -> bool:
    """Whether the provider vouched in this session for a second factor of this user."""
    return user is not None and request.session.get(SECOND_FACTOR_KEY) == user.pk


class CompanyAdapter(OpenIDConnectOAuth2Adapter):
    """Asks the provider, and believes only what is signed for us.

    Args:
        nonce: the one that went out with this log-in; empty where a log-in begins.
    """

    def __init__(self, request: HttpRequest, provider_id: str, nonce: str = "") -> None:
        super().__init__(request, provider_id)
        self.nonce = nonce
        self.oidc = provider_in_use()

    @property
    def openid_config(self) -> dict[str, Any]:
        try:
            return description_of(self.oidc)
        except BadDiscovery as fault:
            raise OAuth2Error(str(fault)) from fault

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """From the settings, never from the Host header (C-17)."""
        return f"{settings.SITE_URL}{reverse('sso_callback')}"

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """The access token, for one request at most; neither it nor another is ever stored."""
        if not isinstance(data, dict) or not data.get("access_token") or not data.get("id_token"):
            raise OAuth2Error("no token in the answer")
        return SocialToken(token=data["access_token"])

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        try:
            claims = claims_of(
                kwargs["response"]["id_token"],
                keys=keys_of(self.openid_config),
                issuer=self.oidc.issuer,
                client_id=self.oidc.client_id,
                nonce=self.nonce,
            )
        except BadToken as fault:
            raise OAuth2Error(str(fault)) from fault
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.identity = identity_from(self._with_address(claims, token), self.oidc)
        return login

    def _with_address(self, claims: dict[str, Any], token: SocialToken) -> dict[str, Any]:
        """The address may stand in the user info alone; it counts for the same subject only."""
        if "email" in claims or "userinfo_endpoint" not in self.openid_config:
            return claims
        response = requests.get(
            self.openid_config["userinfo_endpoint"],
            headers={"Authorization": f"Bearer {token.token}"},
            timeout=SECONDS,
            allow_redirects=False,
        )
        response.raise_for_status()
        info = response.json()
        if info.get("sub") != claims["sub"]:
            raise OAuth2Error("the user info is of another subject")
        return claims | {name: info[name] for name in ("email", "email_verified") if name in info}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """One provider, from the environment; nobody signs up by it, nobody connects a second one."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The configured provider. What may stand in the database counts for nothing."""
        oidc: Oidc | None = settings.OIDC
        fits = oidc is not None and provider in (None, "sso", oidc.issuer)
        if oidc is None or not fits or client_id not in (None, oidc.client_id):
            return []
        return [
            SocialApp(
                provider="sso", provider_id=oidc.issuer, name=oidc.name, client_id=oidc.client_id,
                secret=oidc.client_secret, settings={},
            )
        ]  # fmt: skip

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Known by issuer and subject, or bound now by a verified address, or shown the kind page."""
        identity = sociallogin.identity
        if not sociallogin.is_existing:
            try:
                admit(identity, now=timezone.now())
            except DomainError as refusal:
                logger.info("single sign-on refused: %s", refusal.code)
                raise ImmediateHttpResponse(refusal_page(request, refusal.code)) from refusal
            sociallogin.lookup()
        request.session.pop(SECOND_FACTOR_KEY, None)
        if identity.has_second_factor and sociallogin.user is not None:
            request.session[SECOND_FACTOR_KEY] = sociallogin.user.pk

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        reason = "cancelled" if error == AuthError.CANCELLED else "failed"
        logger.warning("single sign-on %s: %s", reason, exception or error)
        raise ImmediateHttpResponse(refusal_page(request, reason))
