"""What the sponsors are to do: written by coordinators, ticked by either."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from programmes.models import SponsorTask
from programmes.services import drop_sponsor_task, set_sponsor_task, tick_sponsor_task


class SponsorTaskForm(forms.ModelForm):
    class Meta:
        model = SponsorTask
        fields = ("programme", "text", "due_on")


@admin.register(SponsorTask)
class SponsorTaskAdmin(ScopedModelAdmin):
    """Sponsors see these on their page of the portal, the coordinator here; both may tick them."""

    form = SponsorTaskForm
    fields = ("programme", "text", "due_on")
    list_display = ("text", "programme", "due_on", "state_tag")
    list_filter = ("programme",)
    list_select_related = ("programme",)
    search_fields = ("text",)
    ordering = ("due_on", "pk")
    actions = ("done", "not_done", "drop")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = list(super().get_readonly_fields(request, obj))
        return [*own, "programme"] if obj else own

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        stored = set_sponsor_task(
            programme=obj.programme, values=form.cleaned_data, task=obj if change else None,
            by=self.acting(request),
        )  # fmt: skip
        obj.__dict__.update(stored.__dict__)

    @admin.display(description=_("state"), ordering="done_on")
    def state_tag(self, task: SponsorTask) -> str:
        kind, word = ("tag-ok", _("done")) if task.done_on else ("tag-wait", _("open"))
        return format_html('<span class="tag {}">{}</span>', kind, word)

    @admin.action(description=_("Is done"))
    def done(self, request: HttpRequest, rows: QuerySet[SponsorTask]) -> None:
        self._tick(request, rows, done=True)

    @admin.action(description=_("Is not done yet"))
    def not_done(self, request: HttpRequest, rows: QuerySet[SponsorTask]) -> None:
        self._tick(request, rows, done=False)

    def _tick(self, request: HttpRequest, rows: QuerySet[SponsorTask], *, done: bool) -> None:
        by, now = self.acting(request), timezone.now()
        self.act_on_each(
            request,
            rows,
            lambda row: tick_sponsor_task(task=row, done=done, by=by, now=now),
            done=lambda n: ngettext("%(n)s task changed.", "%(n)s tasks changed.", n) % {"n": n},
        )

    @admin.action(description=_("Nobody needs to do it any more"))
    def drop(self, request: HttpRequest, rows: QuerySet[SponsorTask]) -> None:
        by = self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda row: drop_sponsor_task(task=row, by=by),
            done=lambda n: ngettext("%(n)s task removed.", "%(n)s tasks removed.", n) % {"n": n},
        )
