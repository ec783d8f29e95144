"""A pair's goals and its mentoring agreement: for the two alone (S0.9, S0.32, decision 34)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError, NotAllowed
from pairings.models import PairGoal, Pairing
from pairings.selectors import Goal, goal_of, pact_of
from pairings.services import accept_agreement, add_goal, change_goal, remove_goal, set_steps
from participants.models import Person
from portal import access
from portal.forms.pact import PairGoalForm
from portal.selectors.pact import agreement_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def agreement(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Read the agreement and say yes to it; the words that were on the page are the ones accepted."""
    pairing = access.pairing_with_key(person, pk)
    if request.method == "POST":
        return _accept(request, pairing, person)
    page = agreement_page(pact_of(pairing), person, language=get_language() or "en")
    return render(request, "portal/agreement.html", {"page": page})


def _accept(request: HttpRequest, pairing: Pairing, person: Person) -> HttpResponse:
    digest = request.POST.get("digest", "")
    try:
        accept_agreement(pairing=pairing, by=person, digest=digest, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You have accepted the agreement."))
    return redirect("portal:pair-agreement", pk=pairing.pk)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def add(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Set a goal for oneself."""
    pairing = access.pairing_for(person, pk)
    form = PairGoalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        if _try(form, lambda: add_goal(pairing=pairing, by=person, **values)):
            messages.success(request, _("Your goal is kept."))
            return _to_goals(pk)
    return _form(request, form, pairing.partner_of(person), pk)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def change(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Change a goal of one's own; what another window saved meanwhile is shown and nothing typed is lost."""
    row = access.own_goal_for(person, pk)
    goal = goal_of(row)
    form = PairGoalForm(request.POST if request.method == "POST" else None, initial=_initial(goal))
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        if _try(form, lambda: change_goal(goal=row, by=person, **values)):
            messages.success(request, _("Your goal is kept."))
            return _to_goals(row.pairing_id)
    stored = goal if "version" in form.errors or form.non_field_errors() else None
    return _form(request, form, row.pairing.partner_of(person), row.pairing_id, goal=row, stored=stored)


@require_POST
@access.for_participant
def steps(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Tick a step, or take it back; the button names the number, so that a double click is one step."""
    row = access.own_goal_for(person, pk)
    done = request.POST.get("done", "")
    try:
        set_steps(goal=row, by=person, done=int(done) if done.isdecimal() else -1)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return _to_goals(row.pairing_id)


@require_POST
@access.for_participant
def remove(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Take a goal of one's own away."""
    row = access.own_goal_for(person, pk)
    remove_goal(goal=row, by=person)
    messages.success(request, _("Your goal is taken away."))
    return _to_goals(row.pairing_id)


def _try(form: PairGoalForm, act: Any) -> bool:
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        if "current" in refusal.params:  # the next save starts from what stands now
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = refusal.params["current"]  # type: ignore[index]
        return False
    return True


def _initial(goal: Goal) -> dict[str, Any]:
    row = goal.row
    return {
        "text": goal.text,
        "measure": goal.measure,
        "kind": row.kind,
        "outcome": row.outcome,
        "steps_total": row.steps_total,
        "due_on": row.due_on,
        "version": row.version,
    }


def _form(
    request: HttpRequest,
    form: PairGoalForm,
    partner: Person,
    pairing_pk: int,
    goal: PairGoal | None = None,
    stored: Goal | None = None,
) -> HttpResponse:
    context = {"form": form, "partner": partner, "pairing_pk": pairing_pk, "goal": goal, "stored": stored}
    return render(request, "portal/pair_goal.html", context, status=422 if form.is_bound else 200)


def _to_goals(pairing_pk: int) -> HttpResponse:
    return redirect(f"{reverse('portal:pair', args=[pairing_pk])}#goals")
