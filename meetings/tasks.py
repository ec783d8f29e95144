"""Doorways for the clock."""

from celery import shared_task
from django.utils import timezone

from meetings import services


@shared_task(name="meetings.plan_cycles")
def plan_cycles() -> int:
    return services.plan_cycles(now=timezone.now())


@shared_task(name="meetings.remind")
def remind() -> int:
    return services.remind(now=timezone.now())


@shared_task(name="meetings.send_digests")
def send_digests() -> int:
    return services.send_digests(now=timezone.now())


@shared_task(name="meetings.offer_checkins")
def offer_checkins() -> int:
    return services.offer_checkins(now=timezone.now())


@shared_task(name="meetings.send_quarters")
def send_quarters() -> int:
    return services.send_quarters(now=timezone.now())
