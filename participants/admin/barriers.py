"""Information barriers at the desk: groups, and the walls between them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin
from participants.models import Barrier, BarrierGroup, GroupMembership
from participants.services import remove_barrier, set_barrier


@admin.register(BarrierGroup)
class BarrierGroupAdmin(ScopedModelAdmin):
    """Who belongs to a group stands on each person's page, or in the roster's column."""

    allows_delete = True
    fields = ("name", "members")
    readonly_fields = ("members",)
    list_display = ("name", "size")
    search_fields = ("name",)
    ordering = ("name", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        known = GroupMembership.objects.visible_to(request.user).values("pk")
        count = Count("memberships", filter=Q(memberships__in=known), distinct=True)
        return super().get_queryset(request).annotate(known_members=count)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("name",) if obj is None else ("name", "members")

    def save_model(self, request: HttpRequest, obj: BarrierGroup, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = self.acting(request)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("members whom you may know of"), ordering="known_members")
    def size(self, group: Any) -> int:
        return int(group.known_members)

    @admin.display(description=_("members"))
    def members(self, group: Any) -> Any:
        return _("%(n)s, named on each person’s page") % {"n": group.known_members}


class BarrierForm(forms.ModelForm):
    def clean(self) -> Any:
        cleaned = super().clean() or {}
        one, other = cleaned.get("one"), cleaned.get("other")
        if one and other and one == other:
            raise ValidationError(_("A barrier stands between two different groups."))
        if one and other and one.pk > other.pk:
            cleaned["one"], cleaned["other"] = other, one
        return cleaned


@admin.register(Barrier)
class BarrierAdmin(ScopedModelAdmin):
    """A wall is put up or taken away, never moved: pairs across it pause at once (A-29)."""

    allows_change = False
    allows_delete = True
    form = BarrierForm
    fields = ("one", "other")
    list_display = ("one", "other", "created_at")
    list_select_related = ("one", "other")
    search_fields = ("one__name", "other__name")

    def save_model(self, request: HttpRequest, obj: Barrier, form: Any, change: bool) -> None:
        made = set_barrier(one=obj.one, other=obj.other, by=self.acting(request), now=timezone.now())
        obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: Barrier) -> None:
        remove_barrier(barrier=obj, by=self.acting(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for barrier in queryset:
            remove_barrier(barrier=barrier, by=self.acting(request))
