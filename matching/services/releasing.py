"""Putting a run's pairs to their people: all of them or none, once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import Conflict, DomainError
from common.workdays import is_working_day, local_day
from matching import emails
from matching.choices import ProposalState, RunState
from matching.engine import EngineError
from matching.models import MatchingRun, Proposal
from matching.selectors.pinning import refused_pins
from matching.selectors.problem import cohort_input, default_settings
from matching.selectors.refusals import names_of, people_words, refusal_words, rule_words
from matching.services.closing import close
from matching.services.runs import MATCHING_STAGES
from participants.models import Person
from programmes.models import Cohort, Enrolment

#: (mentor's enrolment id, mentee's enrolment id)
Link = tuple[int, int]


@transaction.atomic
def release(*, run: MatchingRun, by: Person | None, now: datetime) -> int:
    """Propose all pairs of a run, or none: both people of each get a mail.

    Whatever has changed since the run is looked at again under lock: who takes part, free places, every rule,
    rejections and refusals.

    Returns:
        The number of proposals.

    Raises:
        Conflict: somebody released it or another run first, or a pair of it is no longer possible.
        DomainError: the run is not done, has no pairs, or its cohort is not at matching.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.cohort_id)
    run = MatchingRun.objects.select_for_update(of=("self",)).select_related("released_by").get(pk=run.pk)
    _check(run, cohort)
    links = run.links()
    _close_doomed(links, now)
    enrolments = _held(links)
    _check_pairs(cohort, links, enrolments)
    proposals = _proposals(run, cohort, links, enrolments, now)
    Proposal.objects.bulk_create(proposals)
    run.state, run.released_at, run.released_by = RunState.RELEASED, now, by
    run.save(update_fields=["state", "released_at", "released_by", "updated_at"])
    emails.match_proposed(proposals=proposals, cohort=cohort, now=now)
    return len(proposals)


def _check(run: MatchingRun, cohort: Cohort) -> None:
    if run.state == RunState.RELEASED:
        name = run.released_by or _("Somebody")
        raise Conflict(_("%(name)s has released this run already.") % {"name": name}, code="released")
    if run.state != RunState.DONE:
        raise DomainError(_("Only a finished run can be released."), code="not_done")
    if cohort.stage not in MATCHING_STAGES:
        raise DomainError(_("This cohort is not at matching any more."), code="stage")
    newer = MatchingRun.objects.filter(cohort=cohort, state=RunState.RELEASED, number__gt=run.number)
    if newer.exists():
        raise Conflict(_("A newer run has been released meanwhile. Make a new one."), code="overtaken")
    if not run.links():
        raise DomainError(_("This run has no pairs to release."), code="no_pairs")
    if len(run.links()) < run.matched:
        raise Conflict(_("Somebody of this run is no longer on file. Make a new run."), code="gone")


def _held(links: Sequence[Link]) -> Mapping[int, Enrolment]:
    """The enrolments under lock, taken in the one order that pairing takes them in as well."""
    ids = {pk for link in links for pk in link}
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("person")
    return {enrolment.pk: enrolment for enrolment in rows.order_by("pk")}


def _check_pairs(cohort: Cohort, links: Sequence[Link], enrolments: Mapping[int, Enrolment]) -> None:
    """Each pair would still be allowed today, and all of them together: the engine judges them as pins."""
    given = cohort_input(cohort, settings=default_settings(cohort), tie_seed=1)
    gone = [pk for pk in enrolments if given.key_of(pk) is None]
    if gone:
        text = _("%(name)s no longer takes part. Make a new run.") % {"name": enrolments[gone[0]]}
        raise Conflict(text, code="gone")
    keys = given.by_enrolment
    error = refused_pins(given.problem, [(keys[mentee], keys[mentor]) for mentor, mentee in links])
    if error is not None:
        raise Conflict(_changed(error, names_of(given.keys)), code=error.code, rules=error.rules)


def _changed(error: EngineError, names: Mapping[str, str]) -> str:
    told = {"names": people_words(error, names), "rules": rule_words(error.rules)}
    why = {
        "pin_breaks_rule": _("%(names)s can no longer be a pair: %(rules)s.") % told,
        "pin_rejected": _("%(names)s were rejected as a pair.") % told,
        "pin_over_capacity": _("%(names)s: no free place any more.") % told,
    }.get(error.code) or refusal_words(error, names)
    return _("Something has changed since this run. %(why)s Make a new run.") % {"why": why}


def _proposals(
    run: MatchingRun,
    cohort: Cohort,
    links: Sequence[Link],
    enrolments: Mapping[int, Enrolment],
    now: datetime,
) -> list[Proposal]:
    reasons = {
        (run.keys.get(pair["mentor"]), run.keys.get(pair["mentee"])): run.result["reasons"][
            f"{pair['mentee']} {pair['mentor']}"
        ]
        for pair in run.result["plan"]["pairs"]
    }
    return [
        Proposal(
            cohort=cohort,
            run=run,
            mentor=enrolments[mentor],
            mentee=enrolments[mentee],
            reasons=reasons[mentor, mentee],
            proposed_at=now,
            answer_by=last_moment(
                cohort, now, {enrolments[mentor].person.country, enrolments[mentee].person.country}
            ),
        )
        for mentor, mentee in links
    ]


def last_moment(cohort: Cohort, now: datetime, countries: Collection[str]) -> datetime:
    """The end of the last day for an answer, in the cohort's zone: a day on which both people work."""
    day = local_day(now, cohort.time_zone) + timedelta(days=cohort.answer_days)
    while not all(is_working_day(day, country) for country in countries):
        day += timedelta(days=1)
    return datetime.combine(day, time(23, 59), ZoneInfo(cohort.time_zone))


def _close_doomed(links: Sequence[Link], now: datetime) -> None:
    """A new proposal ends an old one that a no had ended in truth; it ends in the usual words for both.

    Proposals are locked before enrolments, as by an answer.
    """
    mentors, mentees = ({link[side] for link in links} for side in (0, 1))
    concerned = Q(mentor__in=mentors) | Q(mentee__in=mentees)
    rows = Proposal.objects.doomed().filter(concerned).select_for_update(of=("self",)).order_by("pk")
    for proposal in rows:
        close(proposal, ProposalState.REFUSED, now)
