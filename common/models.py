"""Abstract bases. This package has no table of its own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TimeStamped(models.Model):
    """When a row was made and last changed, in UTC."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True, editable=False)

    class Meta:
        abstract = True


class Versioned(TimeStamped):
    """A row that two people may edit at once: a save states the version it started from (D-06)."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
