"""What every form with a date shares: how it is filled beforehand, and how it is sent to a service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from common.errors import DomainError
from meetings.models import Meeting
from meetings.selectors import usual_way
from pairings.models import Pairing
from participants.models import Person
from portal.forms.meetings import MeetingForm


def date_form(
    kind: type[MeetingForm],
    request: HttpRequest,
    person: Person,
    pairing: Pairing,
    now: datetime,
    meeting: Meeting | None = None,
    way: Callable[[Pairing], tuple[str, str]] = usual_way,
) -> MeetingForm:
    """The form as it was sent, else filled with the date to be moved, or with what is usual for the pair.

    Args:
        way: how and where a new date is proposed to be; ``last_way`` for who may not see what the two agreed.
    """
    if meeting is not None:
        initial = initial_of(meeting)
    else:
        initial = {} if request.method == "POST" else _proposed(request, way(pairing))
    return kind(
        request.POST if request.method == "POST" else None,
        person=person,
        now=now,
        default_minutes=initial.pop("minutes", pairing.meeting_minutes),
        initial=initial,
    )


def _proposed(request: HttpRequest, way: tuple[str, str]) -> dict[str, Any]:
    return {**suggested(request), "format": way[0], "place": way[1]}


def suggested(request: HttpRequest) -> dict[str, Any]:
    """A moment that a mail suggested, filled in and still to be confirmed (C-14)."""
    starts_at = instant(request.GET.get("starts_at", ""))
    if starts_at is None:
        return {}
    local = timezone.localtime(starts_at)
    return {"day": local.date(), "at": local.time()}


def initial_of(meeting: Meeting) -> dict[str, Any]:
    local = timezone.localtime(meeting.starts_at)
    return {
        "day": local.date(),
        "at": local.time(),
        "minutes": int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        "format": meeting.format,
        "place": meeting.place,
        "sequence": meeting.sequence,
    }


def was_sent(request: HttpRequest, form: Any, act: Any, *args: Any) -> bool:
    """Send a good form to its service; what that refuses stands on the form and nothing typed is lost."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(*args)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def dates_of(form: MeetingForm) -> dict[str, Any]:
    names = ("starts_at", "ends_at", "format", "place")
    return {name: form.cleaned_data[name] for name in names}


def instant(text: str) -> datetime | None:
    try:
        value = parse_datetime(text)
    except ValueError:
        return None
    return value if value is not None and value.tzinfo is not None else None
