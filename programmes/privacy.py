"""Privacy lines of programmes, cohorts and enrolments."""

from common.belongings import belongs, ends, readable
from common.privacy import TECHNICAL, Line, declare
from programmes.selectors import open_intake_text

_document = Line("run", "none", "none", "forever", ("everyone",))
_internal = Line("run", "none", "none", "forever", ("coordinator",))
_staff = Line("run", "interest", "contact", "programme", ("everyone",), True, "delete_row")
_council = Line(
    "run", "interest", "contact", "programme", ("self", "coordinator", "council"), True, "delete_row"
)
_task = Line("run", "interest", "process", "programme", ("sponsor", "coordinator"), True)
_recorder = Line("run", "interest", "contact", "programme", ("coordinator", "council"), False, "detach")
_process = Line("run", "interest", "process", "programme", ("self", "coordinator"), True)
_choice = Line("match", "interest", "preference", "programme", ("self", "coordinator"), True, "delete_row")
#: The same in a row that stays, because a pair or the notice that was read hangs on it.
_setting = Line("match", "interest", "preference", "programme", ("self", "coordinator"), True, "blank")
_topic = Line(
    "match",
    "interest",
    "preference",
    "programme",
    ("self", "partner", "proposed", "coordinator"),
    True,
    "delete_row",
)
#: Never shown, filtered, sorted or counted per person (decision 8, B-05).
_perspective = Line("match", "interest", "preference", "programme", ("self",), True, "blank")
#: Either of the last two, whichever the person asked for: never both.
#: Coordinators see how many, not who.
_read = Line("run", "interest", "process", "programme", ("self", "group"), True, "delete_row")
_safe = Line(
    "safety", "interest", "process", "programme", ("self", "contact", "coordinator"), True, "delete_row"
)

declare(
    "programmes.Programme",
    ("id created_at updated_at version", TECHNICAL),
    ("purpose_en purpose_nl purpose_de", _document),
    ("name purpose language sender_name ambition outcomes scope scope_name perspectives", _document),
    ("mentor_lowest_grade mentor_highest_grade mentor_departments mentor_min_months", _document),
    ("mentee_lowest_grade mentee_highest_grade mentee_departments mentee_min_months", _document),
    ("formats hierarchy months cadence meeting_minutes has_circles confidentiality signed_by", _document),
    ("budget", _internal),
)
declare(
    "programmes.Goal",
    ("id created_at updated_at version", TECHNICAL),
    ("text_en text_nl text_de", _document),
    ("programme kind text measure target due_on outcome", _document),
)
declare(
    "programmes.ProgrammeText",
    ("id created_at updated_at version", TECHNICAL),
    ("programme key subject_en body_en subject_nl body_nl subject_de body_de", _document),
)
declare(
    "programmes.MailLines",
    ("id created_at updated_at version", TECHNICAL),
    ("programme opening_en closing_en opening_nl closing_nl opening_de closing_de", _document),
)
_break = Line("run", "interest", "process", "programme", ("self",), True, "delete_row")
declare(
    "programmes.Break",
    ("id created_at updated_at", TECHNICAL),
    ("enrolment started_at resume_on ended_at resumes_as is_objection", _break),
)
declare("programmes.Coordinator", ("id created_at updated_at", TECHNICAL), ("programme person", _staff))
declare("programmes.Sponsor", ("id created_at updated_at", TECHNICAL), ("programme person", _staff))
declare("programmes.CouncilMember", ("id created_at updated_at", TECHNICAL), ("programme person", _council))
declare(
    "programmes.SponsorTask",
    ("id created_at updated_at version", TECHNICAL),
    ("programme text due_on done_on", _task),
)
declare("programmes.NamedContact", ("id created_at updated_at", TECHNICAL), ("programme person", _staff))
declare(
    "programmes.Cohort",
    ("id created_at updated_at version", TECHNICAL),
    ("programme name stage starts_on ends_on time_zone cadence meeting_minutes", _document),
    ("most_often least_often", _document),
    ("has_circles planned_mentors planned_mentees", _document),
    ("min_grade_distance weights answer_days min_group_size min_comment_group", _document),
)
declare(
    "programmes.OpenCall",
    ("id created_at updated_at version", TECHNICAL),
    ("cohort closes_on mentor_seats mentee_seats mentor_grade_to mentee_grade_from", _document),
    ("departments lets_in", _document),
)
declare(
    "programmes.Switches",
    ("id created_at updated_at version", TECHNICAL),
    ("programme pulses attention manager_notice circle_attendance read_log", _document),
)
declare(
    "programmes.Agreement",
    ("id recorded_at", TECHNICAL),
    ("programme number outcome agreed_on note content digest", _document),
    ("recorded_by", _recorder),
)
declare(
    "programmes.Topic",
    ("id created_at updated_at version", TECHNICAL),
    ("code programme name_en name_nl name_de direction perspective is_retired reviewed_on", _document),
)
declare(
    "programmes.ProgrammeTopic",
    ("id created_at updated_at", TECHNICAL),
    ("programme topic is_hidden reviewed_on", _document),
)
declare(
    "programmes.TopicSuggestion",
    ("id created_at updated_at", TECHNICAL),
    ("programme person name why state topic is_offered", _choice),
)
declare(
    "programmes.TopicCall",
    ("id created_at updated_at version", TECHNICAL),
    ("programme closes_on state opened_at reminded_at", _document),
)
declare(
    "programmes.ColleagueTopic",
    ("id created_at updated_at", TECHNICAL),
    ("programme person topic sentence", _choice),
)
#: Keeps a reminder away, and says nothing to anybody.
_passed = Line("mail", "interest", "process", "programme", ("self",), True, "delete_row")
declare("programmes.TopicCallPass", ("id", TECHNICAL), ("call person", _passed))
declare(
    "programmes.Enrolment",
    ("id created_at updated_at version", TECHNICAL),
    ("cohort person role state invited_at", _process),
    ("capacity is_cross_border style", _setting),
    ("perspectives_offered perspective_wanted", _perspective),
)
declare("programmes.BriefReading", ("id", TECHNICAL), ("enrolment read_on is_current", _read))
declare(
    "programmes.Announcement",
    ("id created_at updated_at version", TECHNICAL),
    ("cohort code stage anchor offset_days sends_on audience state sent_to", _document),
    ("subject_en body_en subject_nl body_nl subject_de body_de", _document),
)
declare("programmes.TopicOffer", ("id", TECHNICAL), ("enrolment topic level example", _topic))
declare("programmes.TopicWish", ("id", TECHNICAL), ("enrolment topic priority level example", _topic))
declare(
    "programmes.ContactRequest",
    ("id", TECHNICAL),
    ("programme person target state asked_on closed_on", _safe),
)

