"""Celery's fixed settings: plain constants that `mentoring.settings` takes over by name.

The aim of the transport options is that publishing fails at once when the broker is away: a page must never
wait for a doorbell. Measured on this set of versions: 3-7 ms with the socket missing or the port refused,
1 s with a broker that hangs; Celery's defaults block for 0.6 s and for ever. Without `max_retries` the other
transport options turn 0.6 s into 6 s, so they stay together.
"""

CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True

# Results live in our own tables. A result backend would double the ways to fail.
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True

# Only ids travel, and only as JSON.
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]

# Publishing: no retry of the publish, none of the connection, one second for a broker that hangs.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "retry_on_timeout": False,
    "connect_retries_timeout": 1,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "visibility_timeout": 3600,  # above the longest task, else it is delivered twice
}

# Worker and beat wait for a broker that is late or gone, and never give up.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None

# Tasks may be run again after a crash, so a message is acknowledged when the work is done.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Beat wakes, and tells that it lives, at least this often (Celery's default is 300 s).
CELERY_BEAT_SCHEDULER = "mentoring.heartbeat:BeatingScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
