"""Requests to be erased: a coordinator reads what goes and what stays, confirms, and a worker does it (B-07)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import ScopedModelAdmin
from common.errors import DomainError
from participants.choices import RequestState
from participants.models import ErasureRequest
from participants.selectors import erasure_plan
from participants.services import carry_out

_TAGS = {
    RequestState.ASKED: "tag-wait",
    RequestState.RUNNING: "tag-wait",
    RequestState.DONE: "tag-ok",
}


@admin.register(ErasureRequest)
class ErasureRequestAdmin(ScopedModelAdmin):
    """Whoever asks is named until it is done; from then on the line says only when, by whom and how much."""

    allows_add = False
    fields = ("person", "state", "asked_at", "by", "confirmed_at", "done_at")
    list_display = ("__str__", "asked_at", "state_tag", "by", "done_at")
    list_filter = ("state",)
    list_select_related = ("person", "by")
    ordering = ("-asked_at", "-pk")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_tag(self, request: ErasureRequest) -> str:
        kind = _TAGS.get(RequestState(request.state), "")
        return format_html('<span class="tag {}">{}</span>', kind, request.get_state_display())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What carrying it out would do, and the button; afterwards what it did, in numbers."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        if request.method == "POST":
            return self._carry_out(request, found)
        is_open = found.state == RequestState.ASKED
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(found),
            "request_row": found,
            "is_open": is_open,
            "plan": erasure_plan(found.person) if is_open else (),
            "total": sum(found.counts.values()),
        }
        return TemplateResponse(request, "admin/participants/erasure.html", context)

    def _carry_out(self, request: HttpRequest, found: ErasureRequest) -> HttpResponse:
        if request.POST.get("understood") != "yes":
            messages.error(request, _("Tick that you have read what goes: it cannot be taken back."))
            return redirect("admin:participants_erasurerequest_change", found.pk)
        try:
            carry_out(request=found, by=self.acting(request), now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _(
                    "Carried out. They are out at once; what is stored goes as soon as their partners have been told."
                ),
            )
        return redirect("admin:participants_erasurerequest_changelist")
