"""Who would like a coordinator to get in touch: a name and a day, nothing else (decision 24)."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from programmes.choices import ContactState
from programmes.models import ContactRequest
from programmes.services import close_contact_request


@admin.register(ContactRequest)
class ContactRequestAdmin(ScopedModelAdmin):
    """Requests to the named contact never stand here; they are that person's alone."""

    allows_add = allows_change = False
    fields = ("person", "programme", "asked_on", "state", "closed_on")
    list_display = ("person", "programme", "asked_on", "state_tag")
    list_filter = ("state", "programme")
    list_select_related = ("person", "programme")
    search_fields = ("person__first_name", "person__last_name")
    ordering = ("state", "asked_on", "pk")
    actions = ("done",)

    @admin.display(description=_("state"), ordering="state")
    def state_tag(self, request: ContactRequest) -> str:
        kind = "tag-wait" if request.state == ContactState.OPEN else "tag-ok"
        return format_html('<span class="tag {}">{}</span>', kind, request.get_state_display())

    @admin.action(description=_("I have been in touch"))
    def done(self, request: HttpRequest, rows: QuerySet[ContactRequest]) -> None:
        now, by = timezone.now(), self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda row: close_contact_request(contact_request=row, by=by, now=now),
            done=lambda n: ngettext("%(n)s request is done.", "%(n)s requests are done.", n) % {"n": n},
        )
