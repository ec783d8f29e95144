"""The door of an open call: a work address, a code, and somebody is in (decision 29, C-07).

Whether anybody is known by an address is looked up only once it is proven, so neither words nor mails nor the time it
takes can tell. What was proven stays in the session, for ten minutes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import programmes.services as services
from common.errors import Conflict, DomainError
from common.policies import policy
from portal.forms.call_door import AddressForm, CodeForm, NameForm
from portal.views.invitation import private
from programmes.models import OpenCall
from programmes.services.arrivals import CODE_LASTS

SESSION_KEY: Final = "call_door"
TRIES: Final = 3


def call_with_door(pk: int) -> OpenCall | None:
    """A call that lets colleagues in by their work address at this moment."""
    found = OpenCall.objects.published().select_related("cohort__programme").filter(pk=pk).first()
    return found if found is not None and services.allowed_domains(found, timezone.now()) else None


def _page(request: HttpRequest, step: str, call: OpenCall, form: Any, **more: Any) -> HttpResponse:
    context = {"step": step, "call": call, "form": form, **more}
    return private(render(request, "portal/call_door.html", context, status=422 if form.errors else 200))


def _shut(request: HttpRequest) -> HttpResponse:
    return private(render(request, "portal/call_door.html", {"step": "shut"}, status=410))


def _is_too_fast(request: HttpRequest, action: str, key: str) -> bool:
    limits = settings.OPEN_CALL_RATE_LIMITS
    return not ratelimit.consume(request, app="portal.door", action=action, config=limits, key=key)


@policy("entrance")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a code to a work address. Known or not: the same page, the same mail."""
    if request.user.is_authenticated:
        return redirect("portal:call", pk)
    call = call_with_door(pk)
    if call is None:
        return _shut(request)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        address = form.cleaned_data["email"].strip().lower()
        if _is_too_fast(request, "ask", address):
            return ratelimit.respond_429(request)
        try:
            _send(request, call, address)
        except DomainError as refusal:
            form.add_error("email", refusal.message)
        else:
            return redirect("portal:call-door-code", pk)
    return _page(request, "ask", call, form)


def _send(request: HttpRequest, call: OpenCall, address: str) -> None:
    now, code = timezone.now(), get_adapter().generate_login_code()
    language = (get_language() or "en")[:2]
    plain = services.ask_at_door(call=call, address=address, code=code, language=language, now=now)
    request.session[SESSION_KEY] = {
        "call": call.pk,
        "address": plain,
        "digest": _digest(code),
        "until": (now + CODE_LASTS).isoformat(),
        "tries": 0,
    }


def _digest(code: str) -> str:
    letters = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac("portal.call_door", letters, algorithm="sha256").hexdigest()


def _waiting(request: HttpRequest, call: OpenCall) -> dict[str, Any] | None:
    """What this browser asked for, as long as it holds."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["call"] != call.pk or datetime.fromisoformat(kept["until"]) <= timezone.now():
        return None
    found: dict[str, Any] = kept
    return found


@policy("entrance")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """The code from the mail, in the browser that asked for it; three tries."""
    call = call_with_door(pk)
    if call is None:
        return _shut(request)
    kept = _waiting(request, call)
    if kept is None:
        return redirect("portal:call-door", pk)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if _is_too_fast(request, "prove", kept["address"]):
            return ratelimit.respond_429(request)
        if constant_time_compare(_digest(form.cleaned_data["code"]), kept["digest"]) and not kept.get(
            "proven"
        ):
            return _let_in(request, call, kept)
        kept["tries"] += 1
        if kept["tries"] >= TRIES:
            del request.session[SESSION_KEY]
            return _page(request, "ask", call, AddressForm(), used_up=True)
        request.session[SESSION_KEY] = kept
        form.add_error("code", _("This is not the code. Look at the newest mail."))
    return _page(request, "prove", call, form, address=kept["address"])


def _let_in(request: HttpRequest, call: OpenCall, kept: dict[str, Any]) -> HttpResponse:
    try:
        arrival = services.arrive(call=call, address=kept["address"], now=timezone.now())
    except DomainError as refusal:
        del request.session[SESSION_KEY]
        return private(
            render(request, "portal/call_door.html", {"step": "shut", "refusal": refusal}, status=410)
        )
    if arrival.is_new:
        request.session[SESSION_KEY] = {**kept, "proven": True}
        return redirect("portal:call-door-name", call.pk)
    del request.session[SESSION_KEY]
    target = reverse("portal:call", args=[call.pk])
    if arrival.known is not None:
        answer: HttpResponse = perform_login(
            request, arrival.known, redirect_url=target, email=kept["address"]
        )
        return private(answer)
    return _logged_in(request, arrival.user, target)


def _logged_in(request: HttpRequest, user: Any, target: str) -> HttpResponse:
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return private(redirect(target))


@policy("entrance")
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """What a colleague is called whom no roster has brought yet; then they are in, and nothing else."""
    call = call_with_door(pk)
    if call is None:
        return _shut(request)
    kept = _waiting(request, call)
    if kept is None or not kept.get("proven"):
        return redirect("portal:call-door", pk)
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            user = services.register(
                call=call,
                address=kept["address"],
                language=(get_language() or "en")[:2],
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Conflict:
            return redirect("account_request_login_code")
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            del request.session[SESSION_KEY]
            return _logged_in(request, user, reverse("portal:call", args=[call.pk]))
    return _page(request, "name", call, form)
