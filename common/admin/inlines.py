"""Rows beside their parent, scoped and labelled like everything else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext

from common.admin.scope import Scoped


class _ScopedInline(Scoped):
    """Rows beside their parent. Few by design: an inline without bounds makes a page slow."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows_add and self.may_enter(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Table cells have no visible label, so each control carries its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(str(field.label)))
        return field


class LabelledFormSet(forms.BaseInlineFormSet):
    """The box that removes a row says so to a screen reader."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = gettext("Remove this row")


class ScopedTabularInline(_ScopedInline, admin.TabularInline):
    formset = LabelledFormSet


class ScopedStackedInline(_ScopedInline, admin.StackedInline):
    formset = LabelledFormSet
