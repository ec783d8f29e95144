"""A programme asks everybody it is for which topic they have something to say about (S4.9)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.models import Person
from programmes.choices import TopicCallState
from programmes.models.programmes import Programme
from programmes.models.topics import Topic
from programmes.querysets import ColleagueTopicQuerySet, TopicCallQuerySet


class TopicCall(Versioned):
    """The question to all colleagues, with a last day and one reminder. One at a time a programme."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="topic_calls", verbose_name=_("programme")
    )
    closes_on = models.DateField(
        _("last day"),
        help_text=_("Two weeks are plenty; three at most. One reminder goes out a week before."),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=TopicCallState, default=TopicCallState.PREPARED
    )
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    objects = TopicCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic call")
        verbose_name_plural = _("topic calls")
        ordering = ["-closes_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=~Q(state=TopicCallState.CLOSED),
                name="topic_call_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TopicCallState.values), name="topic_call_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=TopicCallState.PREPARED) | Q(opened_at__isnull=False),
                name="topic_call_open_since",
            ),
        ]
        indexes = [
            models.Index(fields=["closes_on"], condition=Q(state=TopicCallState.OPEN), name="topic_call_due")
        ]

    def __str__(self) -> str:
        return str(self.programme)


class ColleagueTopic(TimeStamped):
    """A topic that a colleague has something to say about, with one sentence; whether they take part or not."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="colleague_topics", verbose_name=_("programme")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="colleague_topics", verbose_name=_("person")
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="colleague_topics", verbose_name=_("topic"))
    sentence = models.CharField(_("one sentence"), max_length=200)

    objects = ColleagueTopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic of a colleague")
        verbose_name_plural = _("topics of colleagues")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "topic"], name="colleague_topic_once"),
            models.CheckConstraint(condition=~Q(sentence=""), name="colleague_topic_says_something"),
        ]

    def __str__(self) -> str:
        return str(self.topic)


class TopicCallPass(models.Model):
    """Somebody has nothing to name this time: no reminder goes to them, and nobody is told."""

    call = models.ForeignKey(TopicCall, models.CASCADE, related_name="passes", verbose_name=_("topic call"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("colleague with nothing to name")
        verbose_name_plural = _("colleagues with nothing to name")
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="topic_call_pass_once")]

    def __str__(self) -> str:
        return str(self.call)
