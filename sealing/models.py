"""Keys, each of one scope, wrapped by a key that the database never holds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from sealing.choices import Algorithm, ScopeKind


class ScopeKey(TimeStamped):
    """The key of one round, pair or circle, known by kind and plain id: this package knows nobody above it.

    ``wrapped_part`` opens only with the installation's sealing key, which lives outside the database. A
    destroyed key has none left: what was closed with it is gone for good (A-18, decision 34).
    """

    scope_kind = models.CharField(_("belongs to a"), max_length=10, choices=ScopeKind)
    scope_id = models.BigIntegerField(_("number"))
    algorithm = models.CharField(_("algorithm"), max_length=24, choices=Algorithm)
    public_part = models.BinaryField(_("public part"), null=True)
    wrapped_part = models.BinaryField(_("private part, wrapped"), null=True)
    wrapped_by = models.CharField(_("fingerprint of the wrapping key"), max_length=16)
    rotated_at = models.DateTimeField(_("wrapped anew"), null=True)
    destroyed_at = models.DateTimeField(_("destroyed"), null=True)

    class Meta:
        verbose_name = _("sealing key")
        verbose_name_plural = _("sealing keys")
        constraints = [
            models.UniqueConstraint(fields=["scope_kind", "scope_id"], name="scope_key_once"),
            models.CheckConstraint(condition=Q(scope_kind__in=ScopeKind.values), name="scope_key_kind_known"),
            models.CheckConstraint(
                condition=Q(algorithm__in=Algorithm.values), name="scope_key_algorithm_known"
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at=None, wrapped_part__isnull=False)
                | Q(destroyed_at__isnull=False, wrapped_part=None),
                name="scope_key_destroyed_has_no_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope_kind} {self.scope_id}"

    @property
    def context(self) -> bytes:
        """What everything closed with this key, and the key itself, is bound to."""
        return f"{self.scope_kind}:{self.scope_id}".encode()
