"""The coordinators' site: stock admin, entered by role, with the desk as its first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin
from mentoring.access import is_staff_member

#: The side menu: groups of (model, label, icon). A model that has no page here is left out.
MENU: list[tuple[str | Promise, list[tuple[str, str | Promise, str]]]] = [
    (
        _("Programme"),
        [
            ("programmes.Programme", _("Programmes"), "flag"),
            ("programmes.Cohort", _("Cohorts"), "calendar"),
            ("matching.MatchingRun", _("Matching"), "match"),
            ("pairings.Pairing", _("Pairs"), "pair"),
            ("pairings.Hold", _("Pairs to look at"), "shield"),
            ("meetings.Meeting", _("Meetings"), "clock"),
        ],
    ),
    (
        _("People"),
        [
            ("programmes.OpenCall", _("Open calls"), "mail"),
            ("programmes.TopicCall", _("Ask for topics"), "talk"),
            ("programmes.Enrolment", _("Participants"), "people"),
            ("participants.Person", _("Roster"), "person"),
            ("participants.ImportFile", _("Imports"), "down"),
            ("participants.ImportLog", _("Import log"), "book"),
            ("participants.Barrier", _("Barriers"), "shield"),
            ("participants.BarrierGroup", _("Barrier groups"), "people"),
            ("programmes.ContactRequest", _("Contact requests"), "talk"),
            ("participants.ErasureRequest", _("Requests to be erased"), "lock"),
        ],
    ),
    (_("Evaluation"), [("evaluations.Round", _("Rounds and results"), "bars")]),
    (
        _("System"),
        [
            ("outbox.Message", _("Mail"), "mail"),
            ("operations.Job", _("Long work"), "gear"),
            ("programmes.Coordinator", _("Coordinators"), "key"),
            ("programmes.NamedContact", _("Named contacts"), "shield"),
            ("programmes.Sponsor", _("Sponsors"), "flag"),
            ("programmes.SponsorTask", _("Tasks of the sponsor"), "tick"),
            ("programmes.CouncilMember", _("Works council"), "eye"),
            ("programmes.Topic", _("Topics"), "book"),
            ("programmes.TopicSuggestion", _("Suggested topics"), "talk"),
        ],
    ),
]


@dataclass(frozen=True)
class DeskEntry:
    """One line of the side menu."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class DeskGroup:
    """Lines of the side menu under one heading."""

    label: str
    entries: list[DeskEntry]


class DeskSite(AdminSite):
    """Who may enter is a role, never a flag on the log-in; its log-in page is the portal's own (C-04, C-08)."""

    site_header = site_title = _("Coordinator’s desk")
    index_title = _("Desk")
    index_template = "admin/desk.html"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only lists that are scoped: the pages that other packages bring along have no place here (C-05)."""
        if admin_class is not None and issubclass(admin_class, ScopedModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """By role, asked anew on each request and once in it (C-04)."""
        if not hasattr(request, "_may_enter_desk"):
            request._may_enter_desk = is_staff_member(request.user)  # type: ignore[attr-defined]
        return bool(request._may_enter_desk)  # type: ignore[attr-defined]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """allauth's log-in page, with its rate limits and second factor; a participant goes to the portal."""
        if request.user.is_authenticated:
            return redirect("portal:home")
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_request_login_code')}?{query}")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The desk: the week of one cohort, process data only."""
        from mentoring.desk import desk

        now = timezone.now()
        page = desk(request.user, chosen=request.GET.get("cohort", ""), now=now)
        return super().index(request, {"desk": page, "now": now, "is_index": True, **(extra_context or {})})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["desk_nav"] = self._menu(request) if context["has_permission"] else []
        return context

    def _menu(self, request: HttpRequest) -> list[DeskGroup]:
        home = reverse("admin:index", current_app=self.name)
        desk = DeskEntry(str(_("Desk")), home, "home", current=request.path == home)
        groups = [DeskGroup("", [desk])]
        for label, lines in MENU:
            entries = [self._entry(request, *line) for line in lines if self._has_page(line[0])]
            if entries:
                groups.append(DeskGroup(str(label), entries))
        return groups

    def _has_page(self, model: str) -> bool:
        return apps.get_model(model) in self._registry if self._exists(model) else False

    @staticmethod
    def _exists(model: str) -> bool:
        app, name = model.split(".")
        return name.lower() in apps.all_models[app]

    def _entry(self, request: HttpRequest, model: str, label: str | Promise, icon: str) -> DeskEntry:
        app, name = model.lower().split(".")
        url = reverse(f"admin:{app}_{name}_changelist", current_app=self.name)
        return DeskEntry(str(label), url, icon, current=request.path.startswith(url))
