"""An open call: its page, the sign-up, and the way in from its mail (S0.48, decision 29, C-14 to C-16)."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import programmes.services as services
from common.errors import DomainError
from common.policies import policy
from participants.models import Person
from portal import access
from portal.forms.calls import NominationForm, OwnViewForm, SignUpForm
from portal.selectors.calls import CallPage, call_page
from portal.views import call_door
from portal.views.invitation import at_token, private
from programmes.choices import Criterion
from programmes.selectors import call_view, sponsor_letter

SESSION_KEY = "call_token"


@policy("person")
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a call; where it lets colleagues in by their work address, a stranger is led to that door."""
    if not request.user.is_authenticated and call_door.call_with_door(pk) is not None:
        return redirect("portal:call-door", pk)
    return read(request, pk)


@access.for_person
def read(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """What it is about, what each role gains and gives, who sees what; and the sign-up."""
    found = access.call_for(pk)
    view = call_view(found, person, now=timezone.now())
    form = SignUpForm(request.POST if request.method == "POST" else None, view=view)
    if request.method == "POST" and form.is_valid():
        try:
            services.sign_up(call=found, person=person, role=form.cleaned_data["role"], now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("You have signed up. Thank you for coming forward."))
            return redirect("portal:call", pk)
    return _page(request, call_page(view), form, 422 if form.is_bound else 200)


def _page(request: HttpRequest, page: CallPage, form: SignUpForm, status: int) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "form": form}
    cohort, reader = page.call.cohort, access.current_person(request)
    if cohort.programme.signed_by:
        context["letter"] = sponsor_letter(cohort, reader.language, name=reader.first_name)
    if page.asks_own_view and page.enrolment is not None:
        context["own_view"] = OwnViewForm(assessment=getattr(page.enrolment, "assessment", None))
    return render(request, "portal/call.html", context, status=status)


@require_POST
@access.for_person
def take_back(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Take one's application back; nothing of it stays."""
    found = access.call_for(pk)
    enrolment = access.enrolment_in(person, found)
    try:
        services.take_back(enrolment=enrolment, by=person, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your application is taken back. Nothing of it is kept."))
    return redirect("portal:call", pk)


@require_POST
@access.for_person
def own_view(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """A candidate's own view of the three criteria, if they like."""
    enrolment = access.enrolment_in(person, access.call_for(pk))
    form = OwnViewForm(request.POST, assessment=None)
    try:
        services.describe_self(
            enrolment=enrolment, ratings=form.cleaned_data if form.is_valid() else {}, by=person
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your own view is saved."))
    return redirect("portal:call", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_person
def nominate(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Name a colleague. The answer is the same whoever it is, and nothing is ever told of it again."""
    found = access.call_for(pk)
    form = NominationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        ratings = {name: given[name] for name in Criterion.values if given[name]}
        try:
            services.nominate(
                call=found, address=given["address"], role=given["role"], words=given["words"], ratings=ratings,
                by=person, now=timezone.now(),
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error("address" if refusal.code in ("address", "oneself") else None, refusal.message)
        else:
            thanks = _("Thank you. If this is a colleague’s address, a mail asks whether they would like to.")
            messages.success(request, thanks)
            return redirect("portal:call-nominate", pk)
    view = call_view(found, person, now=timezone.now())
    context = {"form": form, "call": found, "is_open": view.state == "open"}
    return render(request, "portal/call_nominate.html", context, status=422 if form.errors else 200)


@policy("link")
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address at once: it moves to the session and changes nothing."""
    request.session[SESSION_KEY] = token
    return at_token(redirect("portal:call-landing"))


@policy("link")
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest) -> HttpResponse:
    """What the call is about, and the one button that lets its recipient in."""
    token = request.session.get(SESSION_KEY, "")
    found = services.call_behind(token=token, now=timezone.now()) if token else None
    if request.method == "POST" and found is not None:
        return _come_in(request, token)
    if found is None:
        return private(render(request, "portal/call_landing.html", {"page": None}, status=410))
    page = call_page(call_view(found, None, now=timezone.now()))
    return private(render(request, "portal/call_landing.html", {"page": page}))


def _come_in(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found, user = services.come_in(token=token, now=timezone.now())
    except DomainError:
        return private(render(request, "portal/call_landing.html", {"page": None}, status=410))
    del request.session[SESSION_KEY]
    target = reverse("portal:call", args=[found.pk])
    if user is None:
        return private(redirect(f"{reverse('account_request_login_code')}?{urlencode({'next': target})}"))
    return private(perform_login(request, user, email_verification="mandatory", redirect_url=target))
