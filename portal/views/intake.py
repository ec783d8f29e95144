"""The intake in five steps: each keeps what was typed, also on the way back; the last sends it (S2.4, S3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from participants.models import Person
from portal import access
from portal.forms.intake import FORMS, StepForm
from portal.forms.intake_page import checked_form, intake_page, step_form
from portal.selectors.intake import Known
from programmes.models import Enrolment
from programmes.services import change_intake, keep_draft, send_intake

_NUMBERS = [str(number) for number in range(1, len(FORMS) + 1)]


@require_safe
@access.for_participant
def resume(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Go on where one stopped, on whatever device."""
    known = Known(access.own_enrolment(request, pk))
    if known.is_sent:
        return redirect("portal:profile")
    return redirect("portal:intake-step", pk=pk, step=known.intake.reached if known.intake else 1)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def step(request: HttpRequest, person: Person, pk: int, step: int) -> HttpResponse:
    """One step: a draft until it is sent, afterwards a page of one's profile."""
    known = Known(access.own_enrolment(request, pk))
    if not 1 <= step <= len(FORMS):
        raise Http404
    if known.is_sent:
        return _change(request, known, step)
    if request.method == "POST":
        return _keep(request, known, step)
    is_checked = "check" in request.GET and step in known.draft
    form = checked_form(known, step) if is_checked else step_form(known, step)
    return _page(request, form, known, step)


def _keep(request: HttpRequest, known: Known, step: int) -> HttpResponse:
    """Keep what was typed first; only then look whether it is right."""
    enrolment = known.enrolment
    form = FORMS[step - 1](request.POST, known=known)
    typed = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
    try:
        keep_draft(enrolment=enrolment, step=step, typed=typed, by=enrolment.person)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:home")
    if "later" in request.POST:
        messages.success(request, _("Kept. Go on whenever you like, on any device."))
        return redirect("portal:home")
    if "back" in request.POST and step > 1:
        return redirect("portal:intake-step", pk=enrolment.pk, step=step - 1)
    if request.POST.get("to", "") in _NUMBERS:
        return redirect("portal:intake-step", pk=enrolment.pk, step=int(request.POST["to"]))
    if not form.is_valid():
        return _page(request, form, Known(enrolment), step)
    if step < len(FORMS):
        return redirect("portal:intake-step", pk=enrolment.pk, step=step + 1)
    return _send(request, Known(enrolment))


def _send(request: HttpRequest, known: Known) -> HttpResponse:
    """Check all five; go to the first that is not right, with its errors shown."""
    enrolment = known.enrolment
    values: dict[int, Mapping[str, Any]] = {}
    for number in range(1, len(FORMS) + 1):
        form = checked_form(known, number)
        if not form.is_valid():
            return _back_to(request, enrolment, number, _("This step is not complete yet."))
        values[number] = form.values()
    try:
        send_intake(enrolment=enrolment, values=values, by=enrolment.person, now=timezone.now())
    except DomainError as refusal:
        return _back_to(request, enrolment, refusal.params.get("step", len(FORMS)), str(refusal))
    messages.success(request, _("Thank you, your intake is in. You can change all of it in your profile."))
    return redirect("portal:home")


def _back_to(request: HttpRequest, enrolment: Enrolment, step: int, why: str) -> HttpResponse:
    messages.error(request, why)
    target = redirect("portal:intake-step", pk=enrolment.pk, step=step)
    target["Location"] += "?check=1"
    return target


def _change(request: HttpRequest, known: Known, step: int) -> HttpResponse:
    form = step_form(known, step)
    if request.method == "POST":
        form = FORMS[step - 1](request.POST, known=known)
        if form.is_valid() and _changed(form, known.enrolment, step):
            messages.success(request, _("Your profile is saved."))
            return redirect("portal:profile")
    return _page(request, form, known, step)


def _changed(form: StepForm, enrolment: Enrolment, step: int) -> bool:
    try:
        change_intake(
            enrolment=enrolment, step=step, values=form.values(), by=enrolment.person, now=timezone.now()
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _page(request: HttpRequest, form: StepForm, known: Known, step: int) -> HttpResponse:
    context = {"form": form, "page": intake_page(known, step)}
    return render(request, form.template, context, status=422 if form.errors else 200)
