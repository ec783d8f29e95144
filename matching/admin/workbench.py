"""The workbench: ask for a run, read why, pin, reject, run again, release. Every step is a form that works alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.admin import ScopedModelAdmin
from common.errors import DomainError
from common.policies import policy
from matching import services
from matching.choices import DecisionKind, RunState
from matching.models import MatchingRun
from matching.selectors import run_page
from operations.admin import JobPage, describe_job
from operations.models import Job
from programmes.models import Cohort, Enrolment


def _summary(job: Job) -> list[str]:
    pairs = job.result.get("pairs", 0)
    return [ngettext("%(n)s pair found.", "%(n)s pairs found.", pairs) % {"n": pairs}]


def _to_workbench(job: Job) -> tuple[str, str]:
    return reverse("admin:matching_workbench", args=[job.params["run"]]), _("Open the workbench")


def _to_runs(job: Job) -> tuple[str, str]:
    return reverse("admin:matching_matchingrun_changelist"), _("Back to the runs")


describe_job(
    services.RUN_JOB,
    JobPage(title=gettext_lazy("Matching"), summary=_summary, next_step=_to_workbench, back=_to_runs),
)


@admin.register(MatchingRun)
class MatchingRunAdmin(ScopedModelAdmin):
    """The list of runs; each leads to its workbench. Runs are records: nothing here changes one."""

    allows_add = allows_change = False
    fields = (
        "cohort",
        "number",
        "state",
        "matched",
        "mentors",
        "mentees",
        "seats",
        "finished_at",
        "released_at",
    )
    list_display = ("title", "cohort", "state_label", "matched", "finished_at", "released_at")
    list_display_links = None
    list_filter = ("cohort", "state")
    list_select_related = ("cohort__programme",)
    ordering: ClassVar = ["-id"]
    change_list_template = "admin/matching/run_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("problem", "result", "keys")

    @admin.display(description=gettext_lazy("run"), ordering="number")
    def title(self, run: MatchingRun) -> str:
        if run.state in (RunState.DONE, RunState.RELEASED):
            address = reverse("admin:matching_workbench", args=[run.pk])
        else:
            address = reverse("admin:operations_job_progress", args=[run.job_id])
        return format_html('<a href="{}">{}</a>', address, run)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_label(self, run: MatchingRun) -> str:
        return run.get_state_display()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        cohorts = Cohort.objects.visible_to(request.user).filter(stage__in=services.MATCHING_STAGES)
        extra = {"ready": list(cohorts.select_related("programme").distinct())}
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("new/", guard(self.new_view), name="matching_run_new"),
            path("<int:run_id>/workbench/", guard(self.workbench_view), name="matching_workbench"),
            path("<int:run_id>/decide/", guard(self.decide_view), name="matching_decide"),
            path("<int:run_id>/release/", guard(self.release_view), name="matching_release"),
        ]
        return own + super().get_urls()

    # --- pages

    @policy("coordinator")
    def workbench_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Pairs with their reasons, who is still without and why, and this run beside the one before."""
        run = self._run(request, run_id)
        page = run_page(run, chosen=request.GET.get("show", ""), number=request.GET.get("page", "1"))
        context = {
            **self.admin_site.each_context(request),
            "title": page.headline,
            "opts": self.opts,
            "page": page,
            "run": run,
            "newest": self._newest(run),
        }
        return TemplateResponse(request, "admin/matching/workbench.html", context)

    @policy("coordinator")
    def new_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a run of a cohort; the page of the long work follows it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        cohorts = Cohort.objects.visible_to(request.user)
        cohort = _one(cohorts.distinct(), request.POST.get("cohort", ""))
        try:
            run = services.start_run(
                cohort=cohort, by=request.user.person, fairness=request.POST.get("fairness") or "total"
            )
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:matching_matchingrun_changelist")
        return redirect("admin:operations_job_progress", run.job_id)

    @policy("coordinator")
    def decide_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Pin, reject, or take either back; the next run keeps to it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = self._run(request, run_id)
        mentor, mentee = (self._enrolment(run, request.POST.get(side, "")) for side in ("mentor", "mentee"))
        kind = request.POST.get("kind", "")
        if kind == "clear":
            self._try(
                request, lambda: services.clear_decision(cohort=run.cohort, mentor=mentor, mentee=mentee)
            )
        elif kind in DecisionKind.values:
            self._try(
                request,
                lambda: services.set_decision(
                    cohort=run.cohort, mentor=mentor, mentee=mentee, kind=kind, by=request.user.person
                ),
            )
        else:
            raise Http404
        show = request.POST.get("show", "all")
        return redirect(
            f"{reverse('admin:matching_workbench', args=[run.pk])}?show={show if show.isalpha() else 'all'}"
        )

    @policy("coordinator")
    def release_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Propose every pair of the run to its two people, or say why not; never some of them."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = self._run(request, run_id)

        def act() -> None:
            number = services.release(run=run, by=request.user.person, now=timezone.now())
            told = ngettext(
                "%(n)s proposal is on its way to both people.",
                "%(n)s proposals are on their way, to both people of each.",
                number,
            )
            self.message_user(request, told % {"n": number}, messages.SUCCESS)

        self._try(request, act)
        return redirect("admin:matching_workbench", run.pk)

    # --- finding

    def _run(self, request: HttpRequest, run_id: int) -> MatchingRun:
        rows = MatchingRun.objects.visible_to(request.user).finished().distinct()
        run: MatchingRun | None = (
            rows.select_related("cohort__programme", "released_by").filter(pk=run_id).first()
        )
        if run is None:
            raise Http404
        return run

    def _newest(self, run: MatchingRun) -> bool:
        newer = MatchingRun.objects.finished().filter(cohort_id=run.cohort_id, number__gt=run.number)
        return not newer.exists()

    def _enrolment(self, run: MatchingRun, value: str) -> Enrolment:
        found: Enrolment = _one(Enrolment.objects.filter(cohort_id=run.cohort_id), value)
        return found

    def _try(self, request: HttpRequest, act: Callable[[], object]) -> None:
        try:
            act()
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)


def _one(rows: Any, value: str) -> Any:
    """The row of this number among those the user may know of, or 404."""
    found = rows.filter(pk=int(value)).first() if value.isdigit() else None
    if found is None:
        raise Http404
    return found
