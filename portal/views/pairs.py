"""The page of a pair, and ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pairings.services import end_pairing
from participants.models import Person
from portal import access
from portal.selectors.pairs import pair_page


@require_safe
@access.for_participant
def pair(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    pairing = access.pairing_for_page(person, pk)
    people = access.standing(request).people_of(pairing.cohort.programme_id)
    page = pair_page(pairing, person, people, now=timezone.now())
    return render(request, "portal/pair.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def end(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Either may end at any time without a reason; the same words reach the other whatever the cause."""
    pairing = access.pairing_for(person, pk)
    if request.method == "POST":
        end_pairing(pairing=pairing, by=person, now=timezone.now())
        messages.success(request, _("This pair has ended. You are free at once; thank you for taking part."))
        return redirect("portal:home")
    return render(
        request, "portal/pair_end.html", {"pairing": pairing, "partner": pairing.partner_of(person)}
    )
