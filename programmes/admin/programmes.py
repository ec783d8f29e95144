"""Cohorts with their stages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.policies import policy
from programmes.admin.service_forms import ServiceForm, ServiceFormAdmin
from programmes.choices import Stage
from programmes.models import Cohort
from programmes.selectors import gates, is_forward, next_stages
from programmes.services import (
    change_cohort,
    clone_cohort,
    create_cohort,
    move_stage,
)
from programmes.validators import DEFAULT_WEIGHTS, validate_weights

_WEIGHT_LABELS = {
    "knowledge": _("Weight: knowledge gained"),
    "perspective": _("Weight: perspective"),
    "distance": _("Weight: distance in the company"),
    "logistics": _("Weight: shared times"),
    "style": _("Weight: way of learning"),
    "return_gain": _("Weight: what comes back"),
}


#: What each weight does, beside its number.
_WEIGHT_HELP = {
    "knowledge": _("Counts in full when the mentor knows everything the mentee wants to learn."),
    "perspective": _("Counts in full when the mentor offers the view that was asked for; shown nowhere."),
    "distance": _("Counts in full for another department and another office."),
    "logistics": _("Counts in full for two shared half-days or lunches."),
    "style": _("Counts in full when both prefer the same way of working, less than half otherwise."),
    "return_gain": _("Counts in full when the mentee knows everything the mentor wants to learn."),
}


_COHORT_FIELDS = (
    "programme",
    "name",
    "starts_on",
    "ends_on",
    "time_zone",
    "cadence",
    "most_often",
    "least_often",
    "meeting_minutes",
    "has_circles",
    "planned_mentors",
    "planned_mentees",
    "min_grade_distance",
    "answer_days",
    "min_group_size",
    "min_comment_group",
)


class CohortForm(ServiceForm):
    """A cohort's settings; the matching weights as six numbers rather than as text."""

    given = (*_COHORT_FIELDS, "weights")

    class Meta:
        model = Cohort
        fields = _COHORT_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in _WEIGHT_LABELS.items():
            start = self.instance.weights.get(name, DEFAULT_WEIGHTS[name])
            field = forms.IntegerField(
                label=label, min_value=0, max_value=100, initial=start, help_text=_WEIGHT_HELP[name]
            )
            self.fields[f"weight_{name}"] = field

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        weights = {name: cleaned.get(f"weight_{name}") for name in DEFAULT_WEIGHTS}
        try:
            validate_weights(weights)
        except forms.ValidationError as error:
            self.add_error(f"weight_{next(iter(DEFAULT_WEIGHTS))}", error)
        cleaned["weights"] = weights
        return cleaned


class CloneForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=80)
    starts_on = forms.DateField(label=_("first day"), widget=forms.DateInput(attrs={"type": "date"}))


