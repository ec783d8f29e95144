"""What holds for every page: its language, that it is not stored, what a late refusal leads to, and the second factor
of staff."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from common.errors import DomainError, NotAllowed
from mentoring.access import is_staff_member
from mentoring.errorpages import not_found
from mentoring.sso.adapter import has_provider_factor

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The person's own language; for strangers the cookie, then the browser's wish. Times likewise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = getattr(request.user, "person", None)
        language = person.language if person else translation.get_language_from_request(request)
        with (
            translation.override(language),
            timezone.override(person.time_zone if person else settings.TIME_ZONE),
        ):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
        response.headers.setdefault("Content-Language", language)
        return response


class PrivatePagesMiddleware:
    """Pages of somebody logged in are never stored by browser or proxy (C-10)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class RefusalMiddleware:
    """What a service refuses though the page had let it through, because somebody else was quicker.

    Pages show the refusals they expect where they belong; this holds for all others, so that nobody meets the page
    for a crash. What one may not do is answered like what does not exist (C-01).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return not_found(request, exception)
        if not isinstance(exception, DomainError) or request.method != "POST":
            return None  # to read a page changes nothing that could be refused
        messages.error(request, exception.message)
        return redirect(self._came_from(request))

    def _came_from(self, request: HttpRequest) -> str:
        """Back to the page with the button, only ever on this site (C-17)."""
        before = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(
            before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return before if is_ours else reverse("portal:home")


class SecondFactorMiddleware:
    """Coordinators and operators set up a second factor before anything else (C-08, decision 29)."""

    #: Where somebody without one may still go: setting it up, and out.
    OPEN_PREFIXES = ("/accounts/", "/static/", "/healthz", "/readyz", "/statusz", "/settings/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_set_up(request):
            messages.info(request, _("Coordinators log in with a second factor. Set it up once, here."))
            return redirect(reverse("mfa_index"))
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        return (
            settings.SECOND_FACTOR_FOR_STAFF
            and request.user.is_authenticated
            and not request.path.startswith(self.OPEN_PREFIXES)
            and is_staff_member(request.user)
            and not is_mfa_enabled(request.user)
            and not has_provider_factor(request, request.user)
        )
