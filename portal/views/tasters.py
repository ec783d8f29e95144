"""After a taster: go on, or leave it at that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from matching.selectors.tasters import undecided
from matching.services import go_on_after_taster, leave_after_taster
from pairings.models import Pairing
from participants.models import Person
from portal import access


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def taster(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Two answers; neither is shown to the other, and a no needs no reason (S3.37)."""
    pairing = access.pairing_for(person, pk)
    if request.method == "POST":
        return _decide(request, pairing, person)
    if pairing not in undecided([pairing], person.pk):
        return redirect("portal:pair", pk=pairing.pk)
    return render(request, "portal/taster.html", {"pairing": pairing, "partner": pairing.partner_of(person)})


def _decide(request: HttpRequest, pairing: Pairing, person: Person) -> HttpResponse:
    now = timezone.now()
    try:
        if request.POST.get("answer") == "leave":
            leave_after_taster(pairing=pairing, by=person, now=now)
            messages.success(
                request, _("Thank you for trying. You are free at once, and we look for somebody else.")
            )
            return redirect("portal:home")
        if request.POST.get("answer") != "go_on":
            raise DomainError(_("Choose one of the two answers."))
        if go_on_after_taster(pairing=pairing, by=person, now=now):
            messages.success(request, _("You both want to go on. From now on you are a pair."))
        else:
            messages.success(
                request, _("Your answer is in. Until your partner has decided too, nothing changes.")
            )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("portal:pair", pk=pairing.pk)
