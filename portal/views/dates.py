"""A delegate's pages: the dates of the leaders they plan for (decisions 2, 26)."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import meetings.services as services
from meetings.models import Meeting
from meetings.selectors import free_slots, last_way
from pairings.models import Pairing
from participants.models import Person
from portal import access
from portal.forms.meetings import MeetingForm, PlanForm
from portal.selectors.dates import dates_page
from portal.views.date_forms import date_form, dates_of, was_sent


@require_safe
@access.for_delegate
def overview(request: HttpRequest, leaders: access.Leaders) -> HttpResponse:
    """All dates of all leaders, each in the leader's own time zone."""
    pages = dates_page(leaders, access.pairs_of_leaders(leaders), now=timezone.now())
    return render(request, "portal/dates.html", {"leaders": pages})


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_delegate
def plan(request: HttpRequest, leaders: access.Leaders, pk: int) -> HttpResponse:
    """Enter a date for a leader; it is as if they had entered it themselves."""
    pairing, now = access.pairing_of_leader(leaders, pk), timezone.now()
    leader = leaders[pairing.mentee.person_id]
    with timezone.override(leader.time_zone):
        form = date_form(PlanForm, request, leader, pairing, now, way=last_way)
        if was_sent(request, form, _plan, pairing, leader, form, now):
            messages.success(request, _("It is in both calendars."))
            return redirect("portal:dates")
        return _page(request, form, leader, pairing, now)


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_delegate
def move(request: HttpRequest, leaders: access.Leaders, pk: int) -> HttpResponse:
    """Another moment for a planned date. Calling one off is for the two themselves."""
    meeting, now = access.meeting_of_leader(leaders, pk), timezone.now()
    leader = leaders[meeting.pairing.mentee.person_id]
    with timezone.override(leader.time_zone):
        form = date_form(PlanForm, request, leader, meeting.pairing, now, meeting=meeting)
        if was_sent(request, form, _move, meeting, leader, form, now):
            messages.success(request, _("Moved, in both calendars."))
            return redirect("portal:dates")
        return _page(request, form, leader, meeting.pairing, now, meeting)


def _plan(pairing: Pairing, leader: Person, form: MeetingForm, now: datetime) -> None:
    services.plan_meeting(pairing=pairing, by=leader, now=now, **dates_of(form))


def _move(meeting: Meeting, leader: Person, form: MeetingForm, now: datetime) -> None:
    sequence = form.cleaned_data["sequence"]
    services.move_meeting(meeting=meeting, by=leader, now=now, sequence=sequence, **dates_of(form))


def _page(
    request: HttpRequest,
    form: MeetingForm,
    leader: Person,
    pairing: Pairing,
    now: datetime,
    meeting: Meeting | None = None,
) -> HttpResponse:
    context = {"form": form, "leader": leader, "meeting": meeting, "slots": free_slots(pairing, now=now)}
    return render(request, "portal/dates_form.html", context, status=422 if form.is_bound else 200)
