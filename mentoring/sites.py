"""The coordinators' site: stock admin, entered by role, with the desk as its first page."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from mentoring.access import is_staff_member


class DeskSite(AdminSite):
    """Who may enter is a role, never a flag on the log-in; its log-in page is the portal's own (C-04, C-08)."""

    site_header = site_title = _("Coordinator’s desk")
    index_title = _("Desk")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return is_staff_member(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """allauth's log-in page, with its rate limits and second factor; a participant goes to the portal."""
        if request.user.is_authenticated:
            return redirect("portal:home")
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_request_login_code')}?{query}")
