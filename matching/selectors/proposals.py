"""A proposal as one of its two people sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from matching.choices import ProposalState
from matching.engine import codes
from matching.models import MatchingRun, Proposal
from matching.selectors.problem import topic_names
from matching.selectors.reasons import Reason, reasons_for
from participants.models import Person
from programmes.choices import Role
from programmes.models import Coordinator


@dataclass(frozen=True)
class ProposalPage:
    """Who, why, who sees what, and what happens next, for one reader.

    Args:
        outcome: why it can no longer be answered, in words that are the same for a no and for silence.
    """

    proposal: Proposal
    person: Person
    partner: Person
    role: str
    partner_role: str
    purpose: str
    reasons: Sequence[Reason]
    checks: Sequence[str]
    who_sees: Sequence[tuple[str, str]]
    answer_by: datetime
    own_answer: str
    is_open: bool
    outcome: str
    months: int
    minutes: int
    rhythm: str


def proposal_page(
    proposal: Proposal, person: Person, *, now: datetime, staff: Sequence[str] | None = None
) -> ProposalPage:
    """The page of one of the two. One query beside the proposal's own, two where the staff is asked here.

    Args:
        staff: names of the programme's coordinators, where the caller knows them.
    """
    role = str(proposal.role_of(person))
    partner, cohort = proposal.partner_of(person), proposal.cohort
    is_open = proposal.state == ProposalState.OPEN and proposal.answer_by >= now
    return ProposalPage(
        proposal=proposal,
        person=person,
        partner=partner,
        role=role,
        partner_role=Role.MENTEE if role == Role.MENTOR else Role.MENTOR,
        purpose=cohort.programme.purpose_in(),
        reasons=reasons_for(
            proposal.reasons, reader=role, partner=partner.first_name, topics=topic_names(cohort)
        ),
        checks=_checks(proposal),
        who_sees=_who_sees(partner, _coordinators(proposal) if staff is None else staff),
        answer_by=proposal.answer_by,
        own_answer="" if proposal.answer_of(person) == "none" else proposal.answer_of(person),
        is_open=is_open,
        outcome="" if is_open else _outcome(proposal),
        months=round((cohort.ends_on - cohort.starts_on).days / 30.4),
        minutes=cohort.meeting_minutes,
        rhythm=cohort.get_cadence_display(),
    )


def _checks(proposal: Proposal) -> list[str]:
    """What was looked at for this pair; nothing that nobody in the cohort had given to look at."""
    rows = MatchingRun.objects.filter(pk=proposal.run_id).values_list("settings", "result__unjudged")
    settings, unjudged = rows.get()
    checks = {
        codes.REPORTING_LINE: _("not in your reporting line, at any depth"),
        codes.GRADE_DISTANCE: _("at least %(n)s grades apart") % {"n": settings["min_grade_distance"]},
        codes.LANGUAGE: _("a shared working language"),
        codes.AVAILABILITY: _("a shared time in the week"),
    }
    return [words for rule, words in checks.items() if rule not in (unjudged or ())]


def _coordinators(proposal: Proposal) -> list[str]:
    rows = Coordinator.objects.filter(programme_id=proposal.cohort.programme_id).select_related("person")
    return [str(one.person) for one in rows]


def _who_sees(partner: Person, names: Sequence[str]) -> list[tuple[str, str]]:
    staff = ", ".join(map(str, names)) or _("the coordinators")
    first: Mapping[str, str] = {"partner": partner.first_name, "staff": staff}
    return [
        (_("Your answer below"), _("%(staff)s. %(partner)s only ever sees a yes.") % first),
        (_("What you two say"), _("You and %(partner)s. No coordinator, no administrator.") % first),
        (_("That you met, and when"), _("You, %(partner)s, %(staff)s") % first),
        (_("Your line manager"), _("Nothing")),
    ]


def _outcome(proposal: Proposal) -> str:
    if proposal.state == ProposalState.CONFIRMED:
        return _("You both said yes.")
    return _("This pair did not come about. We go on looking for you.")
