"""A topic that is missing: suggested by anybody who takes part, answered by a coordinator (S4.3)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from participants.models import Person
from portal import access
from portal.forms.topics import SuggestionForm
from portal.selectors.topics import suggestions_of
from programmes.services import suggest_topic


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def suggest(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """One line, and what became of the earlier ones."""
    enrolment = access.enrolment_for(person, pk)
    form = SuggestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            suggest_topic(programme=enrolment.cohort.programme, person=person, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("Thank you. A coordinator looks at it; the answer will stand here."))
            return redirect("portal:topic-suggest", pk=enrolment.pk)
    context = {"form": form, "enrolment": enrolment, "suggestions": suggestions_of(person, enrolment)}
    return render(request, "portal/topic_suggest.html", context, status=422 if form.errors else 200)
