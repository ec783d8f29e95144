"""What a worker does while the database is away: waits, in a line of its log, instead of failing."""

from __future__ import annotations

import logging
import random
from typing import Any, Final

from celery import Task
from django.db import DatabaseError, InterfaceError

from common.database import is_away

logger = logging.getLogger(__name__)

#: Seconds until the next try, and up to how many more, so that all that wait do not come back at one moment.
PAUSE: Final = 10
SPREAD: Final = 10


class PatientTask(Task[Any, Any]):
    """A task that is put back while the database cannot be asked, however long that takes.

    What it was to do stands in the database, so nothing was half done that the next try would double. It is no
    failure of the job either: an hourly one would stand as failed for an hour, because of a restart of seconds.
    A ring that has gone stale meanwhile (``expires``) is dropped as ever.

    Raises:
        Retry: the database is away; Celery's word for having put the task back.
    """

    abstract = True
    max_retries = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.run(*args, **kwargs)
        except (DatabaseError, InterfaceError) as error:
            if self.request.called_directly or self.request.is_eager or not is_away(error):
                raise
            logger.warning("Database away, %s is put back", self.name)
            pause = PAUSE + random.uniform(0, SPREAD)  # noqa: S311  (no secret)
            raise self.retry(exc=error, countdown=pause) from None
