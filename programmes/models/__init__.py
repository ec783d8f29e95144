"""The standing programme, its dated cohorts, and who takes part in which role."""

from programmes.models.agreements import Agreement, Switches
from programmes.models.announcements import Announcement
from programmes.models.breaks import Break
from programmes.models.briefs import BriefReading
from programmes.models.calls import OpenCall
from programmes.models.charter import Goal, ProgrammeText
from programmes.models.cohorts import Cohort
from programmes.models.contacts import ContactRequest
from programmes.models.enrolments import Enrolment, TopicOffer, TopicWish
from programmes.models.intakes import Intake
from programmes.models.mail_lines import MailLines
from programmes.models.programmes import Programme
from programmes.models.readings import RecordReading
from programmes.models.selection import Assessment, Nomination, SelectionTally
from programmes.models.staff import Coordinator, CouncilMember, NamedContact, Sponsor, SponsorTask
from programmes.models.topic_calls import ColleagueTopic, TopicCall, TopicCallPass
from programmes.models.topics import ProgrammeTopic, Topic, TopicSuggestion
from programmes.models.words import WordsRelease

__all__ = [
    "Agreement",
    "Announcement",
    "Assessment",
    "Break",
    "BriefReading",
    "Cohort",
    "ColleagueTopic",
    "ContactRequest",
    "Coordinator",
    "CouncilMember",
    "Enrolment",
    "Goal",
    "Intake",
    "MailLines",
    "NamedContact",
    "Nomination",
    "OpenCall",
    "Programme",
    "ProgrammeText",
    "ProgrammeTopic",
    "RecordReading",
    "SelectionTally",
    "Sponsor",
    "SponsorTask",
    "Switches",
    "Topic",
    "TopicCall",
    "TopicCallPass",
    "TopicOffer",
    "TopicSuggestion",
    "TopicWish",
    "WordsRelease",
]
