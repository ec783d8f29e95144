"""Answering a round, the thank-you page, and published results."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError, NotAllowed
from evaluations.choices import RoundState
from evaluations.models import Round
from evaluations.selectors import questionnaire, results_for_participants
from evaluations.services import submit_answers
from participants.models import Person
from portal import access
from portal.forms.evaluations import EvaluationForm


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def answer(request: HttpRequest, person: Person, pk: int, part: int = 1) -> HttpResponse:
    """The questions of one part. Sending is final; a second click says thank you all the same (A-22)."""
    found = access.round_for(person, pk)
    if found.state != RoundState.OPEN or timezone.now() >= found.closes_at:
        return render(request, "portal/evaluation_closed.html", {"round": found}, status=410)
    try:
        questions = questionnaire(found, person, part, get_language() or "en")
    except LookupError:
        raise Http404 from None
    form = EvaluationForm(request.POST if request.method == "POST" else None, questionnaire=questions)
    if request.method == "POST" and form.is_valid() and _submit(form, found, person, part):
        return redirect("portal:evaluation-thanks", pk=found.pk)
    page = {"form": form, "questionnaire": questions, "round": found}
    return render(request, "portal/evaluation.html", page, status=422 if form.is_bound else 200)


def _submit(form: EvaluationForm, found: Round, person: Person, part: int) -> bool:
    try:
        submit_answers(round=found, person=person, answers=form.answers(), now=timezone.now(), part=part)
    except NotAllowed:
        raise Http404 from None
    except DomainError as refusal:
        for name, messages in refusal.params.get("fields", {}).items():
            form.add_error(name if name in form.fields else None, messages)
        form.add_error(None, refusal.message)
        return False
    return True


@require_safe
@access.for_participant
def thanks(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """A page of its own, the same for everybody; it leads to "would you like to be contacted?" (decision 24)."""
    return render(request, "portal/evaluation_thanks.html", {"round": access.round_for(person, pk)})


@require_safe
@access.for_participant
def results(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Group figures, frozen at publication. Parameters change nothing (A-04)."""
    try:
        page = results_for_participants(access.round_for(person, pk))
    except LookupError:
        raise Http404 from None
    return render(request, "portal/evaluation_results.html", {"page": page})
