"""What there is to teach and to learn."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from programmes.models.programmes import Programme
from programmes.querysets import TopicQuerySet


class Topic(TimeStamped):
    """Something to teach or learn. Shipped in three languages; a programme may add its own."""

    code = models.SlugField(_("code"), max_length=40)
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="topics", verbose_name=_("programme")
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    name_nl = models.CharField(_("name in Dutch"), max_length=120)
    name_de = models.CharField(_("name in German"), max_length=120)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], nulls_distinct=False, name="topic_once")
        ]

    def __str__(self) -> str:
        return str(getattr(self, f"name_{(get_language() or 'en')[:2]}", self.name_en) or self.name_en)
