"""What the environment says about the company's identity provider. Read by the settings, so it knows no Django app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NEEDED: Final = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")


@dataclass(frozen=True)
class Oidc:
    """One identity provider.

    Args:
        name: stands on the button, as in "Log in with Acme".
        only: everybody but operators comes in this way alone.
        second_factor: values of ``acr`` or ``amr`` that count as the second factor of staff; none by default.
        verified_domains: domains whose addresses the provider itself issues, so that they count as verified
            where it does not say whether they are.
        logs_out: logging out here ends the session at the provider as well.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str
    only: bool = False
    second_factor: tuple[str, ...] = ()
    verified_domains: tuple[str, ...] = ()
    logs_out: bool = False

    @property
    def origin(self) -> str:
        """Where the browser is sent, for the content security policy."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def discovery_url(self) -> str:
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


def read(environment: Mapping[str, str], *, is_local: bool) -> Oidc | None:
    """The provider that the environment names, None when it names none.

    Raises:
        ImproperlyConfigured: something is missing, or the issuer is not reached safely.
    """
    values = {name: environment.get(name, "").strip() for name in _NEEDED}
    missing = [name for name, value in values.items() if not value]
    if len(missing) == len(_NEEDED):
        if _is_on(environment, "OIDC_ONLY"):
            raise ImproperlyConfigured("OIDC_ONLY is set, but OIDC_ISSUER is not: nobody could log in.")
        return None
    if missing:
        raise ImproperlyConfigured(f"Single sign-on is half set up: {', '.join(missing)} missing.")
    if urlsplit(values["OIDC_ISSUER"]).scheme != "https" and not is_local:
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://.")
    return Oidc(
        issuer=values["OIDC_ISSUER"],
        client_id=values["OIDC_CLIENT_ID"],
        client_secret=values["OIDC_CLIENT_SECRET"],
        name=environment.get("OIDC_NAME", "").strip() or "single sign-on",
        only=_is_on(environment, "OIDC_ONLY"),
        second_factor=_list(environment, "OIDC_SECOND_FACTOR"),
        verified_domains=tuple(d.lower() for d in _list(environment, "OIDC_VERIFIED_DOMAINS")),
        logs_out=_is_on(environment, "OIDC_LOGOUT"),
    )


def provider_in_use() -> Oidc:
    """The provider of this installation.

    Raises:
        ImproperlyConfigured: there is none; views ask before.
    """
    found: Oidc | None = settings.OIDC
    if found is None:
        raise ImproperlyConfigured("OIDC_ISSUER is not set.")
    return found


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").strip().lower() in ("1", "true", "yes", "on")


def _list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environment.get(name, "").split(",") if part.strip())
