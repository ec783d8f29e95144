"""Our one provider, as allauth wants it: it finds this module by its name."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mentoring.sso.adapter import CompanyAdapter
from mentoring.sso.configuration import provider_in_use


class CompanyProvider(OpenIDConnectProvider):
    """The identity provider of the environment. Takes the subject and nothing else."""

    id = "sso"
    name = "OpenID Connect"
    package = "mentoring.sso"
    pkce_enabled_default = True
    oauth2_adapter_class = CompanyAdapter
    supports_token_authentication = False

    @property
    def server_url(self) -> str:
        return provider_in_use().discovery_url

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("sso_login")

    def get_callback_url(self) -> str:
        return reverse("sso_callback")

    def get_default_scope(self) -> list[str]:
        return ["openid", "email"]

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Where to go afterwards; scopes and parameters are ours to choose, not the query string's."""
        next_url = get_next_redirect_url(request)
        return {"process": "login", **({"next_url": next_url} if next_url else {})}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To the provider, with state, PKCE and a nonce; the last is remembered with the state."""
        nonce = secrets.token_urlsafe(24)
        return super().redirect(
            request, process, next_url=next_url, data={"nonce": nonce}, auth_params={"nonce": nonce}
        )

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


provider_classes = [CompanyProvider]