#: Who opened whose record: the person's to read; a works council sees how many (B-11).
_opened = Line("safety", "interest", "process", "log_12", ("self",), True, "delete_row")
declare(
    "programmes.RecordReading",
    ("id", TECHNICAL),
    ("programme person reader page read_at", _opened),
)

#: What is thought of candidates: gone when their cohort begins (decision 30).
_opinion = Line("run", "interest", "process", "cohort_start", ("coordinator",), False, "delete_row")
_own_view = Line("run", "interest", "process", "cohort_start", ("self", "coordinator"), True, "delete_row")
declare(
    "programmes.Nomination",
    ("id created_at updated_at", TECHNICAL),
    ("cohort role nominee address nominator words digital innovative communication", _opinion),
)
declare(
    "programmes.Assessment",
    ("id created_at updated_at version", TECHNICAL),
    ("enrolment digital innovative communication reason place waiting_since", _opinion),
    ("own_digital own_innovative own_communication", _own_view),
)
declare("programmes.SelectionTally", ("id created_at updated_at", TECHNICAL), ("cohort figures", _document))
declare(
    "programmes.Intake",
    ("id created_at updated_at enrolment reached", TECHNICAL),
    ("completed_at notice_version notice_on is_ready", _process),
    ("openness strengths education graduated", _setting),
    ("place channel minutes", _setting),
    ("draft consent_on craft_missed", _perspective),
    ("words", Line("match", "interest", "content", "programme", ("self", "chosen"), True, "blank")),
)
declare(
    "programmes.WordsRelease",
    ("id created_at updated_at", TECHNICAL),
    (
        "mentor mentee state released_at read_at taken_back_at",
        Line("match", "interest", "process", "programme", ("self", "proposed"), True, "delete_row"),
    ),
)

# --- to whom rows belong ------------------------------------------------------------------------------------

for _model in (
    "Coordinator",
    "Sponsor",
    "CouncilMember",
    "NamedContact",
    "ContactRequest",
    "TopicSuggestion",
    "ColleagueTopic",
):
    belongs(f"programmes.{_model}", "person", within="programme")
belongs("programmes.TopicCallPass", "person", within="call__programme")
belongs("programmes.Agreement", "recorded_by", within="programme")
belongs("programmes.Enrolment", "person", within="cohort__programme")
belongs("programmes.Nomination", "nominator", named=["nominee"], within="cohort__programme")
for _model in ("BriefReading", "Break", "TopicOffer", "TopicWish", "Intake", "Assessment"):
    belongs(f"programmes.{_model}", "enrolment__person", within="enrolment__cohort__programme")
#: The yes is the mentor's: one that was taken back unread is nobody's business but theirs.
belongs(
    "programmes.WordsRelease", "mentor__person", named=["mentee__person"], within="mentor__cohort__programme"
)
#: Whoever is erased as a reader is taken out of others' lines by hand: the lines are not theirs.
belongs("programmes.RecordReading", "person", within="programme")
ends("programmes.RecordReading", "read_at")
readable("programmes.Intake", "words", lambda intake: open_intake_text(intake, intake.words))
readable("programmes.Intake", "draft", lambda intake: open_intake_text(intake, intake.draft))
