"""The project's own programs with short waits, so that a drill takes seconds where life takes minutes.

Nothing else differs: a lease of five seconds rather than five minutes, retries after a second, and a witness that
reads the mail server's log where a drill wants one. `celery -A tests.drill.hands` is the application, and
`python -m tests.drill.hands COMMAND` is `manage.py`.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.conf import settings

TEMPLATES = Path(__file__).parent / "templates"
LEASE = timedelta(seconds=5)
TRY_AGAIN = timedelta(seconds=1)


def adjust() -> None:
    """Shorten what waits, in this process."""
    folders = settings.TEMPLATES[0]["DIRS"]
    if TEMPLATES not in folders:
        folders.insert(0, TEMPLATES)
    django.setup()
    from outbox.engine import replies
    from outbox.services import draining, settling, was_accepted

    settling.LEASE = LEASE  # type: ignore[misc]
    draining.RENEW_EVERY = 1.0  # type: ignore[misc]
    replies.WAITS = (TRY_AGAIN,) * 40  # type: ignore[misc]
    replies.RELAY_FIRST = replies.RELAY_LONGEST = TRY_AGAIN  # type: ignore[misc]
    if os.environ.get("DRILL_WITNESS"):
        was_accepted.fill("drill", _seen)


def _seen(*, message_id: str, dot_at: datetime) -> bool:
    """An ideal witness: the mail server's own log, read well after the dot."""
    return f'"{message_id}"' in Path(os.environ["DRILL_WITNESS"]).read_text()


def _celery() -> object:
    adjust()
    from mentoring.celery import app

    app.conf.beat_schedule = {
        name: {"task": name, "schedule": 1.0, "options": {"expires": 5}}
        for name in ("outbox.drain", "outbox.recover")
    }
    if os.environ.get("DRILL_VISIBILITY"):
        transport = dict(app.conf.broker_transport_options)
        transport["visibility_timeout"] = int(os.environ["DRILL_VISIBILITY"])
        app.conf.broker_transport_options = transport
    return app


if __name__ == "__main__":
    adjust()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])
else:
    app = (
        _celery()
        if "celery" in Path(sys.argv[0]).name or sys.argv[0].endswith("celery/__main__.py")
        else None
    )
