"""Putting a run's pairs to their people, and what happens when they do not answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Conflict, DomainError
from matching import emails
from matching.choices import Answer, ProposalState, RunState
from matching.models import MatchingRun, Proposal
from matching.services.runs import MATCHING_STAGES
from outbox.services import cancel_about
from pairings.selectors import standing_counts
from participants.models import Person
from programmes.choices import TAKING_PART
from programmes.models import Cohort, Enrolment

ABOUT = "proposal"
#: A silent person is reminded after this many days, and on the last day.
REMIND_AFTER = timedelta(days=4)


@transaction.atomic
def release(*, run: MatchingRun, by: Person | None, now: datetime) -> int:
    """Propose all pairs of a run, or none: both people of each get a mail.

    Returns:
        The number of proposals.

    Raises:
        Conflict: another run was released first, or people changed since the run: nobody is proposed.
        DomainError: the run is not done, has no pairs, or its cohort is past matching.
    """
    cohort = Cohort.objects.select_for_update().select_related("programme").get(pk=run.cohort_id)
    run = MatchingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    _check(run, cohort)
    pairs = run.result["plan"]["pairs"]
    enrolments = _locked(run, pairs)
    _close_doomed(cohort, now)
    _check_places(pairs, run, enrolments)
    answer_by = _end_of_day(now + timedelta(days=cohort.answer_days))
    proposals = [
        Proposal(
            cohort=cohort,
            run=run,
            mentor=enrolments[run.keys[pair["mentor"]]],
            mentee=enrolments[run.keys[pair["mentee"]]],
            reasons=run.result["reasons"][f"{pair['mentee']} {pair['mentor']}"],
            proposed_at=now,
            answer_by=answer_by,
        )
        for pair in pairs
    ]
    Proposal.objects.bulk_create(proposals)
    run.state, run.released_at, run.released_by = RunState.RELEASED, now, by
    run.save(update_fields=["state", "released_at", "released_by", "updated_at"])
    emails.match_proposed(proposals=proposals, cohort=cohort, now=now)
    return len(proposals)


def _check(run: MatchingRun, cohort: Cohort) -> None:
    if run.state == RunState.RELEASED:
        raise Conflict(_("This run has been released already."), code="released")
    if run.state != RunState.DONE:
        raise DomainError(_("Only a finished run can be released."), code="not_done")
    if cohort.stage not in MATCHING_STAGES:
        raise DomainError(_("This cohort is not at matching any more."), code="stage")
    later = MatchingRun.objects.filter(cohort=cohort, state=RunState.RELEASED, released_at__gt=run.created_at)
    if later.exists():
        raise Conflict(_("Another run was released meanwhile. Make a new one."), code="overtaken")
    if not run.result["plan"]["pairs"]:
        raise DomainError(_("This run has no pairs to release."), code="no_pairs")


def _locked(run: MatchingRun, pairs: list[Mapping[str, Any]]) -> Mapping[int, Enrolment]:
    ids = sorted({run.keys[pair[side]] for pair in pairs for side in ("mentor", "mentee")})
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("person")
    found = {enrolment.pk: enrolment for enrolment in rows.order_by("pk")}
    gone = len(found) < len(ids) or any(one.state not in TAKING_PART for one in found.values())
    if gone:
        raise Conflict(_("Somebody of this run no longer takes part. Make a new run."), code="gone")
    return found


def _check_places(
    pairs: list[Mapping[str, Any]], run: MatchingRun, enrolments: Mapping[int, Enrolment]
) -> None:
    wanted: dict[int, int] = {}
    for pair in pairs:
        for side in ("mentor", "mentee"):
            pk = run.keys[pair[side]]
            wanted[pk] = wanted.get(pk, 0) + 1
    standing, proposed = standing_counts(list(wanted)), _proposed(list(wanted))
    for pk, number in wanted.items():
        if number + standing.get(pk, 0) + proposed.get(pk, 0) > enrolments[pk].capacity:
            raise Conflict(
                _("%(name)s has no free place any more. Make a new run.") % {"name": enrolments[pk]},
                code="places",
            )


def _proposed(enrolment_ids: list[int]) -> Mapping[int, int]:
    """How many proposals under way hold a place of each."""
    counts: Counter[int] = Counter()
    mine = Q(mentor__in=enrolment_ids) | Q(mentee__in=enrolment_ids)
    for pair in Proposal.objects.alive().filter(mine).values_list("mentor_id", "mentee_id"):
        counts.update(pair)
    return counts


def _close_doomed(cohort: Cohort, now: datetime) -> None:
    """New proposals end the old ones that a no had ended in truth; to the other they end in the usual words."""
    rows = Proposal.objects.doomed().filter(cohort=cohort).select_for_update(of=("self",)).order_by("pk")
    for proposal in rows:
        close(proposal, ProposalState.REFUSED, now)


def _end_of_day(instant: datetime) -> datetime:
    local = timezone.localtime(instant)
    return local.replace(hour=23, minute=59, second=0, microsecond=0)


def expire_proposals(*, now: datetime) -> int:
    """Close proposals whose time has passed without two answers; the words are those of a no (decision 31)."""
    count = 0
    due = Proposal.objects.open().filter(answer_by__lt=now).values_list("pk", flat=True).order_by("pk")
    for pk in list(due):
        with transaction.atomic():
            proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=pk)
            if proposal.state == ProposalState.OPEN and proposal.answer_by < now:
                said_no = Answer.NO in (proposal.mentor_answer, proposal.mentee_answer)
                close(proposal, ProposalState.REFUSED if said_no else ProposalState.EXPIRED, now)
                count += 1
    return count


def close(proposal: Proposal, state: ProposalState, now: datetime) -> None:
    """End a proposal and withdraw the mails about it that wait. Call it under the row's lock."""
    proposal.state, proposal.closed_at = state, now
    proposal.save()
    cancel_about(about=(ABOUT, proposal.pk), now=now)


def remind_proposals(*, now: datetime) -> int:
    """Remind those who have not answered: after four days, and on the last day. Nobody hears of the other's silence."""
    waiting = list(
        Proposal.objects.open().filter(answer_by__gte=now, proposed_at__lte=now - REMIND_AFTER).with_people()
    )
    due = [
        (proposal, enrolment, ordinal)
        for proposal in waiting
        for enrolment, answer in (
            (proposal.mentor, proposal.mentor_answer),
            (proposal.mentee, proposal.mentee_answer),
        )
        if answer == Answer.NONE
        for ordinal in _ordinals(proposal, now)
    ]
    return emails.match_reminder(due=due, now=now)


def _ordinals(proposal: Proposal, now: datetime) -> list[int]:
    """Which reminder is due: the last day's alone when both would be."""
    return [2] if now >= proposal.answer_by - timedelta(days=1) else [1]


def proposal_is_open(*, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]) -> bool:
    """The outbox asks whether a mail about a proposal still holds: it is open, and this person has not answered."""
    if about is None or about[0] != ABOUT:
        return True
    proposal = Proposal.objects.filter(pk=about[1]).first()
    if proposal is None or proposal.state != ProposalState.OPEN:
        return False
    answer = proposal.mentor_answer if valid_while.get("role") == "mentor" else proposal.mentee_answer
    return bool(answer == Answer.NONE)
