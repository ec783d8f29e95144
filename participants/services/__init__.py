"""Every write to people, log-ins and roster files."""

from participants.services.barriers import remove_barrier, set_barrier, set_groups
from participants.services.delegates import dismiss_delegate, name_delegate
from participants.services.erasing import (
    Traces,
    empty_rows,
    erase_person,
    erasure_waits,
    is_erased,
    person_erased,
)
from participants.services.files import (
    choose_columns,
    choose_grades,
    log_import,
    mark_imported,
    purge_files,
    put_aside,
    remember_columns,
    replace_content,
    settle_columns,
    store_file,
)
from participants.services.identities import bind_identity
from participants.services.keeping import Erased, erased_here, keep_list, read_list
from participants.services.lines import Stopped, lines_changed
from participants.services.logins import close_log_in, move_log_in, open_log_in
from participants.services.never_with import (
    ask_never_with,
    forget_wishes_of,
    never_with_asked,
    take_back_never_with,
)
from participants.services.people import (
    change_person,
    mark_left,
    note_told_of_deletion,
    person_left,
    register_person,
    update_preferences,
)
from participants.services.replaying import Replay, replay_erasures, to_replay
from participants.services.requests import (
    ERASE_JOB,
    EXPORT_JOB,
    ask_for_copy,
    ask_for_erasure,
    carry_out,
    erase_due_people,
    erasure_asked,
    finish_erasure,
    run_erasure,
    run_export,
    withdraw_erasure,
)
from participants.services.roster import (
    Confirmation,
    apply_roster,
    checked_roster,
)

__all__ = [
    "ERASE_JOB",
    "EXPORT_JOB",
    "Confirmation",
    "Erased",
    "Replay",
    "Stopped",
    "Traces",
    "apply_roster",
    "ask_for_copy",
    "ask_for_erasure",
    "ask_never_with",
    "bind_identity",
    "carry_out",
    "change_person",
    "checked_roster",
    "choose_columns",
    "choose_grades",
    "close_log_in",
    "dismiss_delegate",
    "empty_rows",
    "erase_due_people",
    "erase_person",
    "erased_here",
    "erasure_asked",
    "erasure_waits",
    "finish_erasure",
    "forget_wishes_of",
    "is_erased",
    "keep_list",
    "lines_changed",
    "log_import",
    "mark_imported",
    "mark_left",
    "move_log_in",
    "name_delegate",
    "never_with_asked",
    "note_told_of_deletion",
    "open_log_in",
    "person_erased",
    "person_left",
    "purge_files",
    "put_aside",
    "read_list",
    "register_person",
    "remember_columns",
    "remove_barrier",
    "replace_content",
    "replay_erasures",
    "run_erasure",
    "run_export",
    "set_barrier",
    "set_groups",
    "settle_columns",
    "store_file",
    "take_back_never_with",
    "to_replay",
    "update_preferences",
    "withdraw_erasure",
]
