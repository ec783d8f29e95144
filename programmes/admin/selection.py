"""Selection at the desk, apart from matching: who came forward, what is thought of it, and the answers (S0.26)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from common.errors import DomainError, Stale
from common.policies import policy
from programmes.choices import Criterion, EnrolmentState, Fulfilment, Role
from programmes.models import Cohort, Enrolment
from programmes.selectors.selection import (
    Candidate,
    Filters,
    as_candidates,
    candidate_units,
    candidates,
    selection_page,
)
from programmes.services import answer_candidate, assess, order_waiting_list, waiting_line

#: Candidates on one page.
PER_PAGE = 25
_STATES = [
    ("applied", _("undecided")),
    ("in", _("are in")),
    ("waitlisted", _("on the waiting list")),
    ("declined", _("not this time")),
]


class FilterForm(forms.Form):
    """What to look at; an unknown value is everything."""

    is_filter = True
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    city = forms.ChoiceField(label=_("Office"), required=False)
    complete = forms.ChoiceField(label=_("Intake"), required=False)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments, cities = candidate_units(cohort)
        everything: dict[str, Iterable[Any]] = {
            "role": Role.choices,
            "state": _STATES,
            "department": [(one, one) for one in departments],
            "city": [(one, one) for one in cities],
            "complete": [("yes", _("complete")), ("no", _("not complete"))],
        }
        for name, options in everything.items():
            field: Any = self.fields[name]
            field.choices = [("", _("all")), *options]

    def filters(self) -> Filters:
        self.full_clean()
        return Filters(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class ChecklistForm(forms.Form):
    """The three criteria in words, and a note; which version it was opened with."""

    digital = forms.ChoiceField(label=capfirst(Criterion.DIGITAL.label), choices=Fulfilment.choices)
    innovative = forms.ChoiceField(label=capfirst(Criterion.INNOVATIVE.label), choices=Fulfilment.choices)
    communication = forms.ChoiceField(
        label=capfirst(Criterion.COMMUNICATION.label), choices=Fulfilment.choices
    )
    reason = forms.CharField(
        label=_("A note for coordinators"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Nobody else reads it. It is deleted when the cohort begins."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        values = {str(mark.criterion): mark.value for mark in candidate.marks}
        kwargs["initial"] = {**values, "reason": candidate.reason, "version": candidate.version}
        super().__init__(*args, **kwargs)

    def show_both(self, stale: Stale) -> None:
        """What a colleague saved meanwhile, beside what stands in the form; saving again keeps the form (D-06)."""
        self.add_error(None, stale.message)
        current = stale.params["current"]
        for name in [name for name in self.changed_data if name != "version"]:
            theirs = getattr(current, f"get_{name}_display", lambda: current.reason)()
            self.add_error(name, _("Saved in between: “%(theirs)s”.") % {"theirs": theirs or "–"})
        data: Any = self.data
        self.data = data = data.copy()
        data["version"] = str(current.version)


class SelectionPages(ScopedModelAdmin):
    """The pages of a selection, for the list of open calls; each looks only at the user's own cohorts."""

    def selection_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("selection/<int:cohort_id>/", guard(self.selection_view), name="programmes_selection"),
            path(
                "selection/<int:cohort_id>/waiting/",
                guard(self.waiting_view),
                name="programmes_selection_waiting",
            ),
            path(
                "selection/<int:cohort_id>/<int:pk>/",
                guard(self.candidate_view),
                name="programmes_selection_candidate",
            ),
        ]

    def _cohort(self, request: HttpRequest, cohort_id: int) -> Cohort:
        mine = Cohort.objects.visible_to(request.user).select_related("programme")
        cohort: Cohort | None = mine.filter(pk=cohort_id).first()
        if cohort is None:
            raise Http404
        return cohort

    def _context(self, request: HttpRequest, cohort: Cohort, **more: Any) -> dict[str, Any]:
        base = self.admin_site.each_context(request)
        return {**base, "title": _("Selection"), "opts": self.opts, "cohort": cohort, **more}

    @policy("coordinator")
    def selection_view(self, request: HttpRequest, cohort_id: int) -> HttpResponse:
        """Everybody who came forward, with filters, answers for many at once, seats and outcome."""
        cohort = self._cohort(request, cohort_id)
        if request.method == "POST":
            self._answer_many(request, cohort)
            return redirect(request.get_full_path())
        form = FilterForm(request.GET, cohort=cohort)
        page: Any = Paginator(candidates(cohort, form.filters()), PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = as_candidates(list(page.object_list))
        context = self._context(
            request,
            cohort,
            page=page,
            form=form,
            selection=selection_page(cohort),
            waiting=[(role, list(waiting_line(cohort.pk, role))) for role in Role],
        )
        return TemplateResponse(request, "admin/programmes/selection.html", context)

    def _answer_many(self, request: HttpRequest, cohort: Cohort) -> None:
        chosen = [int(one) for one in request.POST.getlist("chosen") if one.isdecimal()]
        rows = Enrolment.objects.filter(cohort=cohort, pk__in=chosen).select_related("person").order_by("pk")
        to, by, now = request.POST.get("to", ""), self.acting(request), timezone.now()
        if not chosen:
            self.message_user(request, _("Choose somebody first."), messages.WARNING)
            return
        self.act_on_each(
            request,
            rows,
            lambda row: answer_candidate(
                enrolment=row,
                to=to,
                seen=request.POST.get(f"seen-{row.pk}", row.state),
                reason=request.POST.get("reason", ""),
                by=by,
                now=now,
            ),
            done=lambda n: _done(n, to),
        )

    @policy("coordinator")
    def waiting_view(self, request: HttpRequest, cohort_id: int) -> HttpResponse:
        """Move somebody up one place on the waiting list."""
        cohort = self._cohort(request, cohort_id)
        if request.method == "POST":
            seen = [int(one) for one in request.POST.getlist("seen") if one.isdecimal()]
            ids, up = list(seen), request.POST.get("up", "")
            place = ids.index(int(up)) if up.isdecimal() and int(up) in ids else 0
            if place > 0:
                ids[place - 1], ids[place] = ids[place], ids[place - 1]
            try:
                order_waiting_list(
                    cohort=cohort,
                    role=request.POST.get("role", ""),
                    ids=ids,
                    seen=seen,
                    by=self.acting(request),
                )
            except DomainError as refusal:
                self.message_user(request, refusal.message, messages.WARNING)
        return redirect("admin:programmes_selection", cohort_id)

    @policy("coordinator")
    def candidate_view(self, request: HttpRequest, cohort_id: int, pk: int) -> HttpResponse:
        """One candidate: what they and others say, the checklist, and the answer."""
        cohort = self._cohort(request, cohort_id)
        row = candidates(cohort, Filters()).filter(pk=pk).first()
        if row is None:
            raise Http404
        candidate = as_candidates([row])[0]
        form = ChecklistForm(request.POST if "save" in request.POST else None, candidate=candidate)
        if form.is_bound and form.is_valid() and self._save(request, row, form):
            return redirect("admin:programmes_selection_candidate", cohort_id, pk)
        if "to" in request.POST:
            self._answer_one(request, row)
            return redirect("admin:programmes_selection_candidate", cohort_id, pk)
        address = f"{settings.SITE_URL}{reverse('portal:intake', args=[row.pk])}"
        context = self._context(request, cohort, candidate=candidate, form=form, intake_address=address)
        template = "admin/programmes/selection_candidate.html"
        return TemplateResponse(request, template, context, status=422 if form.errors else 200)

    def _save(self, request: HttpRequest, row: Enrolment, form: ChecklistForm) -> bool:
        given = form.cleaned_data
        try:
            assess(
                enrolment=row,
                ratings={name: given[name] for name in Criterion.values},
                reason=given["reason"],
                version=given["version"],
                by=self.acting(request),
            )
        except Stale as stale:
            form.show_both(stale)
            return False
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return False
        self.message_user(request, _("The checklist is saved."), messages.SUCCESS)
        return True

    def _answer_one(self, request: HttpRequest, row: Enrolment) -> None:
        to = request.POST["to"]
        try:
            answer_candidate(
                enrolment=row,
                to=to,
                seen=request.POST.get("seen", ""),
                by=self.acting(request),
                now=timezone.now(),
            )
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        else:
            self.message_user(request, _done(1, to), messages.SUCCESS)


def _done(count: int, to: str) -> str:
    texts = {
        EnrolmentState.ACCEPTED: ngettext("%(n)s person is in.", "%(n)s people are in.", count),
        EnrolmentState.WAITLISTED: ngettext(
            "%(n)s person is on the waiting list.", "%(n)s people are on the waiting list.", count
        ),
        EnrolmentState.DECLINED: ngettext(
            "%(n)s person was told: not this time.", "%(n)s people were told: not this time.", count
        ),
    }
    text: str = texts.get(to, texts[EnrolmentState.ACCEPTED])  # type: ignore[call-overload]
    return text % {"n": count}
