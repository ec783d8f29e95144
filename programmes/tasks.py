"""Doorways for the clock."""

from celery import shared_task
from django.utils import timezone

from programmes import services


@shared_task(name="programmes.move_up_waiting_lists")
def move_up_waiting_lists() -> int:
    return services.move_up_waiting_lists(now=timezone.now())


@shared_task(name="programmes.erase_selections")
def erase_selections() -> int:
    return services.erase_selections(now=timezone.now())


@shared_task(name="programmes.resume_due_breaks")
def resume_due_breaks() -> int:
    return services.resume_due_breaks(now=timezone.now())


@shared_task(name="programmes.remind_intakes")
def remind_intakes() -> int:
    return services.remind_intakes(now=timezone.now())


@shared_task(name="programmes.remind_topic_calls")
def remind_topic_calls() -> int:
    return services.remind_topic_calls(now=timezone.now())


@shared_task(name="programmes.send_due_announcements")
def send_due_announcements() -> int:
    return services.send_due_announcements(now=timezone.now())
