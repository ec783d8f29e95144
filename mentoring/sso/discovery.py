"""What the provider publishes about itself."""

from __future__ import annotations

import time
from typing import Any, Final

import requests

from mentoring.sso.configuration import Oidc

SECONDS: Final = 5
#: How long a description is believed without asking again.
KEPT_SECONDS: Final = 600
_NEEDED: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


class BadDiscovery(Exception):
    """The provider describes itself in a way that cannot be used; the text says what is wrong."""


def description_of(oidc: Oidc, *, is_fresh: bool = False) -> dict[str, Any]:
    """The provider's own description, kept for ten minutes in this process.

    Raises:
        requests.RequestException: it cannot be reached.
        BadDiscovery: it is incomplete, or of another issuer.
    """
    at, known = _kept.get(oidc.discovery_url, (0.0, {}))
    if known and not is_fresh and time.monotonic() - at < KEPT_SECONDS:
        return known
    response = requests.get(oidc.discovery_url, timeout=SECONDS, allow_redirects=False)
    response.raise_for_status()
    found: dict[str, Any] = response.json()
    check(found, oidc)
    _kept[oidc.discovery_url] = (time.monotonic(), found)
    return found


def check(found: Any, oidc: Oidc) -> None:
    """Whether a description is complete and speaks of the issuer that was asked for.

    Raises:
        BadDiscovery: it is not, or does not.
    """
    missing = [name for name in _NEEDED if not isinstance(found, dict) or not found.get(name)]
    if missing:
        raise BadDiscovery(f"its description lacks {', '.join(missing)}")
    if found["issuer"] != oidc.issuer:
        raise BadDiscovery(f"it calls itself {found['issuer']}, not {oidc.issuer}")


def keys_of(description: dict[str, Any]) -> dict[str, Any]:
    """The provider's public keys, asked anew at each log-in, so that a changed key works at once.

    Raises:
        requests.RequestException: they cannot be had.
    """
    response = requests.get(description["jwks_uri"], timeout=SECONDS, allow_redirects=False)
    response.raise_for_status()
    keys: dict[str, Any] = response.json()
    return keys
