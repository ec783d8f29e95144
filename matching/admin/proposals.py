"""Proposals under way: who has answered what, for whoever looks for the next partner."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from matching.models import Proposal
from matching.services import withdraw_proposal


@admin.register(Proposal)
class ProposalAdmin(ScopedModelAdmin):
    """Read only: proposals come from a run and end by answers or time."""

    allows_add = allows_change = False
    fields = (
        "cohort", "run", "mentor", "mentee", "state", "mentor_answer", "mentee_answer", "proposed_at",
        "answer_by", "closed_at",
    )  # fmt: skip
    list_display = ("__str__", "state", "mentor_answer", "mentee_answer", "answer_by")
    list_filter = ("cohort", "state")
    list_select_related = ("mentor__person", "mentee__person", "cohort__programme")
    search_fields = (
        "mentor__person__first_name", "mentor__person__last_name",
        "mentee__person__first_name", "mentee__person__last_name",
    )  # fmt: skip
    ordering: ClassVar = ["-proposed_at", "-id"]
    actions = ("withdraw",)

    @admin.action(description=_("Withdraw the chosen proposals"))
    def withdraw(self, request: HttpRequest, rows: Any) -> None:
        """Both people of each read that it did not come about."""
        now = timezone.now()
        by = self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda proposal: withdraw_proposal(proposal=proposal, by=by, now=now),
            done=lambda n: ngettext("%(n)s proposal withdrawn.", "%(n)s proposals withdrawn.", n) % {"n": n},
        )
