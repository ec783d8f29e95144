"""Putting people together by hand: another partner within a pair, or one for somebody who has none."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.policies import policy
from matching import services
from matching.admin.finding import BenchPages, chosen_of
from matching.models import MatchingRun
from matching.selectors import place_page, swap_page
from programmes.choices import Role
from programmes.models import Enrolment

#: (mentor, mentee)
Pair = tuple[Enrolment, Enrolment]


class Rearranging(BenchPages):
    """Each choice pins its pairs and asks for the next run, which arranges everybody else around them."""

    @policy("coordinator")
    def swap_view(self, request: HttpRequest, run_id: int, mentor_id: int, mentee_id: int) -> HttpResponse:
        """What each possible swap of this pair would change; choosing one pins both new pairs and runs again."""
        run = self._finished(request, run_id)
        mentor, mentee = self._enrolment(run, str(mentor_id)), self._enrolment(run, str(mentee_id))
        if request.method == "POST":
            return self._swap(request, run, mentor, mentee)
        swaps = swap_page(run, mentor, mentee, number=request.GET.get("page", "1"))
        if swaps is None:
            raise Http404
        title = _("Another mentor for %(name)s") % {"name": mentee}
        context = self._context(request, run, title=title) | {"swaps": swaps}
        return TemplateResponse(request, "admin/matching/swap.html", context)

    def _swap(
        self, request: HttpRequest, run: MatchingRun, mentor: Enrolment, mentee: Enrolment
    ) -> HttpResponse:
        other = self._enrolment(run, request.POST.get("mentor", ""))
        made, given_up = [(other, mentee)], [(mentor, mentee)]
        if request.POST.get("mentee"):
            partner = self._enrolment(run, request.POST["mentee"])
            made.append((mentor, partner))
            given_up.append((other, partner))
        return self._pin_and_run(request, run, made, given_up)

    @policy("coordinator")
    def place_view(self, request: HttpRequest, run_id: int, enrolment_id: int) -> HttpResponse:
        """Who somebody without a partner could be with, and at what cost; choosing one pins the two and runs again."""
        run = self._finished(request, run_id)
        person = self._enrolment(run, str(enrolment_id))
        if request.method == "POST":
            other = self._enrolment(run, request.POST.get("other", ""))
            pair = (person, other) if person.role == Role.MENTOR else (other, person)
            return self._pin_and_run(request, run, [pair], [])
        found = place_page(run, person, number=request.GET.get("page", "1"))
        if found is None:
            raise Http404
        context = self._context(request, run, title=_("Somebody for %(name)s") % {"name": person})
        return TemplateResponse(request, "admin/matching/place.html", context | {"found": found})

    def _pin_and_run(
        self, request: HttpRequest, run: MatchingRun, made: Sequence[Pair], given_up: Sequence[Pair]
    ) -> HttpResponse:
        by = self.acting(request)
        try:
            services.swap_pairs(cohort=run.cohort, made=made, given_up=given_up, by=by)
            again = services.start_run(cohort=run.cohort, by=by, **chosen_of(run))
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:matching_workbench", run.pk)
        return redirect("admin:operations_job_progress", again.job_id)
