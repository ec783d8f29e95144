"""How often and how long a pair would rather meet: one of the two suggests it, the other agrees (S3.8)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from pairings.models.pairs import LONGEST_MEETING, SHORTEST_MEETING, Pairing
from programmes.choices import Cadence, Role


class RhythmProposal(TimeStamped):
    """A rhythm that one of the two suggests. It is gone once the other has agreed, or one of them drops it."""

    pairing = models.OneToOneField(
        Pairing, models.CASCADE, related_name="rhythm_proposal", verbose_name=_("pair")
    )
    side = models.CharField(_("suggested by"), max_length=6, choices=Role)
    cadence = models.CharField(_("rhythm"), max_length=12, choices=Cadence)
    minutes = models.PositiveSmallIntegerField(
        _("length of a meeting in minutes"),
        validators=[MinValueValidator(SHORTEST_MEETING), MaxValueValidator(LONGEST_MEETING)],
    )

    class Meta:
        verbose_name = _("suggested rhythm")
        verbose_name_plural = _("suggested rhythms")
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Role.values), name="rhythm_side_known"),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="rhythm_cadence_known"),
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST_MEETING, LONGEST_MEETING)), name="rhythm_length_sane"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pairing_id)
