"""Doorways for the clock."""

from celery import shared_task
from django.utils import timezone

from matching import services


@shared_task(name="matching.expire_proposals")
def expire_proposals() -> None:
    services.expire_proposals(now=timezone.now())


@shared_task(name="matching.remind_proposals")
def remind_proposals() -> None:
    services.remind_proposals(now=timezone.now())


@shared_task(name="matching.ask_after_tasters")
def ask_after_tasters() -> None:
    services.ask_after_tasters(now=timezone.now())
