"""The desk: one cohort's week at a glance, process data only (decisions 6, 10; dossier 4.12, 4.13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.charts import Chart, Line, Series, bars
from meetings.engine import standing
from meetings.engine.standing import Flag
from meetings.selectors import Attention, MonthFigures, cohort_figures
from meetings.selectors.desk import CohortRhythm
from pairings.models import Hold, Pairing
from programmes.choices import ContactState, ContactTarget, Stage
from programmes.models import Cohort, ContactRequest, Programme
from programmes.querysets import CohortQuerySet
from programmes.selectors import Gate, gates, mentors_without_contact, next_stages

#: Stages as the ladder shows them; an archived cohort has left the desk.
LADDER: Final[list[Stage]] = [stage for stage in Stage if stage != Stage.ARCHIVED]
#: How many pairs in need of a call stand on the desk at once; the list of pairs has them all.
CALLS_AT_ONCE: Final = 8


@dataclass(frozen=True)
class Step:
    """One rung of the stage ladder."""

    label: str
    state: str
    text: str


@dataclass(frozen=True)
class Call:
    """A pair to look at this week, and why in one sentence that blames nobody."""

    pairing: Pairing
    tag: str
    kind: str
    sentence: str


@dataclass(frozen=True)
class Desk:
    """Everything on the first page of the coordinators' site.

    Args:
        programme: the newest one of the user where no cohort is under way.
        is_watched: whether the programme's attention rules are in force (decision 27).
        alone: mentors of the programme without a named contact outside their line.
    """

    cohorts: Sequence[Cohort]
    cohort: Cohort | None
    programme: Programme | None = None
    ladder: Sequence[Step] = ()
    next_stage: str = ""
    gates: Sequence[Gate] = ()
    calls: Sequence[Call] = ()
    more_calls: int = 0
    rhythm: CohortRhythm | None = None
    chart: Chart | None = None
    requests: int = 0
    alone: int = 0
    is_watched: bool = True
    holds: int = 0

    @property
    def news(self) -> str:
        """What the headline says: the server knows it, so it says it."""
        number = len(self.calls) + self.more_calls
        if self.programme is not None:
            return _("No cohort is under way.")
        if self.cohort is None:
            return _("No programme is yours yet.")
        if not self.is_watched:
            return _("Here is your cohort.")
        if not number:
            return _("No calls this week.")
        return ngettext("%(n)s call this week.", "%(n)s calls this week.", number) % {"n": number}


def desk(user: Any, *, chosen: str, now: datetime) -> Desk:
    """The desk of this user for one cohort.

    Args:
        chosen: the id of a cohort from the address; another's, or none, falls back to the newest one.
    """
    seen = Cohort.objects.visible_to(user).exclude(stage=Stage.ARCHIVED).select_related("programme")
    cohorts = list(_with_news(seen).distinct())
    cohort = next((one for one in cohorts if str(one.pk) == chosen), None) or _most_alive(cohorts)
    if cohort is None:
        return Desk(
            cohorts=[], cohort=None, programme=Programme.objects.visible_to(user).order_by("-pk").first()
        )
    figures = cohort_figures(cohort, now=now)
    attention = figures.attention or []
    following = next_stages(cohort)
    return Desk(
        cohorts=cohorts,
        cohort=cohort,
        ladder=_ladder(cohort),
        next_stage=str(following[0].label) if following else "",
        gates=gates(cohort, following[0]) if following else (),
        calls=[_call(one) for one in attention[:CALLS_AT_ONCE]],
        more_calls=max(0, len(attention) - CALLS_AT_ONCE),
        is_watched=figures.attention is not None,
        rhythm=figures.rhythm,
        chart=_chart(figures.months),
        holds=cohort.open_holds,  # type: ignore[union-attr]
        requests=cohort.open_requests,  # type: ignore[union-attr]
        alone=cohort.alone,  # type: ignore[union-attr]
    )


def _with_news(cohorts: CohortQuerySet) -> CohortQuerySet:
    """Cohorts with what waits in their programme: pairs on hold, and requests to a coordinator."""
    own = OuterRef("programme")
    holds = Hold.objects.open().filter(pairing__cohort__programme=own).order_by()
    asked = ContactRequest.objects.filter(
        programme=own, target=ContactTarget.COORDINATOR, state=ContactState.OPEN
    ).order_by()
    alone = mentors_without_contact(own).order_by()
    found: CohortQuerySet = cohorts.annotate(
        open_holds=_count(holds.values("pairing__cohort__programme")),
        open_requests=_count(asked.values("programme")),
        alone=_count(alone.values("cohort__programme")),
    )
    return found


def _count(grouped: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), 0)


def _most_alive(cohorts: Sequence[Cohort]) -> Cohort | None:
    """The cohort whose pairs meet; without one, the newest."""
    meeting = (one for one in cohorts if one.stage in (Stage.ACTIVE, Stage.CLOSING))
    return next(meeting, None) or next(iter(cohorts), None)


def _ladder(cohort: Cohort) -> list[Step]:
    here = LADDER.index(Stage(cohort.stage))
    words = {"done": _("done"), "now": _("now"), "": _("to come")}
    states = ["done" if place < here else "now" if place == here else "" for place in range(len(LADDER))]
    return [Step(str(stage.label), state, words[state]) for stage, state in zip(LADDER, states, strict=True)]


def _chart(months: Sequence[MonthFigures]) -> Chart | None:
    """The last twelve months; nothing before there is anything to see."""
    shown = list(months)[-12:]
    if not any(month.held or month.fallen or month.expected for month in shown):
        return None
    return bars(
        title=_("Meetings each month"),
        names=[date_format(month.month, pgettext("a short month by itself", "M")) for month in shown],
        full_names=[date_format(month.month, "F Y") for month in shown],
        series=[
            Series(_("held"), [month.held for month in shown]),
            Series(_("moved or missed"), [month.fallen for month in shown]),
        ],
        line=Line(_("expected"), max(month.expected for month in shown)),
    )


def _call(attention: Attention) -> Call:
    flag = attention.flags[0]
    tag, sentence = _words(flag)
    kind = "bad" if attention.level == standing.RED else "wait"
    return Call(attention.pairing, tag, kind, sentence)


def _words(flag: Flag) -> tuple[str, str]:
    values = {"days": flag.days, "n": flag.count}
    words = {
        standing.GAP: (_("Long gap"), _("No meeting for %(days)s days.")),
        standing.NO_START: (_("Not started"), _("Confirmed %(days)s days ago, and no meeting yet.")),
        standing.FALLING_THROUGH: (
            _("Falling through"),
            _("Dates in a row did not happen. The program does not say whose."),
        ),
        standing.STRANDED: (_("Stranded"), _("They met, then nothing for %(days)s days.")),
        standing.NO_NEXT_DATE: (_("No next date"), _("No date stands %(days)s days after the last meeting.")),
    }
    tag, sentence = words[flag.rule]
    return tag, sentence % values
