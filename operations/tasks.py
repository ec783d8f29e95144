"""Doorways for workers."""

from celery import shared_task

from operations import services


@shared_task(name="operations.run_job")
def run_job(job_id: int) -> None:
    services.run(job_id=job_id)


@shared_task(name="operations.sweep_jobs")
def sweep_jobs() -> None:
    from django.utils import timezone

    services.sweep_jobs(now=timezone.now())
