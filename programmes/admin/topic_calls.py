"""Topic calls at the desk: asked, followed in numbers, closed; and what colleagues have named (S4.9)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.policies import policy
from operations.admin import JobPage, describe_job
from operations.models import Job
from programmes.admin.service_forms import ServiceForm, ServiceFormAdmin
from programmes.choices import TopicCallState
from programmes.models import TopicCall
from programmes.selectors import colleague_topics, remind_day_of, topic_call_state, turnout
from programmes.services import (
    ASK_TOPICS_JOB,
    change_topic_call,
    close_topic_call,
    open_topic_call,
    prepare_topic_call,
)

#: Answers on one page.
PER_PAGE = 25
_STATES = {
    "prepared": ("", _("not asked yet")),
    "open": ("tag-lit", _("colleagues name topics")),
    "over": ("tag-wait", _("its last day has passed")),
    "closed": ("", _("closed")),
}


class TopicCallForm(ServiceForm):
    given = ("programme", "closes_on")

    class Meta:
        model = TopicCall
        fields = ("programme", "closes_on")
        widgets = {"closes_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


@admin.register(TopicCall)
class TopicCallAdmin(ServiceFormAdmin):
    """One question at a time a programme; its page shows how it is answered."""

    form = TopicCallForm
    change_form_template = "admin/programmes/topiccall_form.html"
    fields = ("programme", "closes_on")
    list_display = ("programme", "state_tag", "closes_on", "page_link")
    list_filter = ("programme", "state")
    list_select_related = ("programme",)
    search_fields = ("programme__name",)
    ordering = ("-closes_on", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = [name for name in super().get_readonly_fields(request, obj) if name != "state"]
        return [*own, "programme"] if obj else own

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_closed = obj is not None and obj.state == TopicCallState.CLOSED
        return super().has_change_permission(request, obj) and not is_closed

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> TopicCall:
        by = self.acting(request)
        if obj is None:
            return prepare_topic_call(programme=values.pop("programme"), values=values, by=by)
        return change_topic_call(call=obj, values=values, by=by)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:programmes_topiccall_turnout", obj.pk)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:programmes_topiccall_turnout", obj.pk)

    @admin.display(description=_("state"))
    def state_tag(self, call: TopicCall) -> str:
        look, words = _STATES[topic_call_state(call, timezone.now())]
        return format_html('<span class="tag {}">{}</span>', look, words)

    @admin.display(description=_("answers"))
    def page_link(self, call: TopicCall) -> str:
        address = reverse("admin:programmes_topiccall_turnout", args=[call.pk])
        return format_html('<a href="{}">{}</a>', address, _("Ask, and see what is named"))

    # --- the page of a call -------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.turnout_view)
        return [path("<int:pk>/answers/", page, name="programmes_topiccall_turnout"), *super().get_urls()]

    @policy("coordinator")
    def turnout_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask everybody, see how many have named a topic and what, and close."""
        call = self.get_queryset(request).select_related("programme").filter(pk=pk).first()
        if call is None:
            raise Http404
        if request.method == "POST":
            return self._act(request, call)
        now = timezone.now()
        state = topic_call_state(call, now)
        page: Any = Paginator(colleague_topics(call.programme_id), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Topics of colleagues"),
            "opts": self.opts,
            "call": call,
            "state": state,
            "state_words": _STATES[state][1],
            "turnout": turnout(call),
            "remind_on": remind_day_of(call),
            "page": page,
        }
        return TemplateResponse(request, "admin/programmes/topiccall.html", context)

    def _act(self, request: HttpRequest, call: TopicCall) -> HttpResponse:
        by, now = self.acting(request), timezone.now()
        try:
            if "open" in request.POST:
                job = open_topic_call(call=call, by=by, now=now)
                return redirect("admin:operations_job_progress", job.pk)
            if "close" in request.POST:
                close_topic_call(call=call, by=by, now=now)
                self.message_user(request, _("The call is closed. What was named stays."), messages.SUCCESS)
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        return redirect("admin:programmes_topiccall_turnout", call.pk)


def _told(job: Job) -> list[str]:
    return [str(_("%(told)s mails are on their way.")) % job.result]


def _page_of(job: Job) -> str:
    return reverse("admin:programmes_topiccall_turnout", args=[job.params["call"]])


describe_job(
    ASK_TOPICS_JOB,
    JobPage(
        title=_("Asking colleagues for topics"),
        summary=_told,
        next_step=lambda job: (_page_of(job), _("To what is named")),
        back=lambda job: (_page_of(job), _("Back to the call")),
    ),
)
