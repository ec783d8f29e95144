"""Privacy lines of mails and action links."""

from common.belongings import belongs, readable
from common.privacy import TECHNICAL, Line, declare
from outbox.choices import kind_name

_trace = Line("mail", "interest", "process", "mail_30", ("self", "coordinator"), True, "detach")
#: Numbers of rows, which say nothing outside: not in a copy.
_number = Line("mail", "interest", "process", "mail_30", ("self", "coordinator"), False, "detach")
_address = Line("mail", "interest", "contact", "mail_30", ("self", "coordinator"), True, "blank")
_content = Line("mail", "interest", "content", "mail_30", ("self",), False, "blank")
_answer = Line("mail", "interest", "process", "mail_30", ("operator",), False, "blank")
_link = Line("mail", "interest", "process", "links_14", ("nobody",), False, "delete_row")
_secret = Line("mail", "security", "security", "links_14", ("nobody",), False, "delete_row")

declare(
    "outbox.Message",
    ("id key is_discreet message_id policy priority attempts resends", TECHNICAL),
    ("rendered_at created_at not_before expires_at lease_token lease_until dot_at settled_at", TECHNICAL),
    ("kind state reason sent_at", _trace),
    ("programme_id about_kind about_id recipient_id", _number),
    ("address first_name language time_zone", _address),
    ("sender_name context links calendar valid_while raw", _content),
    ("smtp_code smtp_reply last_error", _answer),
)
declare(
    "outbox.ActionLink",
    ("id", TECHNICAL),
    ("token_sha256", _secret),
    ("purpose person_id about_kind about_id message created_at expires_at used_at revoked_at", _link),
)
_refusal = Line("mail", "interest", "process", "programme", ("self",), True, "delete_row")
declare("outbox.MailRefusal", ("id", TECHNICAL), ("person_id choice since", _refusal))
declare("outbox.MailWish", ("id", TECHNICAL), ("person_id choice since", _refusal))
declare("outbox.Relay", ("name failures failing_since retry_at last_error", TECHNICAL))

belongs("outbox.Message", "recipient_id", by_hand=True)
belongs("outbox.ActionLink", "person_id", by_hand=True)
readable("outbox.Message", "kind", lambda message: kind_name(message.kind))
belongs("outbox.MailRefusal", "person_id")
belongs("outbox.MailWish", "person_id")
