"""How often, how long and how a pair would rather meet: one of the two suggests it, the other agrees (S3.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from pairings.choices import Mode
from pairings.models.pairs import LONGEST_MEETING, SHORTEST_MEETING, Pairing
from programmes.choices import Cadence, Role

#: Characters of a place: as many as a meeting's own place takes.
LONGEST_PLACE = 200


@dataclass(frozen=True)
class Rhythm:
    """How two people meet, as they agreed or as one of them suggests.

    Args:
        cadence: ``Cadence``.
        minutes: length of a meeting.
        mode: ``Mode``.
        place: where they usually meet, or a link, in one line; "" where they said nothing.
    """

    cadence: str
    minutes: int
    mode: str = Mode.EITHER
    place: str = ""

    @property
    def in_one_line(self) -> Rhythm:
        """The same with its place in one line, as it is stored and compared."""
        return replace(self, place=" ".join(self.place.split()))

    @property
    def cadence_name(self) -> str:
        return str(Cadence(self.cadence).label)

    @property
    def mode_name(self) -> str:
        return str(Mode(self.mode).label)


class UsualWay(TimeStamped):
    """How and where a pair has agreed to meet as a rule; without a row they said nothing. For the two alone."""

    pairing = models.OneToOneField(Pairing, models.CASCADE, related_name="usual_way", verbose_name=_("pair"))
    mode = models.CharField(_("usually"), max_length=10, choices=Mode, default=Mode.EITHER)
    place = models.CharField(_("usual place or link"), max_length=LONGEST_PLACE, blank=True)

    class Meta:
        verbose_name = _("usual way of meeting")
        verbose_name_plural = _("usual ways of meeting")
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="usual_way_mode_known"),
            models.CheckConstraint(
                condition=~Q(mode=Mode.EITHER) | ~Q(place=""), name="usual_way_says_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pairing_id)


class RhythmProposal(TimeStamped):
    """A rhythm that one of the two suggests. It is gone once the other has answered, or its author takes it back."""

    pairing = models.OneToOneField(
        Pairing, models.CASCADE, related_name="rhythm_proposal", verbose_name=_("pair")
    )
    side = models.CharField(_("suggested by"), max_length=6, choices=Role)
    cadence = models.CharField(_("rhythm"), max_length=12, choices=Cadence)
    minutes = models.PositiveSmallIntegerField(
        _("length of a meeting in minutes"),
        validators=[MinValueValidator(SHORTEST_MEETING), MaxValueValidator(LONGEST_MEETING)],
    )
    mode = models.CharField(_("usually"), max_length=10, choices=Mode, default=Mode.EITHER)
    place = models.CharField(_("usual place or link"), max_length=LONGEST_PLACE, blank=True)
    #: Goes up with each change, so that each is told once.
    revision = models.PositiveIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("suggested rhythm")
        verbose_name_plural = _("suggested rhythms")
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Role.values), name="rhythm_side_known"),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="rhythm_cadence_known"),
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST_MEETING, LONGEST_MEETING)), name="rhythm_length_sane"
            ),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="rhythm_mode_known"),
        ]

    def __str__(self) -> str:
        return str(self.pairing_id)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.cadence, self.minutes, self.mode, self.place)

    @rhythm.setter
    def rhythm(self, wanted: Rhythm) -> None:
        self.cadence, self.minutes = wanted.cadence, wanted.minutes
        self.mode, self.place = wanted.mode, wanted.place
