"""Privacy lines of people, log-ins and roster files."""

from common.belongings import belongs, ends
from common.privacy import TECHNICAL, Line, declare

_public = ("self", "partner", "proposed", "coordinator")
_contact = Line("run", "interest", "contact", "programme", _public, export=True, erase="tombstone")
_address = Line("mail", "interest", "contact", "programme", ("self", "partner", "coordinator"), True, "blank")
_organisation = Line("match", "interest", "organisation", "programme", _public, True, "blank")
_chain = Line("match", "interest", "organisation", "programme", ("self", "coordinator"), True, "detach")
_choice = Line("match", "interest", "preference", "programme", ("self", "coordinator"), True, "blank")
_language = Line("mail", "interest", "preference", "programme", ("self", "coordinator"), True, "blank")
_account = Line("account", "security", "security", "account_30", ("self", "operator"), True, "delete_row")
_secret = Line("account", "security", "security", "account_30", ("nobody",), False, "delete_row")
_file = Line("run", "interest", "organisation", "files_7", ("coordinator",), False, "delete_row")

declare(
    "participants.Person",
    ("id created_at updated_at version is_chain_only", TECHNICAL),
    (
        "hr_key",
        Line("run", "interest", "organisation", "programme", ("self", "coordinator"), True, "tombstone"),
    ),
    ("first_name last_name", _contact),
    ("email", _address),
    ("job_title grade department team discipline city office country", _organisation),
    ("manager appraiser", _chain),
    ("time_zone availability languages", _choice),
    ("language", _language),
    ("state left_on", Line("run", "interest", "process", "programme", ("self", "coordinator"), True)),
    (
        "deletion_told_on",
        Line("operate", "interest", "process", "programme", ("self", "operator"), True, "blank"),
    ),
)
declare(
    "participants.DottedLine",
    ("id created_at updated_at", TECHNICAL),
    (
        "person manager",
        Line("match", "interest", "organisation", "programme", ("self", "coordinator"), True, "delete_row"),
    ),
)
declare(
    "participants.User",
    ("id", TECHNICAL),
    ("email person is_active is_staff is_superuser date_joined last_login groups user_permissions", _account),
    ("password", _secret),
)
_delegate = Line("meet", "interest", "contact", "programme", ("self", "delegate"), True, "delete_row")
declare(
    "participants.Delegation",
    ("id created_at updated_at", TECHNICAL),
    ("leader address first_name", _delegate),
)


_group = Line("match", "interest", "organisation", "programme", ("self", "coordinator"), True, "delete_row")
_own = Line("match", "interest", "preference", "programme", ("self",), True, "delete_row")
declare("participants.BarrierGroup", ("id created_at updated_at version name created_by", TECHNICAL))
declare("participants.Barrier", ("id created_at updated_at one other", TECHNICAL))
declare(
    "participants.GroupMembership",
    ("id created_at updated_at", TECHNICAL),
    ("person group", _group),
)
# The author's own, in their export alone; whoever is named there is never told (decision 31).
declare("participants.NeverWith", ("id", TECHNICAL), ("person other", _own))
declare("participants.TitleGrade", ("id created_at updated_at version title grade", TECHNICAL))
declare("participants.ColumnMapping", ("id created_at updated_at kind header_digest mapping", TECHNICAL))
declare(
    "participants.ImportFile",
    ("id created_at updated_at kind state job_id cohort_id goes_with purge_at scope", TECHNICAL),
    ("filename content mapping title_grades uploaded_by report outcomes", _file),
)
declare(
    "participants.ImportLog",
    ("id created_at updated_at counts file", TECHNICAL),
    (
        "filename by imported_at",
        Line("operate", "interest", "process", "log_12", ("self", "operator"), True, "detach"),
    ),
)
declare(
    "participants.ErasureRequest",
    ("id created_at updated_at counts", TECHNICAL),
    (
        "person state asked_at confirmed_at done_at",
        Line("run", "interest", "process", "programme", ("self", "coordinator"), True),
    ),
    ("by", Line("run", "interest", "process", "programme", ("coordinator",), False, "detach")),
)
declare(
    "participants.DataExport",
    ("id created_at updated_at", TECHNICAL),
    (
        "person asked_at made_at content",
        Line("run", "interest", "content", "day_1", ("self",), False, "delete_row"),
    ),
)

# --- to whom rows belong, and when their time is over -----------------------------------------------------

belongs("participants.Person", "pk", by_hand=True)
belongs("participants.DottedLine", "person", named=["manager"])
belongs("participants.User", "person")
belongs("participants.Delegation", "leader")
belongs("participants.GroupMembership", "person")
belongs("participants.NeverWith", "person", named=["other"])
#: A file names everybody in it, in a form that cannot be searched: all of them go with anybody.
belongs("participants.ImportFile", "uploaded_by", by_hand=True)
belongs("participants.ImportLog", "by")
belongs("participants.ErasureRequest", "person")
belongs("participants.DataExport", "person")
ends("participants.ImportLog", "imported_at")
ends("participants.User", "person__left_on", is_active=False)
ends("participants.DataExport", "asked_at", days=1)
