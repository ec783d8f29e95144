"""Keys are made, wrapped anew and destroyed here; what they close and open passes through here (decision 34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from sealing import engine
from sealing.choices import Algorithm, ScopeKind
from sealing.models import ScopeKey


class CannotUnseal(DomainError):
    """The key is destroyed or its wrapping key is lost, or what it should open is not what it closed."""

    code = "cannot_unseal"


def create_box(*, scope_kind: ScopeKind, scope_id: int) -> ScopeKey:
    """Make the key of a scope that everybody may write to and only the sealing service reads (A-18)."""
    public, private = engine.new_box()
    return _store(scope_kind, scope_id, Algorithm.BOX, private, public)


def create_secret(*, scope_kind: ScopeKind, scope_id: int) -> ScopeKey:
    """Make the key of a scope whose members write and read."""
    return _store(scope_kind, scope_id, Algorithm.SECRET, engine.new_secret(), None)


def _store(
    kind: ScopeKind, scope_id: int, algorithm: Algorithm, private: bytes, public: bytes | None
) -> ScopeKey:
    key = ScopeKey(scope_kind=kind, scope_id=scope_id, algorithm=algorithm, public_part=public)
    _wrap(key, private)
    key.save(force_insert=True)
    return key


def _wrap(key: ScopeKey, private: bytes) -> None:
    key.wrapped_part = engine.close(settings.SEALING_KEY, private, key.context)
    key.wrapped_by = engine.fingerprint(settings.SEALING_KEY)


def _unwrap(key: ScopeKey) -> bytes:
    """The private part.

    Raises:
        CannotUnseal: the key is destroyed, or no configured sealing key opens it.
    """
    if key.wrapped_part is None:
        raise CannotUnseal(_("This key was destroyed; what it closed cannot be read any more."))
    outer = {engine.fingerprint(one): one for one in (settings.SEALING_KEY, *settings.SEALING_KEY_FALLBACKS)}
    if key.wrapped_by not in outer:
        raise CannotUnseal(_("The sealing key that this content was closed with is missing."))
    try:
        return engine.open_closed(outer[key.wrapped_by], bytes(key.wrapped_part), key.context)
    except engine.CannotOpen as error:
        raise CannotUnseal(_("This key was changed and does not open.")) from error


def key_of(*, scope_kind: ScopeKind, scope_id: int) -> ScopeKey:
    """The key of a scope.

    Raises:
        CannotUnseal: there is none.
    """
    key = ScopeKey.objects.filter(scope_kind=scope_kind, scope_id=scope_id).first()
    if key is None:
        raise CannotUnseal(_("There is no key for this content."))
    return key


def box_closer(*, key: ScopeKey) -> Callable[[bytes, int], bytes]:
    """A function that closes many texts for a box: ``close(text, length)`` pads each to ``length`` bytes.

    It needs the public part alone, so whoever closes cannot read what others closed.

    Raises:
        CannotUnseal: the key is destroyed, or no box.
    """
    if key.destroyed_at is not None or key.public_part is None:
        raise CannotUnseal(_("Nothing can be closed with this key any more."))
    public = bytes(key.public_part)
    return lambda text, length: engine.close_to(public, text, key.context, length=length)


def close_with(*, key: ScopeKey, text: bytes) -> bytes:
    """Close a text with the key of a pair or circle; ``opener`` reads it.

    Raises:
        CannotUnseal: the key is destroyed, its wrapping key is missing, or it is a box.
    """
    if key.algorithm != Algorithm.SECRET:
        raise CannotUnseal(_("This key closes for its keeper only."))
    return engine.close(_unwrap(key), text, key.context)


def opener(*, key: ScopeKey) -> Callable[[bytes], bytes]:
    """A function that opens many texts of one key; it raises ``CannotUnseal`` for what does not belong to it.

    Raises:
        CannotUnseal: the key is destroyed or its wrapping key missing.
    """
    private = _unwrap(key)
    unlock = engine.open_box if key.algorithm == Algorithm.BOX else engine.open_closed

    def read(closed: bytes) -> bytes:
        try:
            return unlock(private, closed, key.context)
        except engine.CannotOpen as error:
            raise CannotUnseal(_("This content was changed or belongs elsewhere.")) from error

    return read


def destroy_key(*, key: ScopeKey, now: datetime) -> None:
    """Forget the private part: whatever is still closed with it stays closed. A second call changes nothing."""
    ScopeKey.objects.filter(pk=key.pk, destroyed_at=None).update(
        wrapped_part=None, destroyed_at=now, updated_at=now
    )


def rewrap_keys(*, now: datetime) -> int:
    """Wrap every living key with the present sealing key, after it was changed (C-27).

    Returns:
        How many were wrapped anew. Each is its own transaction: a stop in the middle loses nothing.

    Raises:
        CannotUnseal: a key's old wrapping key is not among ``SEALING_KEY_FALLBACKS``.
    """
    present = engine.fingerprint(settings.SEALING_KEY)
    old = ScopeKey.objects.filter(destroyed_at=None).exclude(wrapped_by=present).order_by("pk")
    return sum(_rewrap(pk, now) for pk in list(old.values_list("pk", flat=True)))


def _rewrap(pk: int, now: datetime) -> int:
    with transaction.atomic():
        key = ScopeKey.objects.select_for_update().get(pk=pk)
        if key.wrapped_part is None:
            return 0
        _wrap(key, _unwrap(key))
        key.rotated_at = now
        key.save()
    return 1
