"""Loaded into the local worker: its pool's processes end with it, even when it is killed amid a long task."""

import signal
from typing import Any

from celery.signals import worker_process_init

from mentoring.local.processes import end_with_parent


@worker_process_init.connect
def _end_with_the_worker(**_signal: Any) -> None:
    end_with_parent(signal.SIGKILL)
