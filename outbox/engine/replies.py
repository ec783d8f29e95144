"""What a mail server's answers mean, and when to try again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

#: Waits after the first, second, … failure. Together about a day; after the last the mail has failed.
WAITS: Final[Sequence[timedelta]] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
#: Waits while the mail server cannot be reached: doubled each time, up to the last.
RELAY_FIRST: Final = timedelta(seconds=30)
RELAY_LONGEST: Final = timedelta(minutes=10)

TOO_LARGE: Final = 552
BUSY: Final = 432
_POLICY: Final = re.compile(r"\b5\.7\.\d+")


def is_final(stage: str, code: int, text: str, attempts: int) -> bool:
    """Whether an answer condemns this mail, or it may come back later.

    A 5xx at RCPT or DATA is the mail's own fault. At MAIL, or with an enhanced code 5.7 at RCPT, the server
    objects to us (sender not allowed, no relaying): every mail would get the same answer until somebody mends
    the settings, so it waits. A "too large" is believed the second time only: some servers say it when full.

    Args:
        stage: "mail", "rcpt", "data" or "end".
        attempts: how often the mail was tried, this time included.
    """
    if not 500 <= code <= 599 or stage == "mail":
        return False
    if stage == "rcpt" and _POLICY.search(text):
        return False
    return code != TOO_LARGE or attempts > 1


def wait(attempts: int, code: int, chance: float) -> timedelta | None:
    """How long a mail waits after its ``attempts``-th failure; None when it has had its last.

    Args:
        chance: between 0 and 1; spreads mails that failed together by 20 % to either side.
    """
    if attempts > len(WAITS):
        return None
    if code == BUSY:  # too many connections at once: come back soon, but not all together
        return timedelta(seconds=30 + 10 * attempts * chance)
    return WAITS[attempts - 1] * (0.8 + 0.4 * chance)


def relay_wait(failures: int) -> timedelta:
    """How long the mail server is left alone after its ``failures``-th failure in a row."""
    return min(RELAY_FIRST * 2 ** min(failures - 1, 10), RELAY_LONGEST)
