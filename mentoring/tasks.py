"""Doorways for workers."""

from celery import shared_task
from django.utils import timezone

from mentoring.notices import warn_of_terms
from mentoring.retention import carry_out_terms


@shared_task(name="mentoring.retention")
def retention() -> int:
    return carry_out_terms(now=timezone.now())


@shared_task(name="mentoring.retention_notices")
def retention_notices() -> int:
    return warn_of_terms(now=timezone.now())
