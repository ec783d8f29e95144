"""Every write to programmes, cohorts, enrolments and what belongs to them."""

from programmes.services.contacts import close_contact_request, request_contact, withdraw_contact_request
from programmes.services.enrolments import (
    change_enrolment,
    check_enrolment,
    enrol,
    set_enrolment_state,
    set_topics,
    withdraw_person,
)
from programmes.services.importing import JOB as IMPORT_JOB
from programmes.services.importing import (
    confirm_import,
    import_people,
    keep_files,
    run_import,
    settle_import,
)
from programmes.services.intake import apply_intake
from programmes.services.invitations import (
    accept_invitation,
    check_contact,
    check_coordinator,
    dismiss_contact,
    dismiss_coordinator,
    invite,
    invite_again,
    invite_all,
    is_still_valid,
    name_contact,
    name_coordinator,
    name_of_programme,
)
from programmes.services.programmes import (
    change_cohort,
    change_programme,
    create_cohort,
    create_programme,
    move_stage,
)

__all__ = [
    "IMPORT_JOB",
    "accept_invitation",
    "apply_intake",
    "change_cohort",
    "change_enrolment",
    "change_programme",
    "check_contact",
    "check_coordinator",
    "check_enrolment",
    "close_contact_request",
    "confirm_import",
    "create_cohort",
    "create_programme",
    "dismiss_contact",
    "dismiss_coordinator",
    "enrol",
    "import_people",
    "invite",
    "invite_again",
    "invite_all",
    "is_still_valid",
    "keep_files",
    "move_stage",
    "name_contact",
    "name_coordinator",
    "name_of_programme",
    "request_contact",
    "run_import",
    "set_enrolment_state",
    "set_topics",
    "settle_import",
    "withdraw_contact_request",
    "withdraw_person",
]
