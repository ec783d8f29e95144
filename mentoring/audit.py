"""What the audit log follows: explicit models and fields, never answers, notes or pair content (decision 21)."""

from auditlog.registry import auditlog

from matching.models import MatchingRun, PairDecision
from pairings.models import Pairing
from participants.models import Barrier, BarrierGroup, Person
from programmes.models import (
    Agreement,
    Cohort,
    Coordinator,
    CouncilMember,
    Enrolment,
    Goal,
    NamedContact,
    OpenCall,
    Programme,
    ProgrammeText,
    Sponsor,
    SponsorTask,
    Switches,
    TopicCall,
)

auditlog.register(
    Programme,
    include_fields=[
        "name", "purpose", "purpose_en", "purpose_nl", "purpose_de", "language",
        "sender_name", "ambition", "outcomes", "scope", "scope_name", "perspectives",
        "mentor_lowest_grade", "mentor_highest_grade", "mentor_departments", "mentor_min_months",
        "mentee_lowest_grade", "mentee_highest_grade", "mentee_departments", "mentee_min_months",
        "formats", "hierarchy", "months", "cadence", "meeting_minutes", "has_circles", "confidentiality",
        "signed_by", "budget",
    ],
)  # fmt: skip
auditlog.register(
    Goal,
    include_fields=[
        "programme",
        "kind",
        "text",
        "text_en",
        "text_nl",
        "text_de",
        "measure",
        "target",
        "due_on",
        "outcome",
    ],
)
auditlog.register(ProgrammeText, include_fields=["programme", "key"])
auditlog.register(
    Cohort,
    include_fields=[
        "name",
        "stage",
        "starts_on",
        "ends_on",
        "cadence",
        "most_often",
        "least_often",
        "meeting_minutes",
        "has_circles",
        "planned_mentors",
        "planned_mentees",
        "min_grade_distance",
        "weights",
        "answer_days",
        "min_group_size",
        "min_comment_group",
    ],
)
auditlog.register(
    OpenCall,
    include_fields=[
        "closes_on",
        "mentor_seats",
        "mentee_seats",
        "mentor_grade_to",
        "mentee_grade_from",
        "departments",
        "lets_in",
    ],
)
auditlog.register(
    Switches,
    include_fields=["programme", "pulses", "attention", "manager_notice", "circle_attendance", "read_log"],
)
auditlog.register(TopicCall, include_fields=["programme", "closes_on", "state"])
auditlog.register(Agreement, include_fields=["programme", "number", "outcome", "agreed_on", "digest"])
auditlog.register(Coordinator, include_fields=["programme", "person"])
auditlog.register(NamedContact, include_fields=["programme", "person"])
auditlog.register(Sponsor, include_fields=["programme", "person"])
auditlog.register(SponsorTask, include_fields=["programme", "text", "due_on", "done_on"])
auditlog.register(CouncilMember, include_fields=["programme", "person"])
auditlog.register(Enrolment, include_fields=["cohort", "person", "role", "state", "capacity"])
auditlog.register(Person, include_fields=["state", "grade", "manager", "appraiser", "department", "team"])
auditlog.register(BarrierGroup, include_fields=["name"])
auditlog.register(Barrier, include_fields=["one", "other"])
auditlog.register(Pairing, include_fields=["state"])
auditlog.register(MatchingRun, include_fields=["state"])
auditlog.register(PairDecision, include_fields=["mentor", "mentee", "kind"])
