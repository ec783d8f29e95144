"""Reading an ID token: signature, issuer, audience, time and nonce, always all (OpenID Connect Core 3.1.3.7)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Final

import jwt

#: Only keys that the provider alone holds; never one shared with us, never none.
ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
#: How far the clocks of two servers may differ, in seconds.
LEEWAY: Final = 60
#: What our table of identities can hold (allauth's limit on a subject).
LONGEST_SUBJECT: Final = 191


class BadToken(Exception):
    """The token proves nothing. The text is for the log; people are told only that it did not work."""


def claims_of(
    token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """What a token says, once it is known to be for us, from the provider, fresh, and an answer to our question.

    Args:
        keys: the provider's key set, as it publishes it.
        nonce: the random word that went out with this log-in.

    Raises:
        BadToken: any of that does not hold.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(token, keys),
            algorithms=list(ALGORITHMS),
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError, KeyError, TypeError) as error:
        raise BadToken(f"{type(error).__name__}: {error}") from error
    if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")), nonce):
        raise BadToken("the nonce is not the one that was sent")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise BadToken("issued to somebody else")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise BadToken("the subject cannot be kept")
    return claims


def _key(token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    known = jwt.PyJWKSet.from_dict(dict(keys)).keys
    kid = jwt.get_unverified_header(token).get("kid")
    fitting = [key for key in known if kid is None or key.key_id == kid]
    if len(fitting) != 1:
        raise BadToken(f"{len(fitting)} of the provider's keys fit")
    return fitting[0]
