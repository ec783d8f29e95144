"""Programmes, cohorts, the people in them, and the way in for all of them: the desk's own pages."""

from programmes.admin.calls import OpenCallAdmin
from programmes.admin.contacts import ContactRequestAdmin
from programmes.admin.enrolments import EnrolmentAdmin
from programmes.admin.importing import ImportFileAdmin
from programmes.admin.programmes import CohortAdmin, ProgrammeAdmin, TopicAdmin
from programmes.admin.staff import CoordinatorAdmin, NamedContactAdmin

__all__ = [
    "CohortAdmin",
    "ContactRequestAdmin",
    "CoordinatorAdmin",
    "EnrolmentAdmin",
    "ImportFileAdmin",
    "NamedContactAdmin",
    "OpenCallAdmin",
    "ProgrammeAdmin",
    "TopicAdmin",
]
