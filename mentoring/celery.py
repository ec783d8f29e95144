"""The one Celery application. Its settings are the `CELERY_*` names of the Django settings."""

import os

from celery import Celery

from mentoring.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

app = Celery("mentoring", include=["mentoring.heartbeat"], task_cls="mentoring.patience:PatientTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = BEAT_SCHEDULE
