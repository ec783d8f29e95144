"""Programmes, cohorts, the people in them, and the way in for all of them: the desk's own pages."""

from programmes.admin.announcements import AnnouncementAdmin
from programmes.admin.calls import OpenCallAdmin
from programmes.admin.charter import ProgrammeAdmin
from programmes.admin.contacts import ContactRequestAdmin
from programmes.admin.enrolments import EnrolmentAdmin
from programmes.admin.importing import ImportFileAdmin
from programmes.admin.programmes import CohortAdmin
from programmes.admin.sponsor_tasks import SponsorTaskAdmin
from programmes.admin.staff import CoordinatorAdmin, CouncilMemberAdmin, NamedContactAdmin, SponsorAdmin
from programmes.admin.texts import GoalAdmin, ProgrammeTextAdmin
from programmes.admin.topic_calls import TopicCallAdmin
from programmes.admin.topics import TopicAdmin, TopicSuggestionAdmin

__all__ = [
    "AnnouncementAdmin",
    "CohortAdmin",
    "ContactRequestAdmin",
    "CoordinatorAdmin",
    "CouncilMemberAdmin",
    "EnrolmentAdmin",
    "GoalAdmin",
    "ImportFileAdmin",
    "NamedContactAdmin",
    "OpenCallAdmin",
    "ProgrammeAdmin",
    "ProgrammeTextAdmin",
    "SponsorAdmin",
    "SponsorTaskAdmin",
    "TopicAdmin",
    "TopicCallAdmin",
    "TopicSuggestionAdmin",
]