@admin.register(Cohort)
class CohortAdmin(ServiceFormAdmin):
    """Settings in the form; the stage on a page of its own that says what the next one asks for."""

    form = CohortForm
    change_form_template = "admin/programmes/cohort_form.html"
    fieldsets = (
        (None, {"fields": ("programme", "name", "stage", "starts_on", "ends_on", "time_zone")}),
        (_("Size"), {"fields": ("planned_mentors", "planned_mentees")}),
        (
            _("Meetings"),
            {"fields": ("cadence", "most_often", "least_often", "meeting_minutes", "has_circles")},
        ),
        (
            _("Matching"),
            {"fields": ("min_grade_distance", "answer_days", *(f"weight_{n}" for n in DEFAULT_WEIGHTS))},
        ),
        (_("Evaluation"), {"fields": ("min_group_size", "min_comment_group")}),
    )
    list_display = ("name", "programme", "stage_tag", "starts_on", "ends_on")
    list_filter = ("programme", "stage")
    list_select_related = ("programme",)
    search_fields = ("name", "programme__name")
    ordering = ("-starts_on", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = list(super().get_readonly_fields(request, obj))
        return [*own, "programme"] if obj else own

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The weights are fields of the form alone; Django would look for them on the model.
        kwargs["fields"] = [name for name in _COHORT_FIELDS if obj is None or name != "programme"]
        if self._asks_version(request, obj):
            kwargs["fields"].append("seen_version")
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if any(name.startswith("weight_") for name in form.changed_data):
            form.changed_data.append("weights")
        super().save_model(request, obj, form, change)

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Cohort:
        if obj is None:
            return create_cohort(**values, by=self.acting(request))
        return change_cohort(cohort=obj, values=values, by=self.acting(request))

    @admin.display(description=_("stage"), ordering="stage")
    def stage_tag(self, cohort: Cohort) -> str:
        return format_html('<span class="tag tag-info">{}</span>', cohort.get_stage_display())

    def get_urls(self) -> list[URLPattern]:
        stage = self.admin_site.admin_view(self.stage_view)
        clone = self.admin_site.admin_view(self.clone_view)
        return [
            path("<int:cohort_id>/stage/", stage, name="programmes_cohort_stage"),
            path("<int:cohort_id>/clone/", clone, name="programmes_cohort_clone"),
            *super().get_urls(),
        ]

    @policy("coordinator")
    def clone_view(self, request: HttpRequest, cohort_id: int) -> HttpResponse:
        """Another cohort of the same pattern: only its name and first day are asked."""
        cohort = self.get_queryset(request).filter(pk=cohort_id).first()
        if cohort is None:
            raise Http404
        form = CloneForm(request.POST if request.method == "POST" else None)
        made = self._clone(request, cohort, form) if form.is_bound and form.is_valid() else None
        if made is not None:
            text = _("The cohort is made, in its first stage and without people.")
            self.message_user(request, text, messages.SUCCESS)
            return redirect("admin:programmes_cohort_change", made.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Another cohort like %(name)s") % {"name": cohort.name},
            "opts": self.opts,
            "cohort": cohort,
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/programmes/cohort_clone.html", context, status=status)

    def _clone(self, request: HttpRequest, cohort: Cohort, form: CloneForm) -> Cohort | None:
        """The new cohort; None when it was refused, with the reason at the form."""
        try:
            return clone_cohort(cohort=cohort, by=self.acting(request), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return None

    @policy("coordinator")
    def stage_view(self, request: HttpRequest, cohort_id: int) -> HttpResponse:
        """Where a cohort stands, what the next stage asks for, and the step itself."""
        cohort = self.get_queryset(request).filter(pk=cohort_id).first()
        if cohort is None:
            raise Http404
        if request.method == "POST":
            self._move(request, cohort)
            return redirect("admin:programmes_cohort_stage", cohort_id)
        order = list(Stage)
        here = order.index(Stage(cohort.stage))
        context = {
            **self.admin_site.each_context(request),
            "title": cohort.name,
            "opts": self.opts,
            "cohort": cohort,
            "stages": [(stage.label, _mark(index, here)) for index, stage in enumerate(order)],
            "steps": [_step(cohort, to) for to in next_stages(cohort)],
        }
        return TemplateResponse(request, "admin/programmes/cohort_stage.html", context)

    def _move(self, request: HttpRequest, cohort: Cohort) -> None:
        try:
            moved = move_stage(
                cohort=cohort, to=request.POST.get("to", ""), by=self.acting(request), now=timezone.now()
            )
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        else:
            text = _("The cohort is now in the stage “%(stage)s”.")
            self.message_user(request, text % {"stage": moved.get_stage_display()}, messages.SUCCESS)


def _step(cohort: Cohort, to: Stage) -> tuple[Stage, bool, Any, int]:
    """A step that may be taken: whether it leads on, what it asks for, and how much of that is missing."""
    asked = gates(cohort, to)
    return to, is_forward(cohort, to), asked, sum(not gate.is_met for gate in asked)


def _mark(index: int, here: int) -> str:
    return "now" if index == here else "done" if index < here else ""
