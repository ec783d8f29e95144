"""Every write to periods and meetings. What other packages use is named here."""

from meetings.services.by_link import (
    Errand,
    ask_by_link,
    errand_behind,
    listener_for,
    move_by_link,
    plan_by_link,
    record_by_link,
)
from meetings.services.checkins import offer_checkins
from meetings.services.cycles import lay_cycles, lay_out_periods, plan_cycles
from meetings.services.dates import cancel_meeting, move_meeting, plan_meeting
from meetings.services.digest import send_digests
from meetings.services.endings import call_off, call_off_paused, free_side
from meetings.services.mailing import outdated_dates
from meetings.services.outcomes import record_held, record_meeting
from meetings.services.quarters import send_quarters
from meetings.services.reminding import remind

__all__ = [
    "Errand",
    "ask_by_link",
    "call_off",
    "call_off_paused",
    "cancel_meeting",
    "errand_behind",
    "free_side",
    "lay_cycles",
    "lay_out_periods",
    "listener_for",
    "move_by_link",
    "move_meeting",
    "offer_checkins",
    "outdated_dates",
    "plan_by_link",
    "plan_cycles",
    "plan_meeting",
    "record_by_link",
    "record_held",
    "record_meeting",
    "remind",
    "send_digests",
    "send_quarters",
]
