"""Goals and texts of a programme: their forms. Their lists are reached from the programme's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from programmes.admin.service_forms import ServiceForm, ServiceFormAdmin
from programmes.choices import TextKey
from programmes.models import Goal, Programme, ProgrammeText
from programmes.selectors import shipped_values
from programmes.services import (
    TEXT_FIELDS,
    add_goal,
    change_goal,
    change_text,
    check_names,
    remove_goal,
    settle_text,
)

_GOAL = ("programme", "kind", "text", "measure", "target", "due_on", "outcome")
_SAID = ("text_en", "text_nl", "text_de")


class GoalForm(ServiceForm):
    given = (*_GOAL, *_SAID)

    class Meta:
        model = Goal
        fields = (*_GOAL, *_SAID)
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("text", *_SAID)}


class OfProgrammeAdmin(ServiceFormAdmin):
    """What hangs on a programme: chosen once, never moved to another, and back to the programme's page after it."""

    list_filter = ("programme",)
    list_select_related = ("programme",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = list(super().get_readonly_fields(request, obj))
        return [*own, "programme"] if obj else own

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:programmes_programme_overview", obj.programme_id)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:programmes_programme_overview", obj.programme_id)


@admin.register(Goal)
class GoalAdmin(OfProgrammeAdmin):
    """What a programme wants to reach; a goal without a measure does not open the gate (S0.29)."""

    form = GoalForm
    fieldsets = (
        (None, {"fields": _GOAL}),
        (
            _("The goal in other languages"),
            {"fields": _SAID, "description": _("Left empty, everybody reads the goal above.")},
        ),
    )
    list_display = ("text", "kind", "measure", "target", "due_on", "programme")
    list_filter = (*OfProgrammeAdmin.list_filter, "kind", "outcome")  # type: ignore[assignment]
    search_fields = ("text", "measure")
    ordering = ("programme__name", "pk")
    allows_delete = True

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Goal:
        by = self.acting(request)
        if obj is None:
            return add_goal(programme=values.pop("programme"), values=values, by=by)
        return change_goal(goal=obj, values=values, by=by)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        remove_goal(goal=obj, by=self.acting(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for goal in queryset:
            remove_goal(goal=goal, by=self.acting(request))


_TEXT = ("programme", "key", *TEXT_FIELDS)
_HINTS = _(
    "An empty line begins a paragraph, “# ” a heading, “- ” an entry of a list. {programme}, {purpose}, {months}, "
    "{hours}, {sponsor} and {name} are filled in."
)


class TextForm(ServiceForm):
    """One text in three languages."""

    given = _TEXT

    class Meta:
        model = ProgrammeText
        fields = _TEXT
        widgets = {
            name: forms.Textarea(attrs={"rows": 12}) for name in TEXT_FIELDS if name.startswith("body")
        }

    def clean(self) -> Any:
        """What the service would refuse stands at its field, so that nothing typed is lost."""
        cleaned = super().clean() or {}
        for name in TEXT_FIELDS:
            try:
                check_names(cleaned.get(name) or "")
            except DomainError as refusal:
                self.add_error(name, refusal.message)
        programme = self.instance.programme if self.instance.pk else cleaned.get("programme")
        first = f"body_{programme.language}" if programme else ""
        if first and first not in self.errors and not (cleaned.get(first) or "").strip():
            self.add_error(first, _("The programme’s first language needs a text."))
        return cleaned


@admin.register(ProgrammeText)
class ProgrammeTextAdmin(OfProgrammeAdmin):
    """The texts that a programme has settled. A new one begins with the shipped words in each language."""

    form = TextForm
    fieldsets = (
        (None, {"fields": ("programme", "key"), "description": _HINTS}),
        (_("English"), {"fields": ("subject_en", "body_en")}),
        (_("Dutch"), {"fields": ("subject_nl", "body_nl")}),
        (_("German"), {"fields": ("subject_de", "body_de")}),
    )
    list_display = ("__str__", "programme", "updated_at")
    search_fields = ("programme__name",)
    ordering = ("programme__name", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = list(super().get_readonly_fields(request, obj))
        return [*own, "key"] if obj else own

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        begun: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        key = str(begun.get("key", ""))
        number = str(begun.get("programme", ""))
        programme = Programme.objects.visible_to(request.user).filter(pk=number if number.isdigit() else 0)
        found = programme.first()
        return {**begun, **shipped_values(found, key)} if found and key in TextKey.values else begun

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> ProgrammeText:
        by = self.acting(request)
        if obj is None:
            programme, key = values.pop("programme"), values.pop("key")
            return settle_text(programme=programme, key=key, values=values, by=by)
        return change_text(text=obj, values=values, by=by)
