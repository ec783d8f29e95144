"""The list of rounds, and a page for each step of a round's life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin
from common.errors import DomainError
from common.policies import policy
from evaluations import selectors, services
from evaluations.admin.forms import LaunchForm, PublishForm, RoundForm
from evaluations.choices import RoundState
from evaluations.engine.disclosure import role_cut
from evaluations.engine.instruments import ROLES
from evaluations.models import Round
from evaluations.selectors.answering import in_language
from operations.admin import JobPage, describe_job
from operations.models import Job
from programmes.choices import Role

TAGS = {"draft": "", "open": "lit", "closed": "info", "published": "ok"}


@admin.register(Round)
class RoundAdmin(ScopedModelAdmin):
    """Rounds of the coordinator's cohorts. What was answered is nowhere here, nor who has (A-11, A-20)."""

    form = RoundForm
    fields = ("cohort", "kind", "closes_on")
    list_display = ("page_link", "cohort", "state_tag", "closes_at", "participation")
    list_display_links = None
    list_filter = ("state", "kind", "cohort")
    list_select_related = ("cohort__programme",)

    # --- the list and the draft's form --------------------------------------------------------------------

    @admin.display(description=_("round"), ordering="kind")
    def page_link(self, round: Round) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:evaluations_round_page", args=[round.pk]), round.title
        )

    @admin.display(description=_("state"), ordering="state")
    def state_tag(self, round: Round) -> str:
        look = format_html(" tag-{}", TAGS[round.state]) if TAGS[round.state] else ""
        return format_html('<span class="tag{}">{}</span>', look, round.get_state_display())

    @admin.display(description=_("have answered"))
    def participation(self, round: Round) -> str:
        """A coarse band while the round is open; nothing else, for anybody (A-11)."""
        band = selectors.participation_band(round)
        return str(band.label) if band else ""

    def get_form(
        self, request: HttpRequest, obj: Round | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "cohort" in form.base_fields:
            widget = form.base_fields["cohort"].widget
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Round | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(("cohort", "kind") if obj else ())]

    def get_fields(self, request: HttpRequest, obj: Round | None = None) -> tuple[str, ...]:
        is_form = obj is None or self.has_change_permission(request, obj)
        return self.fields if is_form else ("cohort", "kind", "closes_at")

    def has_change_permission(self, request: HttpRequest, obj: Round | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == RoundState.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: Round | None = None) -> bool:
        """A draft that nobody was told of may be thrown away, one at a time."""
        return self.may_enter(request) and obj is not None and obj.state == RoundState.DRAFT

    def save_model(self, request: HttpRequest, obj: Round, form: Any, change: bool) -> None:
        by, now = request.user.person, timezone.now()  # type: ignore[union-attr]
        if change:
            saved = services.replan_round(round=obj, closes_at=form.closes_at, by=by, now=now)
        else:
            saved = services.prepare_round(
                cohort=obj.cohort, kind=obj.kind, closes_at=form.closes_at, by=by, now=now
            )
        obj.__dict__.update(saved.__dict__)

    def response_add(
        self, request: HttpRequest, obj: Round, post_url_continue: str | None = None
    ) -> HttpResponse:
        return redirect("admin:evaluations_round_page", obj.pk)

    def response_change(self, request: HttpRequest, obj: Round) -> HttpResponse:
        return redirect("admin:evaluations_round_page", obj.pk)

    # --- pages --------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, Callable[..., HttpResponse]] = {
            "page": self.round_page,
            "launch": self.launch_page,
            "close": self.close_page,
            "publish": self.publish_page,
            "results": self.results_page,
        }
        guard = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{name}/", guard(view), name=f"evaluations_round_{name}")
            for name, view in pages.items()
        ]
        return own + super().get_urls()

    def _round(self, request: HttpRequest, pk: int, *states: RoundState) -> Round:
        rounds = self.get_queryset(request).select_related("cohort__programme", "snapshot")
        round: Round | None = rounds.filter(pk=pk).first()
        if round is None or (states and round.state not in states):
            raise Http404
        return round

    def _page(
        self, request: HttpRequest, name: str, round: Round, status: int = 200, **context: Any
    ) -> HttpResponse:
        everywhere = self.admin_site.each_context(request)
        own = {"title": str(round.title), "round": round, "opts": self.opts, "tag": TAGS[round.state]}
        return TemplateResponse(
            request, f"admin/evaluations/{name}.html", {**everywhere, **own, **context}, status=status
        )

    def _do(self, request: HttpRequest, act: Callable[[], object], done: Any) -> str:
        """Call a service; its refusal in words, or "" and a message of success."""
        try:
            act()
        except DomainError as refusal:
            return str(refusal)
        self.message_user(request, done)
        return ""

    @policy("coordinator")
    def round_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where the round stands, what respondents are told, and the next step."""
        round = self._round(request, pk)
        is_draft = round.state == RoundState.DRAFT
        plan = selectors.launch_plan(round) if is_draft else None
        job = Job.objects.filter(kind=services.SEAL_JOB, params__round=round.pk).order_by("-pk").first()
        return self._page(
            request,
            "round_page",
            round,
            plan=plan,
            promise=plan.promise() if plan else selectors.promise(round),
            band=selectors.participation_band(round),
            has_figures=hasattr(round, "snapshot"),
            job=job,
        )

    @policy("coordinator")
    def launch_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who is asked what, who sees what, and what can never be changed afterwards."""
        round = self._round(request, pk, RoundState.DRAFT)
        plan = selectors.launch_plan(round)
        form = LaunchForm(_posted(request), few=plan.totals_only)
        refusal = ""
        if request.method == "POST" and form.is_valid():
            refusal = self._do(
                request,
                lambda: services.launch_round(
                    round=round,
                    by=request.user.person,  # type: ignore[union-attr]
                    now=timezone.now(),
                    totals_only=form.cleaned_data.get("totals_only", False),
                ),
                _("The round is open. Everybody asked gets a mail."),
            )
            if not refusal:
                return redirect("admin:evaluations_round_page", round.pk)
        return self._page(
            request,
            "launch",
            round,
            status=200 if request.method != "POST" else 422,
            plan=plan,
            form=form,
            refusal=refusal,
            questions=_questions(plan) if plan.can_start else [],
            counts=[(selectors.group_label(role_cut(role)), plan.asked_of(role)) for role in ROLES],
        )

    @policy("coordinator")
    def close_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close before its time, after a question."""
        round = self._round(request, pk, RoundState.OPEN)
        if request.method != "POST":
            return self._page(request, "close", round)
        refusal = self._do(
            request,
            lambda: services.close_round(round=round, by=request.user.person, now=timezone.now()),  # type: ignore[union-attr]
            _("The round is closed. The answers are being shuffled and sealed."),
        )
        if refusal:
            self.message_user(request, refusal, "WARNING")
        return redirect("admin:evaluations_round_page", round.pk)

    @policy("coordinator")
    def publish_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what changes, and show the figures to everybody."""
        round = self._round(request, pk, RoundState.CLOSED)
        form = PublishForm(_posted(request))
        refusal = ""
        if request.method == "POST" and form.is_valid():
            refusal = self._do(
                request,
                lambda: services.publish_round(
                    round=round,
                    changes=form.cleaned_data["changes"],
                    by=request.user.person,  # type: ignore[union-attr]
                    now=timezone.now(),
                ),
                _("The results are published. Everybody in the cohort gets a mail."),
            )
            if not refusal:
                return redirect("admin:evaluations_round_results", round.pk)
        return self._page(
            request,
            "publish",
            round,
            status=200 if request.method != "POST" else 422,
            form=form,
            refusal=refusal,
        )

    @policy("coordinator")
    def results_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The frozen figures as this coordinator may see them; no parameter changes them (A-04)."""
        round = self._round(request, pk, RoundState.CLOSED, RoundState.PUBLISHED)
        try:
            page = selectors.results_for_desk(round, request.user)
        except LookupError:
            raise Http404 from None
        return self._page(request, "results", round, page=page)


def _posted(request: HttpRequest) -> Any:
    """What was sent; None on a first look. A form without fields of its own is sent empty."""
    return request.POST if request.method == "POST" else None


def _questions(plan: selectors.LaunchPlan) -> list[tuple[str, str]]:
    """Question and whom it is put to, in the coordinator's language."""
    language = get_language() or "en"
    return [
        (in_language(item["text"], language), " · ".join(str(Role(role).label) for role in item["roles"]))
        for item in plan.sheet()["items"]
    ]


def _results_of(job: Job) -> tuple[str, Any]:
    return reverse("admin:evaluations_round_page", args=[job.params["round"]]), _("Back to the round")


describe_job(
    services.SEAL_JOB,
    JobPage(
        title=_("Sealing the answers of a round"),
        summary=lambda job: [_("The answers are shuffled and parted from everything else.")],
        next_step=_results_of,
        back=_results_of,
    ),
)
