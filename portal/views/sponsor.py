"""The sponsor's page: why, where each cohort stands, what came out, and what they have promised to do (S3.42)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluations.selectors import results_for_participants
from participants.models import Person
from portal import access
from portal.selectors.staff import sponsor_page
from programmes.services import tick_sponsor_task


@require_safe
@access.for_sponsor
def page(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Counts and published results; no name but the sponsor's own."""
    programme = access.sponsored_programme_for(person, pk)
    shown = sponsor_page(programme, today=timezone.localdate())
    return render(request, "portal/sponsor.html", {"page": shown})


@require_POST
@access.for_sponsor
def tick(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """A task is done, or not yet after all."""
    task = access.sponsor_task_for(person, pk)
    done = request.POST.get("done") == "yes"
    tick_sponsor_task(task=task, done=done, by=person, now=timezone.now())
    messages.success(request, _("Done, thank you.") if done else _("The task is open again."))
    return redirect("portal:sponsor", task.programme_id)


@require_safe
@access.for_sponsor
def results(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Published figures of groups, as everybody in the cohort reads them: no comments, no one person."""
    try:
        shown = results_for_participants(access.results_for_sponsor(person, pk))
    except LookupError:
        raise Http404 from None
    return render(request, "portal/evaluation_results.html", {"page": shown})
