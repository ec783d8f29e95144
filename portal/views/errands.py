"""What a reminder lets its reader do without logging in: a page with a button; only the button acts (C-14 to C-16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

import meetings.services as services
from common.errors import DomainError
from common.policies import policy
from meetings.choices import LINK_HELP, LINK_LOG, LINK_MOVE, LINK_PLAN
from meetings.selectors import free_slots
from meetings.services import Errand
from portal.forms.meetings import MeetingForm, PlanForm
from portal.views.date_forms import date_form, dates_of, was_sent
from portal.views.invitation import at_token, private

SESSION_KEY = "errand"
DONE_KEY = "errand_done"


@policy("link")
@require_safe
def open_errand(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """Take the token out of the address at once: it moves to the session and changes nothing."""
    request.session[SESSION_KEY] = [purpose, token]
    request.session.pop(DONE_KEY, None)
    wish = request.GET.get("starts_at", "")
    address = reverse("portal:errand") + (f"?{urlencode({'starts_at': wish})}" if wish else "")
    return at_token(redirect(address))


@policy("link")
@require_http_methods(["GET", "HEAD", "POST"])
def errand(request: HttpRequest) -> HttpResponse:
    """The page behind a reminder's link, in its reader's language and time."""
    purpose, token = request.session.get(SESSION_KEY, ("", ""))
    now = timezone.now()
    found = services.errand_behind(token=token, purpose=purpose, now=now) if token else None
    if found is None:
        done = request.session.get(DONE_KEY, "")
        return private(_render(request, {"done": done}, 200 if done and request.method != "POST" else 410))
    with translation.override(found.person.language), timezone.override(found.person.time_zone):
        return private(_page(request, found, token, now))


def _page(request: HttpRequest, found: Errand, token: str, now: datetime) -> HttpResponse:
    form = _form(request, found, now)
    context: dict[str, Any] = {"errand": found, "form": form}
    if request.method == "POST":
        answer = _act(request, found, token, form, now)
        if not isinstance(answer, str):
            return answer
        context["refusal"] = answer
    if found.purpose == LINK_PLAN:
        context["slots"] = free_slots(found.pairing, now=now)
    if found.purpose == LINK_HELP:
        context["listener"] = services.listener_for(found)
    return _render(request, context, 422 if request.method == "POST" else 200)


def _form(request: HttpRequest, found: Errand, now: datetime) -> MeetingForm | None:
    if found.purpose not in (LINK_PLAN, LINK_MOVE):
        return None
    return date_form(PlanForm, request, found.person, found.pairing, now, meeting=found.meeting)


def _act(
    request: HttpRequest, found: Errand, token: str, form: MeetingForm | None, now: datetime
) -> HttpResponse | str:
    """Do it and say so on a page of its own; what was refused comes back in words, and nothing typed is lost."""
    if form is not None:
        done = was_sent(request, form, _WITH_DATE[found.purpose], token, form, now)
        return _finish(request, found.purpose) if done else ""
    held = request.POST.get("held") == "yes"
    try:
        if found.purpose == LINK_LOG:
            services.record_by_link(token=token, held=held, now=now)
        else:
            services.ask_by_link(token=token, now=now)
    except DomainError as refusal:
        return str(refusal.message)
    return _finish(request, found.purpose if found.purpose == LINK_HELP or held else "missed")


def _plan(token: str, form: MeetingForm, now: datetime) -> None:
    services.plan_by_link(token=token, now=now, **dates_of(form))


def _move(token: str, form: MeetingForm, now: datetime) -> None:
    services.move_by_link(token=token, now=now, sequence=form.cleaned_data["sequence"], **dates_of(form))


_WITH_DATE: dict[str, Callable[[str, MeetingForm, datetime], None]] = {LINK_PLAN: _plan, LINK_MOVE: _move}


def _finish(request: HttpRequest, done: str) -> HttpResponse:
    request.session[DONE_KEY] = done
    return redirect("portal:errand")


def _render(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "portal/errand.html", context, status=status)
