"""Coordinators' lists of dates: when and in which state, never what about or who moved them (decisions 10, 26)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin, short_day
from meetings.models import Meeting
from meetings.selectors import rhythm_of
from pairings.admin import PairingAdmin
from pairings.models import Pairing

admin.site.unregister(Pairing)


class PairList(ChangeList):
    """A page of pairs with how each of them meets, read for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        rhythms = rhythm_of(rows, now=timezone.now())
        for row in rows:
            row.rhythm = rhythms[row.pk]
        self.result_list = rows


@admin.register(Pairing)
class PairingDeskAdmin(PairingAdmin):
    """The list of pairs where meetings are known: periods held, last and next date."""

    list_display = (
        "mentor_name", "mentee_name", "cohort", "state", "periods", "last_held", "next_date", "agreed", "goals_set",
    )  # fmt: skip

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PairList

    @admin.display(description=_("periods with a meeting"))
    def periods(self, pairing: Any) -> str:
        rhythm = pairing.rhythm
        return _("%(held)d of %(expected)d") % {"held": rhythm.held, "expected": rhythm.expected}

    @admin.display(description=_("last held"))
    def last_held(self, pairing: Any) -> str:
        day = pairing.rhythm.last_held_on
        return short_day(day) if day else ""

    @admin.display(description=_("next date"))
    def next_date(self, pairing: Any) -> str:
        day = pairing.rhythm.next_on
        return short_day(day) if day else ""


@admin.register(Meeting)
class MeetingAdmin(ScopedModelAdmin):
    """Dates and states of meetings. Read only: the two make, move and record them."""

    allows_add = allows_change = False
    fields = ("pairing", "starts_at", "ends_at", "state")
    list_display = ("starts_at", "pair", "cohort", "state")
    list_filter = ("state", "pairing__cohort")
    linked_lookups = ("pairing",)
    date_hierarchy = "starts_at"
    list_select_related = (
        "pairing__cohort__programme",
        "pairing__mentor__person",
        "pairing__mentee__person",
    )
    ordering = ("-starts_at", "-id")

    @admin.display(description=_("pair"))
    def pair(self, meeting: Meeting) -> str:
        return str(meeting.pairing)

    @admin.display(description=_("cohort"))
    def cohort(self, meeting: Meeting) -> str:
        return str(meeting.pairing.cohort)
