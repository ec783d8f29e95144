"""The list of long work and the page that watches one piece of it (decision 18)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin
from common.policies import policy
from operations.choices import JobState
from operations.models import Job
from operations.services import cancel_job


@dataclass(frozen=True)
class JobPage:
    """How a kind of long work presents itself.

    Args:
        title: what is being done, as a heading.
        summary: sentences about the result of a finished job.
        next_step: where to go when it is done: (address, words of the button), or None.
        back: where to go when it failed or was cancelled: (address, words of the button), or None.
        goes_on: whoever waited on the page is taken to the next step as soon as it is done.
    """

    title: str | Promise
    summary: Callable[[Job], Sequence[str | Promise]] = lambda job: ()
    next_step: Callable[[Job], tuple[str, str | Promise] | None] = lambda job: None
    back: Callable[[Job], tuple[str, str | Promise] | None] = lambda job: None
    goes_on: bool = False


_pages: dict[str, JobPage] = {}


def describe_job(kind: str, page: JobPage) -> None:
    """Say how a kind of long work presents itself; called by the admin room that starts it."""
    _pages[kind] = page


def page_of(job: Job) -> JobPage:
    return _pages.get(job.kind) or JobPage(title=_("Long work"))


@admin.register(Job)
class JobAdmin(ScopedModelAdmin):
    """Read only: work is started where it belongs, and stopped on its own page."""

    allows_add = allows_change = False
    fields = ("kind", "state", "step_label", "created_at", "started_at", "finished_at", "error")
    list_display = ("title", "state_label", "step_label", "created_at", "finished_at")
    list_display_links = None
    list_filter = ("state",)
    ordering: ClassVar = ["-id"]

    @admin.display(description=_("work"))
    def title(self, job: Job) -> str:
        address = reverse("admin:operations_job_progress", args=[job.pk])
        return format_html('<a href="{}">{}</a>', address, page_of(job).title)

    @admin.display(description=_("step"))
    def step_label(self, job: Job) -> str:
        return job.step_name

    @admin.display(description=_("state"), ordering="state")
    def state_label(self, job: Job) -> str:
        return job.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("<int:job_id>/progress/", guard(self.progress_view), name="operations_job_progress"),
            path("<int:job_id>/cancel/", guard(self.cancel_view), name="operations_job_cancel"),
        ]
        return own + super().get_urls()

    def _job(self, request: HttpRequest, job_id: int) -> Job:
        job: Job | None = self.get_queryset(request).filter(pk=job_id).first()
        if job is None:
            raise Http404
        return job

    @policy("coordinator")
    def progress_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """The whole page, or for HTMX only the part that changes."""
        job = self._job(request, job_id)
        part = request.headers.get("HX-Request") == "true"
        way_on = page_of(job).next_step(job) if job.state == JobState.DONE else None
        if part and way_on is not None and page_of(job).goes_on:
            return HttpResponse(headers={"HX-Redirect": way_on[0]})
        template = "admin/operations/_job.html" if part else "admin/operations/job_progress.html"
        return TemplateResponse(request, template, self._context(request, job))

    @policy("coordinator")
    def cancel_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        job = self._job(request, job_id)
        cancel_job(job=job)
        self.message_user(request, _("Asked to stop. Nothing of it will be kept."), messages.INFO)
        return redirect("admin:operations_job_progress", job_id)

    def _context(self, request: HttpRequest, job: Job) -> dict[str, Any]:
        page = page_of(job)
        done = job.state == JobState.DONE
        return {
            **self.admin_site.each_context(request),
            "title": page.title,
            "opts": self.opts,
            "job": job,
            "is_open": job.finished_at is None,
            "is_done": done,
            "summary": page.summary(job) if done else (),
            "way_on": page.next_step(job) if done else page.back(job) if job.finished_at else None,
        }
