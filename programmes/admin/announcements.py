"""The communication plan of a cohort: what goes out when, to whom, and how it will look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.policies import policy
from programmes.admin.service_forms import ServiceForm, ServiceFormAdmin
from programmes.choices import AnnouncementState
from programmes.engine.plain_text import unknown_names
from programmes.models import Announcement, Cohort
from programmes.selectors import (
    ANNOUNCEMENT_NAMES,
    BY_CODE,
    announcement_text,
    communication_plan,
    previews,
    shipped_words,
)
from programmes.services import (
    TEXT_FIELDS,
    add_announcement,
    call_off_announcement,
    change_announcement,
    plan_announcement,
    suggest_plan,
)

_WHEN = ("cohort", "stage", "anchor", "offset_days", "audience")
_FIELDS = (*_WHEN, *TEXT_FIELDS)


class AnnouncementForm(ServiceForm):
    """Day, audience and words; where nothing of one's own is written yet, the shipped words stand in the fields."""

    given = _FIELDS

    class Meta:
        model = Announcement
        fields = _FIELDS
        widgets = {name: forms.Textarea(attrs={"rows": 6}) for name in TEXT_FIELDS if name.startswith("body")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.code in BY_CODE:
            for name, words in shipped_words(self.instance.code).items():
                self.initial[name] = self.initial.get(name) or words

    def clean(self) -> Any:
        """What the service would refuse stands at its field, so that nothing typed is lost."""
        cleaned = super().clean() or {}
        for name in TEXT_FIELDS:
            for unknown in unknown_names(cleaned.get(name) or "", ANNOUNCEMENT_NAMES)[:1]:
                self.add_error(name, _("“{%(name)s}” stands for nothing here.") % {"name": unknown})
        return cleaned


@admin.register(Announcement)
class AnnouncementAdmin(ServiceFormAdmin):
    """One announcement in a form; all of a cohort's on the page of its plan."""

    form = AnnouncementForm
    fieldsets = (
        (None, {"fields": _WHEN}),
        (_("English"), {"fields": ("subject_en", "body_en")}),
        (_("Dutch"), {"fields": ("subject_nl", "body_nl")}),
        (_("German"), {"fields": ("subject_de", "body_de")}),
    )
    list_display = ("sends_on", "name", "cohort", "audience", "state")
    list_filter = ("cohort", "state", "stage")
    list_select_related = ("cohort__programme",)
    search_fields = ("subject_en", "subject_nl", "subject_de")
    ordering = ("sends_on", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = [name for name in super().get_readonly_fields(request, obj) if name != "state"]
        return [*own, "cohort"] if obj else own

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_sent = obj is not None and obj.state == AnnouncementState.SENT
        return super().has_change_permission(request, obj) and not is_sent

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """What was sent can only be read: a language nobody wrote in shows the words that went out in it."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and found.state == AnnouncementState.SENT:
            said = [(code, announcement_text(found, code)) for code, _name in settings.LANGUAGES]
            for code, text in said:  # only when all are read: each may fall back on another
                setattr(found, f"subject_{code}", text.subject)
                setattr(found, f"body_{code}", text.body)
        return found

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Announcement:
        by = self.acting(request)
        if obj is None:
            return add_announcement(cohort=values.pop("cohort"), values=values, by=by)
        return change_announcement(announcement=obj, values=values, by=by)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:programmes_announcement_plan", obj.cohort_id)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:programmes_announcement_plan", obj.cohort_id)

    @admin.display(description=_("heading"))
    def name(self, announcement: Announcement) -> str:
        return announcement_text(announcement, get_language() or "").subject or str(announcement)

    # --- the plan of a cohort ------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("plan/<int:cohort_id>/", guard(self.plan_view), name="programmes_announcement_plan"),
            path("<int:pk>/preview/", guard(self.preview_view), name="programmes_announcement_preview"),
            *super().get_urls(),
        ]

    @policy("coordinator")
    def plan_view(self, request: HttpRequest, cohort_id: int) -> HttpResponse:
        """What a cohort is told and when; planned, called off and laid out here."""
        cohort = (
            Cohort.objects.visible_to(request.user).select_related("programme").filter(pk=cohort_id).first()
        )
        if cohort is None:
            raise Http404
        if request.method == "POST":
            self._act(request, cohort)
            return redirect("admin:programmes_announcement_plan", cohort_id)
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Communication plan"),
            "opts": self.opts,
            "cohort": cohort,
            "lines": communication_plan(cohort, (get_language() or "en")[:2], today=now.date()),
        }
        return TemplateResponse(request, "admin/programmes/plan.html", context)

    def _act(self, request: HttpRequest, cohort: Cohort) -> None:
        by, now = self.acting(request), timezone.now()
        if "suggest" in request.POST:
            count = suggest_plan(cohort=cohort, by=by)
            text = ngettext("%(n)s announcement is laid out.", "%(n)s announcements are laid out.", count)
            self.message_user(request, text % {"n": count}, messages.SUCCESS)
            return
        rows = self.get_queryset(request).filter(cohort=cohort)
        if "plan_all" in request.POST:
            rows = rows.filter(state=AnnouncementState.SUGGESTED, sends_on__gte=now.date())
            plan_them = lambda row: plan_announcement(announcement=row, by=by, now=now)  # noqa: E731
            self.act_on_each(request, rows, plan_them, done=_planned)
            return
        number = request.POST.get("plan") or request.POST.get("call_off") or ""
        row = rows.filter(pk=number).first() if number.isdigit() else None
        if row is None:
            raise Http404
        step = plan_announcement if "plan" in request.POST else call_off_announcement
        try:
            step(announcement=row, by=by, now=now)
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)

    @policy("coordinator")
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How it will read in each language."""
        row = self.get_queryset(request).select_related("cohort__programme").filter(pk=pk).first()
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": self.opts,
            "row": row,
            "cohort": row.cohort,
            "shown": previews(row),
        }
        return TemplateResponse(request, "admin/programmes/announcement.html", context)


def _planned(count: int) -> str:
    text = ngettext("%(n)s announcement is planned.", "%(n)s announcements are planned.", count)
    return text % {"n": count}
