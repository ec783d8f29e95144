"""Matching runs as records, what coordinators decide about pairs, and proposals to participants."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from matching.choices import WILLING, Answer, DecisionKind, ProposalState, RunState
from matching.querysets import MatchingRunQuerySet, PairDecisionQuerySet, ProposalQuerySet
from pairings.models import Pairing
from participants.models import Person
from programmes.choices import Role
from programmes.models import Cohort, Enrolment


class MatchingRun(TimeStamped):
    """One computation: what went in under pseudonymous keys, what came out, who asked. Immutable once done.

    ``keys`` leads from a pseudonymous key to an enrolment; once somebody in it is erased the run can no longer be
    reproduced and says so (decision 31). ``problem`` and the plan in ``result`` hold points from which a perspective
    could be read off: they are never shown, only bands are.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="matching_runs", verbose_name=_("cohort"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    settings = models.JSONField(_("settings"), default=dict)
    tie_seed = models.PositiveIntegerField(_("lottery number"), default=1)
    keys = models.JSONField(_("keys"), default=dict)
    problem = models.JSONField(_("input"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    input_digest = models.CharField(_("input digest"), max_length=80, blank=True)
    mentors = models.PositiveIntegerField(_("mentors"), default=0)
    mentees = models.PositiveIntegerField(_("mentees"), default=0)
    seats = models.PositiveIntegerField(_("seats"), default=0)
    matched = models.PositiveIntegerField(_("pairs"), default=0)
    gap = models.BigIntegerField(_("distance from the proven best"), null=True)
    is_reproducible = models.BooleanField(_("can be worked out again"), default=True)
    requested_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    job_id = models.BigIntegerField(_("long work"), null=True)
    error = models.TextField(_("error"), blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    released_at = models.DateTimeField(_("released"), null=True)
    released_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("released by")
    )

    objects = MatchingRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")
        ordering = ["-cohort_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="run_number_once"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False), name="run_release_has_a_time"
            ),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(state__in=["queued", "running"]), name="run_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Run %(number)s") % {"number": self.number})

    def links(self) -> list[tuple[int, int]]:
        """The pairs as (mentor's, mentee's) enrolment ids, without people who have been erased since."""
        pairs = self.result["plan"]["pairs"] if self.result else ()
        found = ((self.keys.get(pair["mentor"]), self.keys.get(pair["mentee"])) for pair in pairs)
        return [(mentor, mentee) for mentor, mentee in found if mentor is not None and mentee is not None]


class PairDecision(TimeStamped):
    """A coordinator's pin or rejection, kept for every later run."""

    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="pair_decisions", verbose_name=_("cohort")
    )
    mentor = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", verbose_name=_("mentor"))
    mentee = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", verbose_name=_("mentee"))
    kind = models.CharField(_("decision"), max_length=6, choices=DecisionKind)
    decided_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )

    objects = PairDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a pair")
        verbose_name_plural = _("decisions on pairs")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "mentor", "mentee"], name="pair_decision_once"),
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="pair_decision_known"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} · {self.mentee}: {self.get_kind_display()}"


class Proposal(TimeStamped):
    """A pair put to its two people. Each answers alone; a no is not shown to the other (decision 31)."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="proposals", verbose_name=_("cohort"))
    run = models.ForeignKey(
        MatchingRun, models.PROTECT, related_name="proposals", verbose_name=_("matching run")
    )
    mentor = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="proposals_as_mentor", verbose_name=_("mentor")
    )
    mentee = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="proposals_as_mentee", verbose_name=_("mentee")
    )
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    mentor_answer = models.CharField(_("mentor’s answer"), max_length=6, choices=Answer, default=Answer.NONE)
    mentee_answer = models.CharField(_("mentee’s answer"), max_length=6, choices=Answer, default=Answer.NONE)
    reasons = models.JSONField(_("reasons"), default=dict)
    proposed_at = models.DateTimeField(_("proposed"))
    answer_by = models.DateTimeField(_("answer by"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "mentee"], condition=Q(state="open"), name="proposal_one_open_per_pair"
            ),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=Q(mentor_answer__in=Answer.values, mentee_answer__in=Answer.values),
                name="proposal_answers_known",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | ~Q(state="open"), name="proposal_open_has_no_end"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(mentor_answer__in=WILLING, mentee_answer__in=WILLING),
                name="proposal_confirmed_by_both",
            ),
        ]
        indexes = [models.Index(fields=["state", "answer_by"], name="proposal_open_by_day")]

    def __str__(self) -> str:
        return f"{self.mentor} · {self.mentee}"

    def role_of(self, person: Person) -> Role | None:
        if person.pk == self.mentor.person_id:
            return Role.MENTOR
        return Role.MENTEE if person.pk == self.mentee.person_id else None

    def partner_of(self, person: Person) -> Person:
        return self.mentee.person if person.pk == self.mentor.person_id else self.mentor.person

    def answer_of(self, person: Person) -> str:
        return str(self.mentor_answer if person.pk == self.mentor.person_id else self.mentee_answer)


class TasterChoice(TimeStamped):
    """One of a taster's two wants to go on; shown to nobody, and gone once both do or either does not (S3.37)."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="+", verbose_name=_("pair"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("choice after a taster")
        verbose_name_plural = _("choices after tasters")
        constraints = [models.UniqueConstraint(fields=["pairing", "person"], name="taster_choice_once")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
