"""Closing and opening: a sealed box for answers, plain AES-GCM for content of a pair, and the wrapping of keys.

Everything is bound to a *context*, the name of what it belongs to, so that a closed text moved to another row
does not open there. Nonces are random, except in a box, whose key is used once.
"""

from __future__ import annotations

import hashlib
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PUBLIC_BYTES: Final = 32


class CannotOpen(ValueError):
    """The wrong key, the wrong context, or bytes that somebody changed."""


def fingerprint(key: bytes) -> str:
    """Sixteen hexadecimal digits that name a key and say nothing about it."""
    return hashlib.sha256(b"sealing key fingerprint" + key).hexdigest()[:16]


def new_secret() -> bytes:
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def new_box() -> tuple[bytes, bytes]:
    """A public part that closes and a private part that opens."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), private.private_bytes_raw()


def close(key: bytes, text: bytes, context: bytes) -> bytes:
    """Nonce and closed text."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text, context)


def open_closed(key: bytes, closed: bytes, context: bytes) -> bytes:
    """The text that ``close`` was given.

    Raises:
        CannotOpen: the key or the context is another, or the bytes were changed.
    """
    try:
        return AESGCM(key).decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def close_to(public: bytes, text: bytes, context: bytes, *, length: int) -> bytes:
    """A sealed box: whoever closed it cannot open it again.

    Args:
        length: bytes to pad the text to, so that the box's size tells nothing about what is in it.

    Raises:
        ValueError: the text is longer than ``length``.
    """
    once = X25519PrivateKey.generate()
    once_public = once.public_key().public_bytes_raw()
    key = _box_key(once.exchange(X25519PublicKey.from_public_bytes(public)), once_public, public)
    return once_public + AESGCM(key).encrypt(bytes(_NONCE_BYTES), _padded(text, length), context)


def open_box(private: bytes, box: bytes, context: bytes) -> bytes:
    """What ``close_to`` was given for this key.

    Raises:
        CannotOpen: the key or the context is another, or the bytes were changed.
    """
    keeper = X25519PrivateKey.from_private_bytes(private)
    once_public = box[:_PUBLIC_BYTES]
    try:
        shared = keeper.exchange(X25519PublicKey.from_public_bytes(once_public))
        key = _box_key(shared, once_public, keeper.public_key().public_bytes_raw())
        return _unpadded(AESGCM(key).decrypt(bytes(_NONCE_BYTES), box[_PUBLIC_BYTES:], context))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def _box_key(shared: bytes, once_public: bytes, public: bytes) -> bytes:
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"sealed box v1" + once_public + public
    ).derive(shared)


def _padded(text: bytes, length: int) -> bytes:
    """The text, one marking byte, and zeros (ISO/IEC 7816-4)."""
    if len(text) > length:
        raise ValueError(f"{len(text)} bytes do not fit into {length}")
    return text + b"\x80" + bytes(length - len(text))


def _unpadded(text: bytes) -> bytes:
    return text.rstrip(b"\x00")[:-1]
