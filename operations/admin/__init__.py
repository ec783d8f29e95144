"""Long work as coordinators see it: how far it is, and a way to stop it."""

from operations.admin.jobs import JobAdmin, JobPage, describe_job

__all__ = ["JobAdmin", "JobPage", "describe_job"]
