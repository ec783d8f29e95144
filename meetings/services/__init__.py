"""Every write to periods and meetings. What other packages use is named here."""

from meetings.services.cycles import lay_cycles, lay_out_periods, plan_cycles
from meetings.services.dates import cancel_meeting, move_meeting, plan_meeting
from meetings.services.endings import call_off, call_off_paused, free_side
from meetings.services.mailing import is_still_valid
from meetings.services.outcomes import record_held, record_meeting
from meetings.services.reminding import remind

__all__ = [
    "call_off",
    "call_off_paused",
    "cancel_meeting",
    "free_side",
    "is_still_valid",
    "lay_cycles",
    "lay_out_periods",
    "move_meeting",
    "plan_cycles",
    "plan_meeting",
    "record_held",
    "record_meeting",
    "remind",
]
