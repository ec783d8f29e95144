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
from programmes.selectors.council import (
    Change,
    Kind,
    Standing,
    changes,
    covers_evaluation,
    evaluation_kinds,
    is_covered,
    is_on,
    settings_now,
    standing_of,
    switches_of,
    thresholds,
)
from programmes.selectors.gates import Gate, complete_intakes
from programmes.selectors.importing import Preview, Sources, lacks_participants, preview_import, sources_of
from programmes.selectors.intake import IntakeTable, intake_digest, intake_plan
from programmes.selectors.invitations import INVITATION, Invitation, invitation, invitation_about, is_expected
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
    "Change",
    "Gate",
    "IntakeTable",
    "Invitation",
    "Kind",
    "Preview",
    "RoleOffer",
    "Sources",
    "Standing",
    "call_ends_at",
    "call_state",
    "call_view",
    "changes",
    "colleagues_called",
    "complete_intakes",
    "coordinated_person_ids",
    "coordinated_programme_ids",
    "covers_evaluation",
    "evaluation_kinds",
    "gates",
    "hours_of",
    "intake_digest",
    "intake_plan",
    "invitation",
    "invitation_about",
    "is_covered",
    "is_expected",
    "is_forward",
    "is_on",
    "lacks_participants",
    "needed_person_ids",
    "next_stages",
    "open_calls",
    "people_to_ask",
    "places_of_company",
    "preview_import",
    "sentence",
    "settings_now",
    "sources_of",
    "stage_gates",
    "standing_of",
    "switches_of",
    "thresholds",
]
