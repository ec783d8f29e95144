"""Ringing the workers' bell. What is to be done stands in the database; a message only says "look now"."""

from __future__ import annotations

import logging
from typing import Any

from celery import current_app
from celery.app.task import Task
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task: Task[Any, Any], *args: object, **kwargs: object) -> bool:
    """Publish a task with ids as arguments; False when the broker is away.

    Never raises into a page because of the broker: a refused connection costs a few milliseconds, a hanging
    one a second. A message that could not be sent is gone, so the row that describes the work must be
    committed and a scheduled job must pick it up later. Call it from `transaction.on_commit(robust=True)`.
    """
    try:
        task.apply_async(args, kwargs)
    except (OperationalError, OSError) as error:
        logger.warning("Broker away, %s not sent: %s", task.name, type(error).__name__)
        return False
    return True


def enqueue_named(name: str, *args: object) -> bool:
    """As ``enqueue``, for a task known by its registered name only: a service cannot import a door."""
    try:
        current_app.send_task(name, args)
    except (OperationalError, OSError) as error:
        logger.warning("Broker away, %s not sent: %s", name, type(error).__name__)
        return False
    return True
