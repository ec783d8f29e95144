"""Language and theme, for strangers and for people logged in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from common.policies import policy
from participants.choices import Language
from participants.models import Person
from portal.context import THEMES

YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To where the person came from, only ever on this site (C-17)."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else reverse("portal:home"))


@policy("public")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the person, and in a cookie for the log-in page."""
    response = _back(request)
    language = request.POST.get("language", "")
    if language in Language.values:
        person = getattr(request.user, "person", None)
        if person is not None:
            Person.objects.filter(pk=person.pk).update(language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return response


@policy("public")
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says; portal and desk read the same cookie."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
