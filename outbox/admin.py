"""The mail desk: what waits, went, failed or may have gone, and why; never what a mail says (decision 23)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin, scoped, short_moment
from common.policies import policy
from outbox.choices import State, kind_name
from outbox.models import Message
from outbox.selectors import Agenda, agendas, counts, health, suspects, totals
from outbox.services import dismiss, send_again


@admin.register(Message)
class MessageAdmin(ScopedModelAdmin):
    """Mail of the coordinator's programmes. Discreet kinds are counted below the list and not in it."""

    allows_add = allows_change = False
    fields = ("kind", "address", "state", "reason", "not_before", "sent_at")
    list_display = ("what", "address", "state_label", "why", "due", "left", "attempts")
    list_display_links = None
    list_filter = ("state", "kind")
    ordering: ClassVar = ["-id"]
    actions = ("send_again", "put_aside")
    change_list_template = "admin/outbox/message/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).nameable().defer("raw", "context", "calendar", "links")

    @admin.display(description=_("mail"), ordering="kind")
    def what(self, message: Message) -> str:
        return kind_name(message.kind)

    @admin.display(description=_("state"), ordering="state")
    def state_label(self, message: Message) -> str:
        return message.get_state_display()

    @admin.display(description=_("why"))
    def why(self, message: Message) -> str:
        return message.get_reason_display() if message.reason else ""

    @admin.display(description=_("due"), ordering="not_before")
    def due(self, message: Message) -> str:
        return short_moment(message.not_before)

    @admin.display(description=_("sent"), ordering="sent_at")
    def left(self, message: Message) -> str | None:
        return short_moment(message.sent_at) if message.sent_at else None

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, rows: Any) -> None:
        now = timezone.now()
        self.act_on_each(
            request,
            rows,
            lambda message: send_again(message=message, now=now),
            done=lambda n: ngettext("%d mail goes out again.", "%d mails go out again.", n) % n,
        )

    @admin.action(description=_("Put aside"))
    def put_aside(self, request: HttpRequest, rows: Any) -> None:
        now = timezone.now()
        self.act_on_each(
            request,
            rows,
            lambda message: dismiss(message=message, now=now),
            done=lambda n: ngettext("%d mail was put aside.", "%d mails were put aside.", n) % n,
        )

    def get_urls(self) -> list[URLPattern]:
        return [
            path("planned/", self.admin_site.admin_view(self.planned_view), name="outbox_message_planned"),
            *super().get_urls(),
        ]

    @policy("coordinator")
    def planned_view(self, request: HttpRequest) -> HttpResponse:
        """The next 30 days of planned mail as a calendar of kinds and counts, so that nobody is surprised."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        tables = [_table(one) for one in agendas(request.user, now=timezone.now())]
        context = {
            **self.admin_site.each_context(request),
            "title": _("The mail of the next 30 days"),
            "opts": self.model._meta,
            "tables": tables,
        }
        return render(request, "admin/outbox/message/planned.html", context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the counts of discreet kinds, and a word when the mail server is away."""
        table = counts(scoped(Message.objects.filter(is_discreet=True), request.user))
        sums = totals(table.values())
        states = [state for state in State if sums[state]]
        counted = [(kind_name(kind), [row.get(state, 0) for state in states]) for kind, row in table.items()]
        own = {
            "suspects": suspects(self.get_queryset(request), now=timezone.now()),
            "counted": counted,
            "counted_states": [state.label for state in states],
            "outbox": health(now=timezone.now()),
        }
        return super().changelist_view(request, {**own, **(extra_context or {})})


def _table(agenda: Agenda) -> dict[str, Any]:
    """A cohort's calendar for the page, each number beside the name of its column for narrow screens."""
    kinds = [kind_name(kind) for kind in agenda.kinds]
    days = [
        {"on": on, "cells": list(zip(kinds, numbers, strict=True)), "total": total}
        for on, numbers, total in agenda.days
    ]
    return {"agenda": agenda, "kinds": kinds, "days": days}
