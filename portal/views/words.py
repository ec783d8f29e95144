"""A mentor's own words: let one proposed mentee read them, take that back, read them (S2.20, decision 32)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from matching.models import Proposal
from matching.selectors import words_card
from matching.services import read_words, release_words, take_back_words
from participants.models import Person
from portal import access


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def words(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The mentor's page; a mentee opens the words from the proposal, by a button and never by a link (C-14)."""
    proposal = access.proposal_for(person, pk)
    back = redirect(f"{reverse('portal:proposal', args=[pk])}#words")
    card = words_card(proposal, person)
    if request.method == "POST":
        try:
            said = _act(request.POST.get("action", ""), proposal, person)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            if said:
                messages.success(request, said)
        return redirect("portal:proposal-words", pk) if card.is_mentor else back
    if not card.is_mentor:
        return back
    context = {"proposal": proposal, "card": card, "partner": proposal.partner_of(person)}
    return render(request, "portal/words.html", context)


def _act(action: str, proposal: Proposal, person: Person) -> str:
    """Do what the button says and return what to tell; "" where nothing need be said."""
    now, other = timezone.now(), {"name": proposal.partner_of(person).first_name}
    if action == "release":
        release_words(proposal=proposal, by=person, now=now)
        return _("%(name)s may read your words now. No mail tells of it.") % other
    if action == "take_back":
        take_back_words(proposal=proposal, by=person, now=now)
        return _("Taken back. %(name)s is not shown your words any more.") % other
    if action == "read":
        read_words(proposal=proposal, by=person, now=now)
    return ""
