"""Reads that put several models of programmes together."""

from programmes.selectors.gates import Gate, complete_intakes
from programmes.selectors.importing import Preview, Sources, lacks_participants, preview_import, sources_of
from programmes.selectors.intake import IntakeTable, intake_digest, intake_plan
from programmes.selectors.invitations import INVITATION, Invitation, invitation, invitation_about
from programmes.selectors.scope import (
    coordinated_person_ids,
    coordinated_programme_ids,
    needed_person_ids,
)
from programmes.selectors.stages import gates, is_forward, next_stages, stage_gates
from programmes.selectors.wording import INTAKE_FIELD_NAMES, sentence

__all__ = [
    "INTAKE_FIELD_NAMES",
    "INVITATION",
    "Gate",
    "IntakeTable",
    "Invitation",
    "Preview",
    "Sources",
    "complete_intakes",
    "coordinated_person_ids",
    "coordinated_programme_ids",
    "gates",
    "intake_digest",
    "intake_plan",
    "invitation",
    "invitation_about",
    "is_forward",
    "lacks_participants",
    "needed_person_ids",
    "next_stages",
    "preview_import",
    "sentence",
    "sources_of",
    "stage_gates",
]
