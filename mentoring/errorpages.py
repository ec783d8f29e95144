"""Pages for what went wrong; without detail, and the one for a crash without the database (C-26, D-14)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from common.policies import policy
from portal.context import QuietShell


@policy("public")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


@policy("public")
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same page whatever was asked for, and at next to no cost: its menu is not worked out."""
    return render(request, "404.html", {"shell": QuietShell(request)}, status=404)


@policy("public")
def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without request or context processors, so that it works with the database down."""
    return HttpResponse(loader.get_template("500.html").render({}), status=500)
