"""Signs of life: worker and beat each renew a short-lived key in the broker.

A key of our own rather than Celery's `inspect().ping()`, which always waits its whole time-out and competes
with the work. The age comes from the key's remaining lifetime, so no two hosts' clocks are compared.
"""

import logging
import time
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery import beat
from celery.signals import heartbeat_sent, worker_ready
from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

LIFETIME = timedelta(minutes=10)
LATE_AFTER = timedelta(seconds=20)
BEAT_EVERY = 4.0  # seconds; the worker's come every 2 seconds
NETWORK_TIMEOUT = 1.0


def redis_url(broker_url: str) -> str:
    """The broker's address as redis-py spells it; only the Unix socket form differs from kombu's."""
    parts = urlsplit(broker_url)
    if parts.scheme != "redis+socket":
        return broker_url
    database = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={database}"


@cache
def client() -> Redis:
    """One client per process: no retries and short time-outs, for redis-py's own waits several seconds."""
    return Redis.from_url(
        redis_url(settings.CELERY_BROKER_URL),
        socket_timeout=NETWORK_TIMEOUT,
        socket_connect_timeout=NETWORK_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


def record_sign_of_life(program: str) -> bool:
    """Renew the key of "worker" or "beat". A broker that is away is no reason to fail: others see it."""
    try:
        client().set(_key(program), 1, px=LIFETIME)
    except (RedisError, OSError) as error:
        logger.debug("No sign of life of %s recorded: %s", program, error)
        return False
    return True


def age(program: str) -> timedelta | None:
    """How long ago "worker" or "beat" was heard of; None if not within `LIFETIME`.

    Raises:
        redis.RedisError: the broker does not answer.
    """
    remaining = client().pttl(_key(program))
    if remaining < 0:
        return None
    return max(LIFETIME - timedelta(milliseconds=remaining), timedelta())


def is_alive(heard: timedelta | None) -> bool:
    return heard is not None and heard <= LATE_AFTER


def _key(program: str) -> str:
    return f"mentoring:heartbeat:{program}"


@worker_ready.connect
@heartbeat_sent.connect
def _worker_lives(**_signal: Any) -> None:
    # Sent by the worker's main process, so it shows that the consumer loop turns, not that a slot is free.
    record_sign_of_life("worker")


_Scheduler: Any = beat.Scheduler  # the type stubs know no more than its name


class BeatingScheduler(_Scheduler):
    """Celery's scheduler with a sign of life and without a file on disk.

    Every job is due when beat starts, and again when the broker is back after its ring was lost: the database
    decides what there is to do, so a job too many does nothing, whereas a daily one would wait for a day.
    """

    _last_sign = float("-inf")

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self._lost: set[str] = set()
        self._make_due(set(self.schedule))

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() - self._last_sign >= BEAT_EVERY:
            self._last_sign = time.monotonic()
            if record_sign_of_life("beat") and self._lost:
                self._make_due(self._lost)
        return super().tick(*args, **kwargs)

    def _make_due(self, names: set[str]) -> None:
        for name in names:
            self.schedule[name].last_run_at = self.schedule[name].default_now() - timedelta(days=366)
        self._lost = set()
        self._heap = None  # Celery's own list of what comes next: to be worked out anew

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Ring for one job; while the broker is away that is one line in the log, not Celery's two tracebacks."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except beat.SchedulingError as error:
            self._lost.add(entry.name)
            logger.warning("Scheduled job %s not sent: %s", entry.name, type(error.__context__).__name__)
