"""What a role asks for: read once, said with one button (S0.31)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import programmes.services as services
from participants.models import Person
from portal import access
from portal.selectors.briefs import brief_page


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def brief(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The expectations of one's own role in one cohort; the button says that they are read."""
    enrolment = access.briefed_enrolment_for(person, pk)
    if request.method == "POST":
        services.confirm_brief(enrolment=enrolment, by=person, now=timezone.now())
        messages.success(request, _("Thank you. That you have read it is noted with today’s date."))
        return redirect("portal:home")
    return render(request, "portal/brief.html", {"page": brief_page(enrolment)})
