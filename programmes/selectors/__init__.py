"""Reads that put several models of programmes together."""

from programmes.selectors.calls import (
    OBSTACLES,
    PARTS,
    Audience,
    CallView,
    RoleOffer,
    call_ends_at,
    call_state,
    call_view,
    hours_of,
    open_calls,
    people_to_ask,
    places_of_company,
)
from programmes.selectors.colleagues import colleagues_called
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
    "OBSTACLES",
    "PARTS",
    "Audience",
    "CallView",
    "Gate",
    "IntakeTable",
    "Invitation",
    "Preview",
    "RoleOffer",
    "Sources",
    "call_ends_at",
    "call_state",
    "call_view",
    "colleagues_called",
    "complete_intakes",
    "coordinated_person_ids",
    "coordinated_programme_ids",
    "gates",
    "hours_of",
    "intake_digest",
    "intake_plan",
    "invitation",
    "invitation_about",
    "is_forward",
    "lacks_participants",
    "needed_person_ids",
    "next_stages",
    "open_calls",
    "people_to_ask",
    "places_of_company",
    "preview_import",
    "sentence",
    "sources_of",
    "stage_gates",
]
