"""Doorways for workers."""

from celery import shared_task
from django.utils import timezone

from outbox import services


@shared_task(name="outbox.drain")
def drain() -> int:
    return services.drain_for_a_while(now=timezone.now())


@shared_task(name="outbox.prepare")
def prepare() -> int:
    return services.prepare(now=timezone.now())


@shared_task(name="outbox.recover")
def recover() -> int:
    return services.recover(now=timezone.now())


@shared_task(name="outbox.retention")
def retention() -> int:
    return services.purge(now=timezone.now())
