"""The way in: an invitation's link shows a page with a button; only the button makes a log-in (C-14 to C-16)."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.policies import policy
from programmes.selectors import invitation
from programmes.services import accept_invitation

SESSION_KEY = "invitation_token"


def private(response: HttpResponse) -> HttpResponse:
    """A page behind a link from a mail: kept by nobody, found by no search engine (C-16)."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def at_token(response: HttpResponse) -> HttpResponse:
    """The answer of an address that holds a token: the address travels nowhere (C-15).

    A form on such a page sends no origin either, so it must be one that needs none.
    """
    response.headers["Referrer-Policy"] = "no-referrer"
    return private(response)


@policy("link")
@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address at once: it moves to the session and changes nothing."""
    request.session[SESSION_KEY] = token
    return at_token(redirect("portal:invitation"))


@policy("link")
@require_http_methods(["GET", "HEAD", "POST"])
def show_invitation(request: HttpRequest) -> HttpResponse:
    """What the person is invited to, and the one button that accepts."""
    token = request.session.get(SESSION_KEY, "")
    now = timezone.now()
    offer = invitation(token=token, now=now) if token else None
    if request.method == "POST" and offer is not None:
        return _accept(request, token)
    status = 200 if offer is not None else 410
    return private(render(request, "portal/invitation.html", {"offer": offer}, status=status))


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    try:
        user = accept_invitation(token=token, now=timezone.now())
    except DomainError as refusal:
        page = render(request, "portal/invitation.html", {"offer": None, "refusal": refusal}, status=410)
        return private(page)
    del request.session[SESSION_KEY]
    # as every log-in: with the second factor of whoever has one, and with single sign-on where that is the only way
    return private(
        perform_login(request, user, email_verification="mandatory", redirect_url=reverse("portal:home"))
    )
