"""Doorways for the clock."""

from celery import shared_task
from django.utils import timezone

from pairings import services


@shared_task(name="pairings.send_due_notices")
def send_due_notices() -> int:
    return services.send_due_notices(now=timezone.now())


@shared_task(name="pairings.resume_due_pairings")
def resume_due_pairings() -> int:
    return services.resume_due_pairings(now=timezone.now())


@shared_task(name="pairings.destroy_spent_keys")
def destroy_spent_keys() -> int:
    return services.destroy_spent_keys(now=timezone.now())


@shared_task(name="pairings.tell_of_pauses")
def tell_of_pauses() -> int:
    return services.tell_of_pauses(now=timezone.now())
