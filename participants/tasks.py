"""Doorways for workers."""

from celery import shared_task
from django.utils import timezone

from participants import services


@shared_task(name="participants.purge_files")
def purge_files() -> int:
    now = timezone.now()
    return services.purge_files(now=now) + services.purge_log(now=now)
