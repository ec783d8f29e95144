"""Naming a topic: from the link of a mail without a log-in, or logged in; one sentence is enough (S4.9, C-14)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import programmes.services as services
from common.errors import DomainError
from common.policies import policy
from participants.models import Person
from portal import access
from portal.forms.topics import NameTopicForm
from portal.views.invitation import at_token, private
from programmes.models import TopicCall
from programmes.selectors import named_by, topic_call_state

SESSION_KEY: Final = "topic_call_token"
#: Where a refusal of the service stands in the form.
_FIELDS: Final = {"topic": "topic", "there": "own_words", "name": "own_words", "sentence": "sentence"}


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_person
def call(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Logged in: name topics, see what one named, take it back."""
    found = access.topic_call_for(person, pk)
    return _answered(request, found, person, is_link=False) or redirect("portal:topic-call", pk)


@policy("link")
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address at once: it moves to the session and changes nothing."""
    request.session[SESSION_KEY] = token
    return at_token(redirect("portal:topic-call-landing"))


@policy("link")
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest) -> HttpResponse:
    """The same for whoever holds the link: no log-in, and nothing is shown that was named before (C-16)."""
    token = request.session.get(SESSION_KEY, "")
    found = services.topic_call_behind(token=token, now=timezone.now()) if token else None
    if found is None:
        return private(render(request, "portal/topic_call.html", {"call": None}, status=410))
    answer = _answered(request, *found, is_link=True)
    return private(answer or redirect("portal:topic-call-landing"))


def _answered(
    request: HttpRequest, found: TopicCall, person: Person, *, is_link: bool
) -> HttpResponse | None:
    """The page, or None when something was done and the page is to be loaded anew."""
    now = timezone.now()
    sent = request.method == "POST" and "name" in request.POST
    form = NameTopicForm(request.POST if sent else None, programme_id=found.programme_id)
    if sent:
        if form.is_valid() and _named(request, form, found, person, now):
            return None
    elif request.method == "POST":
        _acted(request, found, person, now)
        return None
    context = {
        "call": found,
        "form": form,
        "is_open": topic_call_state(found, now) == "open",
        "named": named_by(found.programme_id, person, takes_part=is_link or _takes_part(request)),
        "is_link": is_link,
    }
    return render(request, "portal/topic_call.html", context, status=422 if form.errors else 200)


def _takes_part(request: HttpRequest) -> bool:
    return bool(access.standing(request).enrolments)


def _named(request: HttpRequest, form: NameTopicForm, call: TopicCall, person: Person, now: datetime) -> bool:
    given: dict[str, Any] = form.cleaned_data
    try:
        services.name_topic(
            call=call, person=person, code=given["topic"], own_words=given["own_words"],
            sentence=given["sentence"], now=now,
        )  # fmt: skip
    except DomainError as refusal:
        form.add_error(_FIELDS.get(refusal.code), refusal.message)
        return False
    messages.success(request, _("Thank you. Your topic is noted; you may name another one."))
    return True


def _acted(request: HttpRequest, call: TopicCall, person: Person, now: datetime) -> None:
    """Take something back, or say that there is nothing to name."""
    drop = request.POST.get("drop", "")
    try:
        if drop.isdecimal():
            services.take_back_topics(call=call, person=person, ids=[int(drop)])
            messages.success(request, _("It is taken back. Nothing of it is kept."))
        elif "drop_all" in request.POST:
            services.take_back_topics(call=call, person=person)
            messages.success(request, _("It is taken back. Nothing of it is kept."))
        elif "none" in request.POST:
            services.pass_on_topics(call=call, person=person, now=now)
            messages.success(request, _("That is fine. No reminder comes, and nobody is told."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
