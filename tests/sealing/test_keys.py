"""Keys are wrapped outside the database's reach, change their wrapping, and are gone once destroyed."""

import secrets
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from sealing import engine, selectors, services
from sealing.choices import ScopeKind
from sealing.models import ScopeKey
from sealing.services import CannotUnseal

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@given(text=st.binary(max_size=64), context=st.binary(max_size=20))
def test_a_box_opens_to_what_went_in_whatever_it_ends_with(text: bytes, context: bytes) -> None:
    public, private = engine.new_box()
    box = engine.close_to(public, text, context, length=64)
    assert engine.open_box(private, box, context) == text
    assert text == b"" or len(text) < 4 or text not in box


def test_boxes_of_one_length_are_all_of_one_size_and_never_alike() -> None:
    public, _ = engine.new_box()
    boxes = {engine.close_to(public, text, b"c", length=40) for text in (b"", b"1", b"1", b"x" * 40)}
    assert len(boxes) == 4
    assert len({len(box) for box in boxes}) == 1
    with pytest.raises(ValueError, match="41 bytes"):
        engine.close_to(public, b"x" * 41, b"c", length=40)


@pytest.mark.parametrize("spoil", ["key", "context", "bytes", "short"])
def test_a_box_does_not_open_with_another_key_context_or_a_changed_byte(spoil: str) -> None:
    public, private = engine.new_box()
    box = engine.close_to(public, b"4", b"round:1", length=8)
    if spoil == "bytes":
        box = box[:-1] + bytes([box[-1] ^ 1])
    if spoil == "short":
        box = box[:20]
    if spoil == "key":
        private = engine.new_box()[1]
    with pytest.raises(engine.CannotOpen):
        engine.open_box(private, box, b"round:2" if spoil == "context" else b"round:1")


@pytest.mark.django_db
@pytest.mark.covers("A-18")
def test_the_private_part_lies_in_the_database_only_wrapped() -> None:
    key = services.create_box(scope_kind=ScopeKind.ROUND, scope_id=7)
    closed = services.box_closer(key=key)(b"5", 32)
    key = services.key_of(scope_kind=ScopeKind.ROUND, scope_id=7)
    assert services.opener(key=key)(closed) == b"5"
    with pytest.raises(engine.CannotOpen):
        engine.open_box(bytes(key.wrapped_part)[:32], closed, key.context)


@pytest.mark.django_db
def test_a_key_moved_to_another_scope_does_not_open() -> None:
    key = services.create_box(scope_kind=ScopeKind.ROUND, scope_id=7)
    ScopeKey.objects.filter(pk=key.pk).update(scope_id=8)
    with pytest.raises(CannotUnseal):
        services.opener(key=services.key_of(scope_kind=ScopeKind.ROUND, scope_id=8))


@pytest.mark.django_db
def test_one_scope_has_one_key() -> None:
    services.create_box(scope_kind=ScopeKind.ROUND, scope_id=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.create_secret(scope_kind=ScopeKind.ROUND, scope_id=7)
    with pytest.raises(CannotUnseal):
        services.key_of(scope_kind=ScopeKind.PAIR, scope_id=7)


@pytest.mark.django_db
def test_a_pairs_key_closes_and_opens_and_a_box_refuses_to() -> None:
    key = services.create_secret(scope_kind=ScopeKind.PAIR, scope_id=3)
    closed = services.close_with(key=key, text="Wir müssen reden.".encode())
    assert services.opener(key=key)(closed).decode() == "Wir müssen reden."
    with pytest.raises(CannotUnseal):
        services.opener(key=key)(closed[:-1])
    with pytest.raises(CannotUnseal):
        services.box_closer(key=key)
    with pytest.raises(CannotUnseal):
        services.close_with(key=services.create_box(scope_kind=ScopeKind.ROUND, scope_id=3), text=b"no")


@pytest.mark.django_db
def test_a_destroyed_key_opens_nothing_and_closes_nothing() -> None:
    key = services.create_box(scope_kind=ScopeKind.ROUND, scope_id=7)
    closed = services.box_closer(key=key)(b"5", 32)
    services.destroy_key(key=key, now=NOW)
    services.destroy_key(key=key, now=datetime(2027, 1, 1, tzinfo=UTC))
    key.refresh_from_db()
    assert (key.wrapped_part, key.destroyed_at) == (None, NOW)
    with pytest.raises(CannotUnseal):
        services.opener(key=key)(closed)
    with pytest.raises(CannotUnseal):
        services.box_closer(key=key)


@pytest.mark.django_db
def test_a_new_sealing_key_takes_over_by_way_of_the_fallbacks(settings) -> None:
    old = settings.SEALING_KEY
    keys = [services.create_box(scope_kind=ScopeKind.ROUND, scope_id=n) for n in (1, 2, 3)]
    services.destroy_key(key=keys[2], now=NOW)
    closed = services.box_closer(key=keys[0])(b"4", 32)

    settings.SEALING_KEY = secrets.token_bytes(32)
    assert selectors.unreadable_keys() == 2
    with pytest.raises(CommandError):
        call_command("rewrap_keys")

    settings.SEALING_KEY_FALLBACKS = [old]
    assert selectors.unreadable_keys() == 0
    assert services.rewrap_keys(now=NOW) == 2
    assert services.rewrap_keys(now=NOW) == 0

    settings.SEALING_KEY_FALLBACKS = []
    keys[0].refresh_from_db()
    assert keys[0].rotated_at == NOW
    assert keys[0].wrapped_by == selectors.sealing_key_fingerprint()
    assert services.opener(key=keys[0])(closed) == b"4"


@pytest.mark.django_db
def test_the_database_refuses_a_destroyed_key_that_is_still_there() -> None:
    key = services.create_box(scope_kind=ScopeKind.ROUND, scope_id=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScopeKey.objects.filter(pk=key.pk).update(destroyed_at=NOW)
