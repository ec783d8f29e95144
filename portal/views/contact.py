"""Talk to someone: ask to be contacted, take it back, and the named contact's list (decisions 3, 24)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import programmes.services as services
from participants.models import Person
from portal import access
from portal.forms.contact import ContactForm
from portal.selectors.contact import contact_page, requests_to


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def talk(request: HttpRequest, person: Person) -> HttpResponse:
    """Whom one may turn to, by name, and what one has already asked."""
    page = contact_page(person, access.standing(request))
    form = ContactForm(request.POST if request.method == "POST" else None, page=page)
    if request.method == "POST" and form.is_valid():
        services.request_contact(
            programme=form.cleaned_data["programme"],
            person=person,
            target=form.cleaned_data["target"],
            now=timezone.now(),
        )
        messages.success(request, _("Your request is in. You can take it back at any time."))
        return redirect("portal:talk")
    status = 422 if form.is_bound else 200
    return render(request, "portal/talk.html", {"page": page, "form": form}, status=status)


@require_POST
@access.for_participant
def withdraw(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Take a request back; the list it stood on forgets it."""
    services.withdraw_contact_request(
        contact_request=access.own_request_for(person, pk), by=person, now=timezone.now()
    )
    messages.success(request, _("Your request is withdrawn."))
    return redirect("portal:talk")


@require_safe
@access.for_person
def inbox(request: HttpRequest, person: Person) -> HttpResponse:
    """For a named contact: who would like to hear from them. Nobody else has this page."""
    if not access.standing(request).is_contact:
        raise Http404
    return render(request, "portal/contact_requests.html", {"requests": requests_to(person)})


@require_POST
@access.for_person
def close(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    services.close_contact_request(
        contact_request=access.request_to_contact_for(person, pk), by=person, now=timezone.now()
    )
    messages.success(request, _("Marked as done."))
    return redirect("portal:contact-requests")
