"""The project itself as an app (commands, health, privacy of foreign packages), and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class MentoringConfig(AppConfig):
    name = "mentoring"
    verbose_name = "Mentoring"

    def ready(self) -> None:
        # Registers fill themselves, and tasks find the broker through the current Celery application.
        from participants.services import person_erased

        from . import audit, celery, privacy  # noqa: F401
        from .forgetting import forget_in_logs

        person_erased.fill("mentoring", forget_in_logs)


class DeskAdminConfig(AdminConfig):
    """Stock admin under our own site: scoped, with the desk as its first page."""

    default_site = "mentoring.sites.DeskSite"
