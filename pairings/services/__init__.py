"""Every write to pairs. What other packages use is named here."""

from pairings.services.completing import complete_pairing
from pairings.services.confirming import (
    activate_pairing,
    confirm_pairing,
    pairing_confirmed,
    settle_taster,
)
from pairings.services.ending import (
    end_pairing,
    end_pairs_of_person,
    has_untold_partners,
    pairing_ended,
    send_due_notices,
    side_freed,
)
from pairings.services.holding import hold_broken_pairs
from pairings.services.mailing import is_still_valid
from pairings.services.pact import (
    accept_agreement,
    add_goal,
    change_goal,
    destroy_spent_keys,
    remove_goal,
    set_steps,
)
from pairings.services.parts import hold_pairs, resume_pairs, stop_pairs
from pairings.services.pausing import pairing_paused, pause_pairing, resume_due_pairings, resume_pairing
from pairings.services.rhythm import (
    agree_to_rhythm,
    decline_rhythm,
    rhythm_changed,
    suggest_rhythm,
    take_back_rhythm,
)
from pairings.services.telling import tell_of_pauses

__all__ = [
    "accept_agreement",
    "activate_pairing",
    "add_goal",
    "agree_to_rhythm",
    "change_goal",
    "complete_pairing",
    "confirm_pairing",
    "decline_rhythm",
    "destroy_spent_keys",
    "end_pairing",
    "end_pairs_of_person",
    "has_untold_partners",
    "hold_broken_pairs",
    "hold_pairs",
    "is_still_valid",
    "pairing_confirmed",
    "pairing_ended",
    "pairing_paused",
    "pause_pairing",
    "remove_goal",
    "resume_due_pairings",
    "resume_pairing",
    "resume_pairs",
    "rhythm_changed",
    "send_due_notices",
    "set_steps",
    "settle_taster",
    "side_freed",
    "stop_pairs",
    "suggest_rhythm",
    "take_back_rhythm",
    "tell_of_pauses",
]
