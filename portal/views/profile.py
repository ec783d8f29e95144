"""The person's own settings, and what the programme keeps about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Stale
from participants.models import Person
from participants.services import update_preferences
from portal import access
from portal.forms.profile import ProfileForm
from portal.selectors.profile import profile_page
from portal.selectors.register import what_we_keep
from portal.selectors.rights import openings_of


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_person
def profile(request: HttpRequest, person: Person) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            update_preferences(person=person, **form.cleaned_data)
        except Stale as stale:
            form.add_error(None, stale.message)
        else:
            translation.activate(form.cleaned_data["language"])
            messages.success(request, _("Your profile is saved."))
            return redirect("portal:profile")
    status = 422 if form.is_bound else 200
    page = profile_page(person)
    return render(request, "portal/profile.html", {"form": form, "page": page}, status=status)


@require_safe
@access.for_person
def kept(request: HttpRequest, person: Person) -> HttpResponse:
    """The privacy register in plain words, field by field, and who has opened one's record (B-11)."""
    context = {"parts": what_we_keep(), "openings": openings_of(person)}
    return render(request, "portal/kept.html", context)
