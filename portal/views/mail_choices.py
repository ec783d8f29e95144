"""Which optional mail one gets: on a page of one's own, or by the button of a mail program (RFC 8058)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common.policies import policy
from outbox.choices import ON_WISH, Choosable
from outbox.selectors import refusals, wishes
from outbox.services import LinkGone, behind_way_out, choose_mail, stop_by_link
from participants.models import Person
from portal import access
from portal.forms.mail_choices import MailChoiceForm
from portal.views.invitation import at_token


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_person
def mail_choices(request: HttpRequest, person: Person) -> HttpResponse:
    """One's own choice; what has to be known is sent whatever one chooses."""
    offered = _offered(request)
    refused = {choice for _person, choice in refusals([person.pk])}
    wished = {choice for _person, choice in wishes([person.pk])}
    form = MailChoiceForm(
        request.POST if request.method == "POST" else None,
        offered=offered,
        initial={
            "wanted": [one for one in offered if (one in wished if one in ON_WISH else one not in refused)]
        },
    )
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data["wanted"]
        choose_mail(person_id=person.pk, wanted=wanted, offered=offered, now=timezone.now())
        messages.success(request, _("Your choice holds from now on."))
        return redirect("portal:mail-choices")
    return render(request, "portal/mail_choices.html", {"form": form}, status=422 if form.is_bound else 200)


def _offered(request: HttpRequest) -> list[str]:
    """What somebody could get at all: the week of a coordinator goes to coordinators."""
    coordinates = access.standing(request).is_coordinator
    return [one for one in Choosable.values if one != Choosable.DIGEST or coordinates]


# A mail program posts without cookie or token of ours; the link itself is the proof, and all it can do is stop mail.
@csrf_exempt
@policy("link")
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mail of one kind. A POST does it and answers 200 itself, as mail programs ask; GET shows the button."""
    now = timezone.now()
    found = behind_way_out(token=token, now=now)
    if found is None:
        return _answer(request, {}, 410)
    person = Person.objects.filter(pk=found[0].person_id or 0).first()
    with translation.override(person.language if person else translation.get_language()):
        if request.method != "POST":
            return _answer(request, {"choice": found[1]}, 200)
        try:
            choice = stop_by_link(token=token, now=now)
        except LinkGone:
            return _answer(request, {}, 410)
        return _answer(request, {"choice": choice, "done": True}, 200)


def _answer(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    return at_token(render(request, "portal/mail_stop.html", context, status=status))
