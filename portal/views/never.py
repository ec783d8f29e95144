"""Never with: find a colleague by exact name, put them on one's own list, take them off (decision 31)."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from participants.models import Person
from participants.services import ask_never_with, take_back_never_with
from portal import access
from portal.forms.never import NeverWithForm
from portal.selectors.never import never_page
from programmes.selectors import colleagues_called


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def never_with(request: HttpRequest, person: Person) -> HttpResponse:
    """The person's own list, and a search that only an exact name gets an answer from."""
    form = NeverWithForm(request.POST if request.method == "POST" else None)
    found = None
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="never_with", user=request.user):
            form.add_error("word", _("That was a lot of searching. Try again in an hour."))
        else:
            found = list(colleagues_called(person, form.cleaned_data["word"])[:10])
            chosen = next((one for one in found if str(one.pk) == request.POST.get("add")), None)
            if chosen is not None:
                return _add(request, person, chosen)
    status = 422 if form.errors else 200
    context = {"form": form, "page": never_page(person, found)}
    return render(request, "portal/never_with.html", context, status=status)


def _add(request: HttpRequest, person: Person, other: Person) -> HttpResponse:
    ask_never_with(person=person, other=other, now=timezone.now())
    messages.success(request, _("Done. You two will not be proposed to each other."))
    return redirect("portal:never-with")


@require_POST
@access.for_participant
def take_back(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Take somebody off one's own list."""
    take_back_never_with(row=access.own_wish_for(person, pk))
    messages.success(request, _("Taken off your list."))
    return redirect("portal:never-with")
