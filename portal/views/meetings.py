"""Dates of a pair: plan, move, call off, say that it took place, take into one's own calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import meetings.services as services
from common.errors import DomainError
from meetings.models import Meeting
from meetings.selectors import calendar_file, free_slots
from pairings.models import Pairing
from participants.models import Person
from portal import access
from portal.forms.meetings import CancelForm, HeldForm, MeetingForm, PlanForm
from portal.views.date_forms import date_form, dates_of, instant, was_sent


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def plan(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Enter a date for the pair: both calendars get it at once."""
    pairing, now = access.pairing_for(person, pk), timezone.now()
    form = date_form(PlanForm, request, person, pairing, now)
    if was_sent(request, form, _plan, pairing, person, form, now):
        messages.success(request, _("It is in both calendars."))
        return redirect("portal:pair", pk=pairing.pk)
    return _page(request, "portal/meeting_plan.html", form, pairing, person, now)


@require_POST
@access.for_participant
def plan_slot(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """One of the suggested dates, taken with one click."""
    pairing, now = access.pairing_for(person, pk), timezone.now()
    starts_at = instant(request.POST.get("starts_at", ""))
    slot = next((s for s in free_slots(pairing, now=now) if s.starts_at == starts_at), None)
    if slot is None:
        messages.error(request, _("That moment is no longer free for both of you. Choose another one."))
        return redirect("portal:meeting-plan", pk=pairing.pk)
    try:
        services.plan_meeting(
            pairing=pairing, by=person, starts_at=slot.starts_at, ends_at=slot.ends_at, now=now
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:meeting-plan", pk=pairing.pk)
    messages.success(request, _("It is in both calendars."))
    return redirect("portal:pair", pk=pairing.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def move(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Another date for a planned meeting; both calendars follow."""
    meeting, now = access.meeting_for(person, pk), timezone.now()
    form = date_form(PlanForm, request, person, meeting.pairing, now, meeting=meeting)
    if was_sent(request, form, _move, meeting, person, form, now):
        messages.success(request, _("Moved, in both calendars."))
        return redirect("portal:pair", pk=meeting.pairing_id)
    return _page(request, "portal/meeting_move.html", form, meeting.pairing, person, now, meeting=meeting)


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def cancel(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Call a date off; the page offers to move it first."""
    meeting, now = access.meeting_for(person, pk), timezone.now()
    form = CancelForm(
        request.POST if request.method == "POST" else None, initial={"sequence": meeting.sequence}
    )
    if was_sent(request, form, _cancel, meeting, person, form, now):
        messages.success(request, _("Called off, in both calendars. A new date is one click away."))
        return redirect("portal:pair", pk=meeting.pairing_id)
    return _page(request, "portal/meeting_cancel.html", form, meeting.pairing, person, now, meeting=meeting)


@require_POST
@access.for_participant
def record(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Did it take place? Answering twice changes nothing."""
    meeting = access.meeting_for(person, pk)
    held = request.POST.get("held") == "yes"
    try:
        services.record_meeting(meeting=meeting, by=person, held=held, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Noted. This month’s lamp is lit.") if held else _("Noted. Choose a new date.")
        )
    target = "portal:pair" if held else "portal:meeting-plan"
    return redirect(target, pk=meeting.pairing_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def held(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Enter a conversation that took place without having been planned here."""
    pairing, now = access.pairing_for(person, pk), timezone.now()
    form = date_form(HeldForm, request, person, pairing, now)
    if was_sent(request, form, _held, pairing, person, form, now):
        messages.success(request, _("Noted. This month’s lamp is lit."))
        return redirect("portal:pair", pk=pairing.pk)
    return _page(request, "portal/meeting_held.html", form, pairing, person, now)


@require_safe
@access.for_participant
def calendar(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The meeting as a calendar file, without topics (A-28)."""
    meeting = access.meeting_for(person, pk)
    response = HttpResponse(calendar_file(meeting, person), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return response


def _plan(pairing: Pairing, person: Person, form: MeetingForm, now: datetime) -> None:
    services.plan_meeting(pairing=pairing, by=person, now=now, **dates_of(form))


def _move(meeting: Meeting, person: Person, form: MeetingForm, now: datetime) -> None:
    services.move_meeting(
        meeting=meeting, by=person, now=now, sequence=form.cleaned_data["sequence"], **dates_of(form)
    )


def _cancel(meeting: Meeting, person: Person, form: CancelForm, now: datetime) -> None:
    services.cancel_meeting(meeting=meeting, by=person, sequence=form.cleaned_data["sequence"], now=now)


def _held(pairing: Pairing, person: Person, form: MeetingForm, now: datetime) -> None:
    services.record_held(pairing=pairing, by=person, now=now, **dates_of(form))


def _page(
    request: HttpRequest,
    template: str,
    form: Any,
    pairing: Pairing,
    person: Person,
    now: datetime,
    meeting: Meeting | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "pairing": pairing,
        "partner": pairing.partner_of(person),
        "meeting": meeting,
        "slots": free_slots(pairing, now=now),
    }
    return render(request, template, context, status=422 if form.is_bound else 200)
