"""Privacy lines of periods, meetings and reminders."""

from common.belongings import belongs, ends
from common.privacy import TECHNICAL, Line, declare

_date = Line("meet", "interest", "process", "programme", ("self", "partner", "delegate", "coordinator"), True)
_place = Line("meet", "interest", "process", "programme", ("self", "partner", "delegate"), True, "blank")
#: Who entered a date is the two's business; who moved or missed one is stored nowhere (decision 26).
_entered = Line("meet", "interest", "process", "programme", ("self", "partner"), True, "detach")
_count = Line("meet", "interest", "process", "programme", ("group",), False)
_booking = Line("meet", "interest", "process", "programme", ("self",), False, "delete_row")
_reminder = Line("mail", "interest", "process", "mail_30", ("nobody",), True, "delete_row")

declare("meetings.Cycle", ("id pairing ordinal starts_on ends_on", TECHNICAL))
declare(
    "meetings.Meeting",
    ("id created_at updated_at uuid ical_uid organizer sequence revised_at", TECHNICAL),
    ("pairing starts_at ends_at time_zone state format", _date),
    ("place", _place),
    ("entered_by", _entered),
    ("times_moved", _count),
)
declare("meetings.Booking", ("id", TECHNICAL), ("person meeting span", _booking))
declare(
    "meetings.Reminder", ("id", TECHNICAL), ("key kind pairing person due_on state created_at", _reminder)
)

_two = ("pairing__mentor__person", "pairing__mentee__person")
belongs("meetings.Meeting", *_two, within="pairing__cohort__programme")
belongs("meetings.Booking", "person", within="meeting__pairing__cohort__programme")
belongs("meetings.Reminder", "person", within="pairing__cohort__programme")
ends("meetings.Reminder", "created_at")
