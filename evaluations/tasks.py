"""Doorways for workers."""

from celery import shared_task
from django.utils import timezone

from evaluations import services


@shared_task(name="evaluations.close_due_rounds")
def close_due_rounds() -> int:
    return services.close_due_rounds(now=timezone.now())


@shared_task(name="evaluations.remind_open_rounds")
def remind_open_rounds() -> int:
    return services.remind_open_rounds(now=timezone.now())


@shared_task(name="evaluations.finish_sealing")
def finish_sealing() -> int:
    return services.finish_sealing(now=timezone.now())


@shared_task(name="evaluations.erase_expired_answers")
def erase_expired_answers() -> int:
    return services.erase_expired_answers(now=timezone.now())
