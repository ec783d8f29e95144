"""What every page of the bench begins with: whose run it is, and who stands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from common.admin import ScopedModelAdmin
from common.errors import DomainError
from matching.admin.forms import RunForm
from matching.choices import RunState
from matching.models import MatchingRun
from programmes.models import Enrolment


class BenchPages(ScopedModelAdmin):
    """Finds runs and people among those the coordinator may know of; anything else is not there."""

    def _context(self, request: HttpRequest, run: MatchingRun, *, title: str) -> dict[str, Any]:
        chosen = {**chosen_of(run), "draws_again": False}
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "run": run,
            "chosen": chosen_of(run),
            "run_form": RunForm(initial=chosen, auto_id="next_%s"),
        }

    def _run(self, request: HttpRequest, run_id: int) -> MatchingRun:
        rows = MatchingRun.objects.visible_to(request.user).light()
        return one_of(rows.select_related("cohort__programme", "released_by"), str(run_id))

    def _finished(self, request: HttpRequest, run_id: int) -> MatchingRun:
        run = self._run(request, run_id)
        if run.state not in (RunState.DONE, RunState.RELEASED):
            raise Http404
        return run

    def _enrolment(self, run: MatchingRun, value: str) -> Enrolment:
        return one_of(Enrolment.objects.filter(cohort_id=run.cohort_id).select_related("person"), value)

    def _back(self, request: HttpRequest, run: MatchingRun) -> HttpResponse:
        """To the list that the form stood in."""
        query = {name: request.POST[name] for name in ("show", "page", "beside") if request.POST.get(name)}
        return redirect(f"{reverse('admin:matching_workbench', args=[run.pk])}?{urlencode(query)}")

    def _try(self, request: HttpRequest, act: Callable[[], object]) -> None:
        try:
            act()
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)


def chosen_of(run: MatchingRun) -> dict[str, Any]:
    """The settings of a run that the next one takes over."""
    names = ("coverage", "fairness", "load_step", "stickiness")
    return {name: run.settings.get(name, RunForm.base_fields[name].initial) for name in names}


def one_of(rows: Any, value: str) -> Any:
    """The row of this number among those the user may know of, or 404."""
    found = rows.filter(pk=int(value)).first() if value.isascii() and value.isdigit() else None
    if found is None:
        raise Http404
    return found
