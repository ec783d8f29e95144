"""What there is to teach and to learn."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.models import Person
from programmes.choices import Direction, Perspective, SuggestionState
from programmes.models.programmes import Programme
from programmes.querysets import TopicQuerySet, TopicSuggestionQuerySet


class Topic(Versioned):
    """Something to teach or learn. Shipped in three languages; a programme may add its own (S0.8, S0.24)."""

    code = models.SlugField(_("code"), max_length=40)
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="topics", verbose_name=_("programme")
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    name_nl = models.CharField(_("name in Dutch"), max_length=120)
    name_de = models.CharField(_("name in German"), max_length=120)
    direction = models.CharField(
        _("usual direction"), max_length=4, choices=Direction, default=Direction.BOTH
    )
    perspective = models.CharField(
        _("goes with the perspective"), max_length=10, choices=Perspective, blank=True
    )
    is_retired = models.BooleanField(
        _("retired"),
        default=False,
        help_text=_("Nobody can choose it any more; whoever has chosen it keeps it."),
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], nulls_distinct=False, name="topic_once"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="topic_direction_known"),
            models.CheckConstraint(
                condition=Q(perspective="") | Q(perspective__in=Perspective.values),
                name="topic_perspective_known",
            ),
        ]

    def __str__(self) -> str:
        return str(getattr(self, f"name_{(get_language() or 'en')[:2]}", self.name_en) or self.name_en)

    def is_called(self, word: str) -> bool:
        """Whether this is the topic's code or one of its names, however it is written."""
        names = (self.code, self.name_en, self.name_nl, self.name_de)
        return word.strip().casefold() in {name.casefold() for name in names}


class ProgrammeTopic(TimeStamped):
    """What one programme says of a shipped topic: hidden from its people, looked at on a day (S0.24)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="topic_choices", verbose_name=_("programme")
    )
    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="programme_choices", verbose_name=_("topic")
    )
    is_hidden = models.BooleanField(_("hidden"), default=False)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice about a shipped topic")
        verbose_name_plural = _("choices about shipped topics")
        constraints = [
            models.UniqueConstraint(fields=["programme", "topic"], name="programme_topic_once"),
        ]

    def __str__(self) -> str:
        return str(self.topic)


class TopicSuggestion(TimeStamped):
    """A topic that somebody missed. A coordinator takes it up, points to one that is there, or declines."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="topic_suggestions", verbose_name=_("programme")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="topic_suggestions", verbose_name=_("suggested by")
    )
    name = models.CharField(_("topic"), max_length=80)
    why = models.CharField(_("what it is about"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SuggestionState, default=SuggestionState.OPEN)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("became")
    )
    is_offered = models.BooleanField(_("its author has something to say about it"), default=False)

    objects = TopicSuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested topic")
        verbose_name_plural = _("suggested topics")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "programme",
                "person",
                condition=Q(state=SuggestionState.OPEN),
                name="topic_suggestion_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SuggestionState.values), name="topic_suggestion_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
