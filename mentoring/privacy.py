"""Privacy lines of packages that are not ours: log-in, sessions, audit log (architecture, "Rooms")."""

from common.belongings import belongs, ends
from common.privacy import TECHNICAL, Line, declare

_account = Line("account", "security", "security", "account_30", ("self", "operator"), True, "delete_row")
_secret = Line("account", "security", "security", "account_30", ("nobody",), False, "delete_row")
_session = Line("account", "security", "security", "session", ("self", "operator"), True, "delete_row")
#: It holds what coordinators did to others: nobody's export carries it.
_audit = Line("operate", "security", "process", "log_12", ("coordinator", "operator"), False, "detach")

#: Django's own log of the desk cannot do without a user: it goes with them.
_desk = Line("operate", "security", "process", "log_12", ("coordinator", "operator"), False, "delete_row")

declare("account.EmailAddress", ("id", TECHNICAL), ("user email verified primary", _account))
declare("account.EmailConfirmation", ("id", TECHNICAL), ("email_address created sent key", _secret))
declare(
    "mfa.Authenticator", ("id", TECHNICAL), ("user type created_at last_used_at", _account), ("data", _secret)
)
declare(
    "socialaccount.SocialApp",
    ("id provider provider_id name client_id key settings", TECHNICAL),
    ("secret", Line("account", "security", "security", "forever", ("nobody",))),
    ("sites", TECHNICAL),
)
declare(
    "socialaccount.SocialAccount",
    ("id", TECHNICAL),
    ("user provider uid last_login date_joined extra_data", _account),
)
declare(
    "socialaccount.SocialToken", ("id", TECHNICAL), ("app account token token_secret expires_at", _secret)
)
declare(
    "usersessions.UserSession",
    ("id", TECHNICAL),
    ("user created_at ip last_seen_at session_key user_agent data", _session),
)
declare("sessions.Session", ("session_key session_data expire_date", _session))
declare(
    "admin.LogEntry",
    ("id", TECHNICAL),
    ("action_time user content_type object_id object_repr action_flag change_message", _desk),
)
declare(
    "auditlog.LogEntry",
    ("id", TECHNICAL),
    ("content_type object_pk object_id object_repr serialized_data action changes_text changes", _audit),
    ("actor actor_email cid remote_addr remote_port timestamp additional_data", _audit),
)
declare("auth.Group", ("id name permissions", TECHNICAL))
declare("auth.Permission", ("id name content_type codename", TECHNICAL))
declare("contenttypes.ContentType", ("id app_label model", TECHNICAL))
declare("sites.Site", ("id domain name", TECHNICAL))

for _model in (
    "account.EmailAddress",
    "mfa.Authenticator",
    "socialaccount.SocialAccount",
    "usersessions.UserSession",
):
    belongs(_model, "user__person")
belongs("account.EmailConfirmation", "email_address__user__person")
belongs("socialaccount.SocialToken", "account__user__person")
#: Sessions are ended, and the logs keep what was done and lose who and whom, in ``mentoring.forgetting``.
belongs("admin.LogEntry", "user__person")
belongs("auditlog.LogEntry", "actor__person", by_hand=True)
belongs("sessions.Session", by_hand=True)
ends("admin.LogEntry", "action_time")
ends("auditlog.LogEntry", "timestamp")
ends("sessions.Session", "expire_date", days=0)
ends("usersessions.UserSession", "last_seen_at")
