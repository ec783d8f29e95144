"""The first page: the one next thing, what waits, and the pair's year."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.policies import policy
from participants.models import Delegation
from portal import access
from portal.selectors.home import home_page


@policy("person")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A participant's own page; coordinators and delegates who take no part go to theirs, a stranger to log in."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.user.person_id is None:
        plans_dates = Delegation.objects.of_user(request.user).exists()
        return redirect("portal:dates" if plans_dates else "admin:index")
    person, standing = access.current_person(request), access.standing(request)
    if not standing.enrolments and standing.is_coordinator:
        return redirect("admin:index")
    if not standing.enrolments and standing.plans_dates:
        return redirect("portal:dates")
    page = home_page(person, standing, now=timezone.now())
    return render(request, "portal/home.html", {"page": page})
