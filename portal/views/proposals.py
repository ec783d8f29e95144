"""A proposal and the person's answer to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from matching.models import Proposal
from matching.selectors import proposal_page, words_card
from matching.services import answer_proposal
from participants.models import Person
from portal import access
from portal.forms.proposals import AnswerForm


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def proposal(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Who, why, who sees what, and three answers; changeable until both have answered."""
    found = access.proposal_for(person, pk)
    staff = access.standing(request).people_of(found.cohort.programme_id).coordinators
    page = proposal_page(found, person, now=timezone.now(), staff=staff)
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial={"answer": page.own_answer or None}
    )
    if request.method == "POST" and form.is_valid():
        return _answer(request, found, person, form.cleaned_data["answer"])
    status = 422 if form.is_bound else 200
    context = {"page": page, "form": form, "words": words_card(found, person)}
    return render(request, "portal/proposal.html", context, status=status)


def _answer(request: HttpRequest, proposal: Proposal, person: Person, answer: str) -> HttpResponse:
    try:
        outcome = answer_proposal(proposal=proposal, by=person, answer=answer, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:proposal", pk=proposal.pk)
    if outcome.pairing is not None:
        messages.success(request, _("You both said yes. This is your pair’s page."))
        return redirect("portal:pair", pk=outcome.pairing.pk)
    messages.success(request, _("Your answer is in. You can change it until both have answered."))
    return redirect("portal:home")
