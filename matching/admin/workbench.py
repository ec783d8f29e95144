"""The workbench: ask for a run, read why, pin, reject, swap, release. Every step is a form that works alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.errors import DomainError
from common.policies import policy
from matching import services
from matching.admin.finding import one_of
from matching.admin.forms import RunForm
from matching.admin.rearranging import Rearranging
from matching.choices import UNFINISHED, DecisionKind, RunState
from matching.models import MatchingRun, Proposal
from matching.selectors import places, run_page
from operations.admin import JobPage, describe_job
from operations.models import Job
from programmes.models import Cohort


def _summary(job: Job) -> list[str]:
    pairs = job.result.get("pairs", 0)
    return [ngettext("%(n)s pair found.", "%(n)s pairs found.", pairs) % {"n": pairs}]


def _to_workbench(job: Job) -> tuple[str, str]:
    return reverse("admin:matching_workbench", args=[job.params["run"]]), _("Open the workbench")


def _to_runs(job: Job) -> tuple[str, str]:
    return reverse("admin:matching_matchingrun_changelist"), _("Back to the runs")


describe_job(
    services.RUN_JOB,
    JobPage(
        title=gettext_lazy("Matching"),
        summary=_summary,
        next_step=_to_workbench,
        back=_to_runs,
        goes_on=True,
    ),
)


@admin.register(MatchingRun)
class MatchingRunAdmin(Rearranging):
    """The list of runs; each leads to its workbench. Runs are records: nothing here changes one."""

    allows_add = allows_change = False
    fields = (
        "cohort", "number", "state", "matched", "mentors", "mentees", "seats", "finished_at", "released_at",
    )  # fmt: skip
    list_display = ("title", "cohort", "state_label", "matched", "finished_at", "released_at")
    list_display_links = None
    list_filter = ("cohort", "state")
    list_select_related = ("cohort__programme",)
    ordering: ClassVar = ["-id"]
    change_list_template = "admin/matching/run_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the large columns; a run whose work was stopped before it began shows as stopped."""
        ended = Job.objects.filter(pk=OuterRef("job_id"), finished_at__isnull=False)
        stopped = ExpressionWrapper(Q(state__in=UNFINISHED) & Exists(ended), output_field=BooleanField())
        rows = super().get_queryset(request).defer("problem", "result", "keys")
        return rows.annotate(is_given_up=stopped)

    @admin.display(description=gettext_lazy("run"), ordering="number")
    def title(self, run: MatchingRun) -> str:
        address = reverse("admin:matching_workbench", args=[run.pk])
        return format_html('<a href="{}">{}</a>', address, run)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_label(self, run: Any) -> str:
        return str(RunState.CANCELLED.label) if run.is_given_up else run.get_state_display()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        cohorts = Cohort.objects.visible_to(request.user).filter(stage__in=services.MATCHING_STAGES)
        extra = {"ready": places(cohorts.select_related("programme")), "run_form": RunForm()}
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=name)

        own = [
            page("new/", self.new_view, "matching_run_new"),
            page("<int:run_id>/workbench/", self.workbench_view, "matching_workbench"),
            page("<int:run_id>/decide/", self.decide_view, "matching_decide"),
            page("<int:run_id>/swap/<int:mentor_id>/<int:mentee_id>/", self.swap_view, "matching_swap"),
            page("<int:run_id>/place/<int:enrolment_id>/", self.place_view, "matching_place"),
            page("<int:run_id>/release/", self.release_view, "matching_release"),
            page("<int:run_id>/withdraw/", self.withdraw_view, "matching_withdraw"),
        ]
        return own + super().get_urls()

    # --- pages

    @policy("coordinator")
    def workbench_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Pairs with their reasons, who is still without and why, and this run beside the one before."""
        run = self._run(request, run_id)
        if run.state in UNFINISHED:
            return redirect("admin:operations_job_progress", run.job_id)
        if run.state not in (RunState.DONE, RunState.RELEASED):
            context = self._context(
                request, run, title=_("Run %(number)s has no result") % {"number": run.number}
            )
            return TemplateResponse(request, "admin/matching/no_result.html", context)
        asked = {name: request.GET.get(name, "") for name in ("show", "page", "beside")}
        page = run_page(run, chosen=asked["show"], number=asked["page"] or "1", beside=asked["beside"])
        context = self._context(request, run, title=page.headline)
        context |= {
            "page": page,
            "shown": page.page,
            "beside": f"&beside={page.previous.number}" if page.previous and page.is_beside_another else "",
            "decides": page.is_newest and run.state == RunState.DONE,
            "columns": 4 + (page.previous is not None),
        }
        return TemplateResponse(request, "admin/matching/workbench.html", context)

    @policy("coordinator")
    def new_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a run of a cohort; the page of the long work follows it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        cohort = one_of(Cohort.objects.visible_to(request.user), request.POST.get("cohort", ""))
        form = RunForm(
            {**{name: field.initial for name, field in RunForm.base_fields.items()}, **request.POST.dict()}
        )
        try:
            if not form.is_valid():
                raise DomainError(_("This way of weighing is not known."))
            run = services.start_run(cohort=cohort, by=self.acting(request), **form.cleaned_data)
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:matching_matchingrun_changelist")
        return redirect("admin:operations_job_progress", run.job_id)

    @policy("coordinator")
    def decide_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Pin, reject, or take either back; the next run keeps to it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = self._finished(request, run_id)
        mentor, mentee = (self._enrolment(run, request.POST.get(side, "")) for side in ("mentor", "mentee"))
        kind = request.POST.get("kind", "")
        if kind != "clear" and kind not in DecisionKind.values:
            raise Http404

        def act() -> None:
            if kind == "clear":
                services.clear_decision(cohort=run.cohort, mentor=mentor, mentee=mentee)
            else:
                services.set_decision(
                    cohort=run.cohort, mentor=mentor, mentee=mentee, kind=kind, by=self.acting(request)
                )

        self._try(request, act)
        return self._back(request, run)

    @policy("coordinator")
    def release_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """What a release sets going, and then: propose every pair to its two people, or say why not; never some."""
        run = self._finished(request, run_id)
        if request.method == "POST":
            self._release(request, run)
        elif run.state == RunState.DONE and run.links():
            page, people = run_page(run), {one for link in run.links() for one in link}
            title = _("Release run %(number)s") % {"number": run.number}
            context = self._context(request, run, title=title) | {"page": page, "people": len(people)}
            return TemplateResponse(request, "admin/matching/release.html", context)
        return redirect("admin:matching_workbench", run.pk)

    def _release(self, request: HttpRequest, run: MatchingRun) -> None:
        by = self.acting(request)
        try:
            number = services.release(run=run, by=by, now=timezone.now())
        except DomainError as refusal:
            run.refresh_from_db(fields=["released_by"])
            if refusal.code != "released" or by is None or run.released_by_id != by.pk:  # else a second click
                self.message_user(request, str(refusal), messages.ERROR)
            return
        told = ngettext(
            "%(n)s proposal is on its way to both people.",
            "%(n)s proposals are on their way, to both people of each.",
            number,
        )
        self.message_user(request, told % {"n": number}, messages.SUCCESS)

    @policy("coordinator")
    def withdraw_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Take one proposal of the run back; both people read the usual words."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = self._finished(request, run_id)
        proposal = one_of(Proposal.objects.filter(run=run), request.POST.get("proposal", ""))
        self._try(
            request,
            lambda: services.withdraw_proposal(
                proposal=proposal, by=self.acting(request), now=timezone.now()
            ),
        )
        return self._back(request, run)
