"""Every write to programmes, cohorts, enrolments and what belongs to them."""

from programmes.services.contacts import close_contact_request, request_contact, withdraw_contact_request
from programmes.services.enrolments import enrol, set_enrolment_state, set_topics, withdraw_person
from programmes.services.importing import JOB as IMPORT_JOB
from programmes.services.importing import confirm_import, import_people, run_import
from programmes.services.intake import apply_intake
from programmes.services.invitations import (
    accept_invitation,
    dismiss_coordinator,
    invite,
    invite_again,
    is_still_valid,
    name_contact,
    name_coordinator,
    name_of_programme,
)
from programmes.services.programmes import create_cohort, create_programme, move_stage

__all__ = [
    "IMPORT_JOB",
    "accept_invitation",
    "apply_intake",
    "close_contact_request",
    "confirm_import",
    "create_cohort",
    "create_programme",
    "dismiss_coordinator",
    "enrol",
    "import_people",
    "invite",
    "invite_again",
    "is_still_valid",
    "move_stage",
    "name_contact",
    "name_coordinator",
    "name_of_programme",
    "request_contact",
    "run_import",
    "set_enrolment_state",
    "set_topics",
    "withdraw_contact_request",
    "withdraw_person",
]
