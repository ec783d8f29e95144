"""A leader names, changes or dismisses the assistant who plans their dates (decision 26)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from participants.models import Delegation, Person
from participants.services import dismiss_delegate, name_delegate
from portal import access
from portal.forms.delegate import DelegateForm
from programmes.choices import Role
from programmes.models import Enrolment


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_participant
def delegate(request: HttpRequest, person: Person) -> HttpResponse:
    """One page: who it is now, and somebody else or nobody. For mentees alone."""
    if not Enrolment.objects.filter(person=person, role=Role.MENTEE).exists():
        raise Http404
    if request.method == "POST" and "nobody" in request.POST:
        dismiss_delegate(leader=person, by=person, now=timezone.now())
        messages.success(request, _("You plan your dates yourself again."))
        return redirect("portal:profile")
    current = Delegation.objects.filter(leader=person).first()
    initial = {"address": current.address, "first_name": current.first_name} if current else {}
    form = DelegateForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _name(person, form):
        messages.success(request, _("A mail tells your assistant how to log in."))
        return redirect("portal:profile")
    status = 422 if form.is_bound else 200
    return render(request, "portal/delegate.html", {"form": form, "current": current}, status=status)


def _name(person: Person, form: DelegateForm) -> bool:
    try:
        name_delegate(leader=person, by=person, now=timezone.now(), **form.cleaned_data)
    except DomainError as refusal:
        form.add_error("address" if refusal.code == "own_address" else None, refusal.message)
        return False
    return True
