"""Mails of a few made-up kinds, and a way to end the lease of a worker that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from outbox.models import Message
from outbox.querysets import DatabaseClock
from outbox.services import (
    Recipient,
    outdated,
    programme_lines,
    programme_name,
    queue,
    still_valid,
    was_accepted,
)

NOW = datetime(2027, 2, 1, 8, tzinfo=UTC)
ANNA = Recipient(7, "anna@example.com", "Anna", "en", "Europe/Amsterdam")


@pytest.fixture(autouse=True)
def texts(settings: Any) -> None:
    """Templates of the kinds that these tests send."""
    engine = settings.TEMPLATES[0]
    folders = [Path(__file__).parent / "templates", *engine["DIRS"]]
    settings.TEMPLATES = [{**engine, "DIRS": folders}]
    settings.INSTALLATION_NAME = "Second Light"
    settings.SITE_URL = "https://mentoring.example"
    settings.DEFAULT_FROM_EMAIL = "mentoring@example.com"


@pytest.fixture
def fill() -> Iterator[Any]:
    """Fill a hook for the time of one test, as if nobody else had."""
    before: list[tuple[Any, dict[str, Any]]] = []

    def fill(hook: Any, function: Any) -> None:
        before.append((hook, dict(hook.fillers)))
        hook.fillers.clear()
        hook.fill("tests", function)

    yield fill
    for hook, fillers in reversed(before):
        hook.fillers.clear()
        hook.fillers.update(fillers)


@pytest.fixture(autouse=True)
def nobody_objects(fill: Any) -> None:
    """What the made-up mails are about exists in no package."""
    fill(programme_lines, lambda **_: ("", ""))
    answers = ((outdated, ()), (still_valid, True), (programme_name, ""), (was_accepted, None))
    for hook, answer in answers:
        fill(hook, lambda answer=answer, **_: answer)


def write(name: str = "1", *, address: str = "", **more: Any) -> Message:
    """Queue one mail to somebody of its own."""
    to = Recipient(
        7, address or f"person{name}@example.com", more.pop("first_name", "Anna"), "en", "Europe/Amsterdam"
    )
    kind = more.pop("kind", "monthly_meeting")
    values: dict[str, Any] = {"to": to, "context": {"month": "February"}, "now": NOW, "programme_id": 1}
    message = queue(kind=kind, key=f"{kind}:{name}:3:7", **{**values, **more})
    assert message is not None
    return message


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason


def end_lease(message: Message) -> None:
    """Time passes, and the worker that held the mail has not come back."""
    ended = Message.objects.filter(pk=message.pk, lease_token__isnull=False)
    assert ended.update(lease_until=DatabaseClock() - timedelta(seconds=1)) == 1
