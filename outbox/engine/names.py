"""Names made from other names: Message-IDs, stored keys, digests of tokens. Nothing here needs a clock."""

from __future__ import annotations

import hashlib


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the mail with this key: the same on every attempt, so receivers can tell a repeat."""
    return f"<{_digest(key)[:32]}@{domain}>"


def stored_key(kind: str, key: str, *, is_discreet: bool) -> str:
    """The key as the table holds it. That of a discreet kind says nothing about whom or what (decision 23)."""
    return f"{kind}:{_digest(key)}" if is_discreet else key


def token_digest(token: str) -> str:
    """What is stored of a link's token (C-15)."""
    return _digest(token)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
