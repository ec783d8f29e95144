"""One's own data: a copy to read and to keep, and the wish to be erased (B-06, B-07)."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from participants.models import Person
from participants.services import ask_for_copy, ask_for_erasure, withdraw_erasure
from portal import access
from portal.selectors.rights import copy_of, erasure_page

#: While a worker puts the copy together the page looks again by itself.
LOOK_AGAIN = "2"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_person
@reauthentication_required
def copy(request: HttpRequest, person: Person) -> HttpResponse:
    """The copy as a page; a button that asks for one."""
    if request.method == "POST":
        ask_for_copy(person=person, now=timezone.now())
        return redirect("portal:copy")
    found = copy_of(person, now=timezone.now())
    response = render(request, "portal/copy.html", {"copy": found})
    if found is not None and found.made_at is None:
        response["Refresh"] = LOOK_AGAIN
    return response


@never_cache
@require_safe
@access.for_person
@reauthentication_required
def copy_file(request: HttpRequest, person: Person) -> HttpResponse:
    """The same as JSON, to keep or to take elsewhere."""
    found = copy_of(person, now=timezone.now())
    if found is None or found.made_at is None:
        raise Http404
    response = JsonResponse(
        {"made_at": found.made_at.isoformat(), **found.content},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_person
def erasure(request: HttpRequest, person: Person) -> HttpResponse:
    """What would go and what would stay, and the wish itself; it can be taken back until somebody carries it out."""
    page = erasure_page(person)
    if request.method == "POST":
        try:
            if request.POST.get("action") == "ask":
                ask_for_erasure(person=person, now=timezone.now())
                messages.success(request, _("Noted. A coordinator carries it out within a month."))
            elif request.POST.get("action") == "withdraw" and page.request is not None:
                withdraw_erasure(request=page.request, by=person)
                messages.success(request, _("Taken back. Everything stays as it is."))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("portal:erasure")
    return render(request, "portal/erasure.html", {"page": page})
