"""Matching runs, proposals and the rules they follow."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from operations.services import register_job
        from outbox.services import still_valid
        from participants.services import lines_changed, never_with_asked, person_erased, person_left
        from programmes.services import part_stopped, part_turning

        from . import privacy  # noqa: F401  (fills the register)
        from .services import (
            RUN_JOB,
            decline_for,
            forget_person,
            hold_proposals_in,
            mail_is_valid,
            run_matching,
            withdraw_broken_proposals,
            withdraw_proposals_in,
            withdraw_proposals_of,
        )

        register_job(RUN_JOB, run_matching)
        lines_changed.fill("matching", withdraw_broken_proposals)
        person_erased.fill("matching", forget_person)
        person_left.fill("matching", withdraw_proposals_of)
        part_stopped.fill("matching", withdraw_proposals_in)
        part_turning.fill("matching", hold_proposals_in)
        never_with_asked.fill("matching", decline_for)
        still_valid.fill("matching", mail_is_valid)
