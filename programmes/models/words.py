"""Whom a mentor lets read what they wrote about their view."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from programmes.choices import WordsState
from programmes.models.enrolments import Enrolment


class WordsRelease(TimeStamped):
    """A mentor's yes that one proposed mentee may read their own words, and what became of it (S2.20, decision 32).

    It holds the yes, never the words; those stay sealed in the intake. No coordinator has a page for it.
    """

    mentor = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="words_released", verbose_name=_("mentor")
    )
    mentee = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="words_received", verbose_name=_("mentee")
    )
    state = models.CharField(_("state"), max_length=10, choices=WordsState, default=WordsState.RELEASED)
    released_at = models.DateTimeField(_("released"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("release of own words")
        verbose_name_plural = _("releases of own words")
        ordering = ["-released_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["mentor", "mentee"], name="words_release_once"),
            models.CheckConstraint(
                condition=Q(state__in=WordsState.values), name="words_release_state_known"
            ),
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="words_release_two_people"),
            models.CheckConstraint(
                condition=~Q(state="read") | Q(read_at__isnull=False), name="words_release_read_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken_back") | Q(taken_back_at__isnull=False),
                name="words_release_end_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(_("release of own words"))  # neither of the two, wherever a row is printed
