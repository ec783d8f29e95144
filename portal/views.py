"""Pages of the portal."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.policies import policy


@policy("person")
@login_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")
