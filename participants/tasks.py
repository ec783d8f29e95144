"""Doorways for workers."""

from celery import shared_task
from django.utils import timezone

from participants import services


@shared_task(name="participants.purge_files")
def purge_files() -> int:
    return services.purge_files(now=timezone.now())


@shared_task(name="participants.erase_due_people")
def erase_due_people() -> int:
    return services.erase_due_people(now=timezone.now())


@shared_task(name="participants.keep_erasure_list")
def keep_erasure_list() -> int:
    return services.keep_list(now=timezone.now())
