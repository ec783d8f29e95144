"""What the audit log keeps of changes that are written by sets, past the signals that usually feed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType

from participants.models import Person

_BATCH: Final = 500
#: Kept beside a person's row, so that the register of fields does not know them.
_BESIDE: Final = frozenset({"dotted", "groups"})


def log_changes(
    changed: Iterable[tuple[Person, Mapping[str, tuple[Any, Any]]]], *, by: Person | None
) -> None:
    """Write one entry a person for the fields that the audit log follows (decision 21).

    Args:
        changed: people with their changes, field → (old, new).
        by: the acting person; None for the command line.
    """
    if not auditlog.contains(Person):
        return
    followed = _BESIDE | set(auditlog.get_model_fields(Person)["include_fields"])
    content_type = ContentType.objects.get_for_model(Person)
    actor = getattr(by, "user", None)
    entries = [
        _entry(
            person, {name: pair for name, pair in changes.items() if name in followed}, content_type, actor
        )
        for person, changes in changed
    ]
    LogEntry.objects.bulk_create([entry for entry in entries if entry.changes], batch_size=_BATCH)


def _entry(
    person: Person, changes: Mapping[str, tuple[Any, Any]], content_type: ContentType, actor: Any
) -> LogEntry:
    return LogEntry(
        content_type=content_type,
        object_pk=str(person.pk),
        object_id=person.pk,
        object_repr=str(person),
        action=LogEntry.Action.UPDATE,
        changes={name: [_text(old), _text(new)] for name, (old, new) in changes.items()},
        actor=actor,
    )


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
