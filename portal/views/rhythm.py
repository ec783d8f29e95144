"""How often, how long and how a pair meets: one suggests, the other agrees (S3.8)."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from pairings.models import Pairing, Rhythm
from pairings.services import agree_to_rhythm, decline_rhythm, suggest_rhythm, take_back_rhythm
from participants.models import Person
from portal import access
from portal.forms.rhythm import RhythmForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def rhythm(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """What the two have, what one of them suggests, and a form to suggest something else."""
    pairing = access.pairing_for_rhythm(person, pk)
    act = request.POST.get("act", "")
    if act in ("decline", "take_back"):
        return _left(request, person, pairing, declines=act == "decline")
    form = RhythmForm(request.POST if request.method == "POST" else None, pairing=pairing)
    if form.is_bound and form.is_valid() and _done(request, form, person, pairing, agrees=act == "agree"):
        return redirect("portal:pair", pk=pk)
    proposal = getattr(pairing, "rhythm_proposal", None)
    context = {
        "form": form,
        "pairing": pairing,
        "partner": pairing.partner_of(person),
        "proposal": proposal,
        "way": getattr(pairing, "usual_way", None),
        "suggested": list(asdict(proposal.rhythm).items()) if proposal else [],
        "is_mine": proposal is not None and proposal.side == pairing.role_of(person),
    }
    return render(request, "portal/pair_rhythm.html", context, status=422 if form.is_bound else 200)


def _left(request: HttpRequest, person: Person, pairing: Pairing, *, declines: bool) -> HttpResponse:
    """Say no to the partner's suggestion, or take one's own back. A cohort may not offer it any more: no form."""
    try:
        if declines:
            decline_rhythm(pairing=pairing, by=person, rhythm=_seen(request), now=timezone.now())
        else:
            take_back_rhythm(pairing=pairing, by=person)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("portal:pair-rhythm", pk=pairing.pk)
    name = pairing.partner_of(person).first_name
    words = _("It stays as it is. %(name)s gets a short mail, without a reason.") % {"name": name}
    messages.success(request, words if declines else _("It stays as it is."))
    return redirect("portal:pair", pk=pairing.pk)


def _seen(request: HttpRequest) -> Rhythm:
    """The suggestion as it was on the page, whatever was done to it on the way."""
    given = {name: request.POST.get(name, "") for name in ("cadence", "mode", "place")}
    minutes = request.POST.get("minutes", "")
    return Rhythm(minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 0, **given)


def _done(request: HttpRequest, form: RhythmForm, person: Person, pairing: Pairing, *, agrees: bool) -> bool:
    """Suggest or agree; what is refused stands on the form, and nothing chosen is lost."""
    act = agree_to_rhythm if agrees else suggest_rhythm
    try:
        waiting = act(pairing=pairing, by=person, rhythm=form.rhythm, now=timezone.now())
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    name = pairing.partner_of(person).first_name
    if agrees or waiting is None:
        messages.success(request, _("You have agreed. Your reminders follow from the next period on."))
    else:
        messages.success(request, _("%(name)s gets a mail and can agree.") % {"name": name})
    return True
