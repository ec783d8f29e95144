"""What logs lose when somebody is erased: who they were, never that something was done (B-07)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from participants.models import Person
from participants.services import Traces

#: What stands where a name stood.
GONE = "–"


def forget_in_logs(*, person: Person, traces: Traces, now: datetime) -> None:
    """Fills ``participants.person_erased``: entries about their rows keep what was done, and neither whom nor what."""
    about = Q()
    for label, keys in traces.rows.items():
        kind = ContentType.objects.get_for_model(apps.get_model(label))
        about |= Q(content_type=kind, object_pk__in=[str(key) for key in keys])
    LogEntry.objects.filter(about).update(
        object_repr="", changes={}, changes_text="", serialized_data=None, additional_data=None
    )
    if traces.user_id is not None:
        mine = LogEntry.objects.filter(actor_id=traces.user_id)
        mine.update(actor=None, actor_email=None, remote_addr=None, remote_port=None)
    _strike_out(traces.names)
    AdminEntry.objects.filter(_named("object_repr", traces.names)).update(object_repr=GONE)


def _strike_out(names: Iterable[str]) -> None:
    """Take the names out of entries about other people's rows that mention them, such as a pair or a manager."""
    names = list(names)
    entries = LogEntry.objects.annotate(_changes=Cast("changes", TextField()))
    for entry in entries.filter(_named("object_repr", names) | _named("_changes", names)).iterator():
        changes = json.dumps(entry.changes, ensure_ascii=False)
        LogEntry.objects.filter(pk=entry.pk).update(
            object_repr=_without(entry.object_repr, names), changes=json.loads(_without(changes, names))
        )


def _named(column: str, names: Iterable[str]) -> Q:
    found: Any = Q(pk__in=[])
    for name in names:
        found |= Q(**{f"{column}__contains": name})
    return found


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = text.replace(name, GONE)
    return text
