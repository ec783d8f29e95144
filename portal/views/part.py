"""One's own part in a cohort: pause, object, go on, leave. Each a button, at once, without a reason (S3.19)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import programmes.services as services
from common.errors import DomainError
from participants.models import Person
from portal import access
from portal.forms.part import PauseForm
from portal.selectors.part import part_page
from programmes.models import Enrolment


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def part(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """What one may do with one's part now, and what each of it means."""
    enrolment = access.enrolment_for(person, pk)
    action = request.POST.get("action", "")
    form = PauseForm(request.POST if action == "pause" else None)
    if request.method == "POST":
        try:
            said = _act(action, enrolment, person, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message) if form.is_bound else messages.error(request, str(refusal))
        else:
            if said:
                messages.success(request, said)
                return redirect("portal:part", pk)
    context = {"page": part_page(enrolment), "form": form}
    return render(request, "portal/part.html", context, status=422 if form.is_bound else 200)


def _act(action: str, enrolment: Enrolment, person: Person, form: PauseForm) -> str:
    """Do what the button says and return what to tell; "" where nothing was done."""
    now = timezone.now()
    if action == "pause" and form.is_valid():
        resume_on = form.cleaned_data["resume_on"]
        services.take_break(enrolment=enrolment, by=person, now=now, resume_on=resume_on)
        return _("You pause from now on. Nothing is sent to you, and your pair rests.")
    if action == "object":
        services.take_break(enrolment=enrolment, by=person, now=now, is_objection=True)
        return _("Noted. You are left out of matching, mail and every figure until you go on.")
    if action == "resume":
        services.end_break(enrolment=enrolment, by=person, now=now)
        return _("Welcome back. Everything goes on as it was.")
    if action == "return":
        services.allow_return(enrolment=enrolment, by=person, now=now)
        return _("Noted. A coordinator can take you back in now.")
    if action == "leave":
        services.leave(enrolment=enrolment, by=person, now=now)
        return _("You have left. Thank you for taking part; you are free at once.")
    return ""
