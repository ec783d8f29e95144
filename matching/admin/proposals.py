"""Proposals under way: who has answered what, for whoever looks for the next partner."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from common.admin import ScopedModelAdmin
from matching.models import Proposal


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
