"""The page of an open call: both roles, their time, and who sees what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.choices import INTAKE_OVER, EnrolmentState, Role, Switch
from programmes.models import Enrolment, OpenCall
from programmes.selectors import PARTS, CallView
from programmes.selectors.council import is_on

Text = str | Promise
#: What each role gains, and what it asks for (S0.11, S4.1).
_GAINS: Final[Mapping[str, Sequence[Text]]] = {
    Role.MENTOR: (
        _("You lead: your agenda, your questions, your pace."),
        _("You see from nearby how somebody decides, and what they weigh."),
        _("You practise leading a conversation, explaining, and telling a senior colleague what you think."),
        _("You hear in return what only years in the job teach."),
        _("What you show can change something: your mentee answers for acting on it."),
    ),
    Role.MENTEE: (
        _("You hear how customers, tools and work look from where the work is done."),
        _("You try new tools with somebody who uses them every day."),
        _("You may say that you do not know something, and nobody holds it against you."),
        _("You pass on what you have learned, and find out which of it still holds."),
        _("You change one thing because of what you heard, and people notice."),
    ),
}
_ASKS: Final[Mapping[str, Text]] = {
    Role.MENTOR: _(
        "It asks for honest words, a little preparation, and training that takes an hour and a half."
    ),
    Role.MENTEE: _(
        "It asks for keeping the slot free, for questions before opinions, and for one visible act."
    ),
}
_NAMES: Final[Mapping[str, Text]] = {Role.MENTOR: _("As a mentor"), Role.MENTEE: _("As a mentee")}
_FOR_WHOM: Final[Mapping[str, Text]] = {
    Role.MENTOR: _("for junior colleagues, who lead"),
    Role.MENTEE: _("for senior colleagues, who listen"),
}
#: What becomes of an application, by the state it is in.
_STATES: Final[Mapping[str, Text]] = {
    EnrolmentState.APPLIED: _(
        "You have signed up. After the last day the coordinators answer everybody, by mail."
    ),
    EnrolmentState.WAITLISTED: _(
        "You are on the waiting list. As soon as a seat falls free you are in, and a mail tells you."
    ),
    EnrolmentState.DECLINED: _("Your application has been answered, by mail."),
    EnrolmentState.WITHDRAWN: _("You took part in this cohort and have left it."),
    EnrolmentState.COMPLETED: _("You have completed this cohort."),
}


@dataclass(frozen=True)
class RoleCard:
    """One role: what one gains, what it asks for, and its hours part by part."""

    role: str
    name: Text
    for_whom: Text
    gains: Sequence[Text]
    asks: Text
    hours: int
    parts: Sequence[tuple[Text, str]]
    terms: Sequence[str] = ()
    obstacle: Text = ""
    is_usual: bool = False


@dataclass(frozen=True)
class CallPage:
    """Everything on the page of a call.

    Args:
        standing: what became of the reader's own application, in words; "" without one.
        who_sees: pairs of what and who.
    """

    view: CallView
    cards: Sequence[RoleCard]
    who_sees: Sequence[tuple[Text, Text]]
    standing: Text = ""

    @property
    def call(self) -> OpenCall:
        return self.view.call

    @property
    def enrolment(self) -> Enrolment | None:
        return self.view.enrolment

    @property
    def may_take_back(self) -> bool:
        return self.enrolment is not None and self.enrolment.state == EnrolmentState.APPLIED

    @property
    def may_fill_in(self) -> bool:
        """Whether their intake waits for them: they have come forward and not sent it."""
        if self.enrolment is None or self.enrolment.state in INTAKE_OVER:
            return False
        intake = getattr(self.enrolment, "intake", None)
        return intake is None or intake.completed_at is None

    @property
    def asks_own_view(self) -> bool:
        """Whether to ask how they see themselves: of mentors who wait for an answer (S0.27)."""
        return self.may_take_back and self.enrolment is not None and self.enrolment.role == Role.MENTOR


def call_page(view: CallView) -> CallPage:
    """The page as words; reads nothing further from the database but the switch of the line-manager notice."""
    standing: Text = ""
    if view.enrolment is not None:
        standing = _STATES.get(view.enrolment.state, _("You take part in this cohort."))
    return CallPage(view, [_card(view, place) for place in (0, 1)], _who_sees(view), standing)


def _card(view: CallView, place: int) -> RoleCard:
    budget = view.budgets[place]
    offer = view.offers[place] if view.offers else None
    return RoleCard(
        role=budget.role,
        name=_NAMES[budget.role],
        for_whom=_FOR_WHOM[budget.role],
        gains=_GAINS[budget.role],
        asks=_ASKS[budget.role],
        hours=budget.hours,
        parts=[(PARTS[part.code], spell(part.minutes)) for part in budget.parts],
        terms=view.terms[place].sentences,
        obstacle=offer.obstacle if offer else "",
        is_usual=offer.is_usual if offer else False,
    )


def spell(minutes: int) -> str:
    """Minutes as hours and minutes, as a table shows them."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def _who_sees(view: CallView) -> list[tuple[Text, Text]]:
    tells_manager = is_on(view.cohort.programme_id, Switch.MANAGER_NOTICE)
    hours_alone = _("If you are in as a mentor: the hours it takes, and nothing else")
    return [
        (_("That you have signed up, and for which role"), _("The coordinators of the programme")),
        (_("What you offer and wish for"), _("The coordinators, and later a partner who is proposed to you")),
        (_("What the two of you say, write and agree"), _("The two of you")),
        (
            _("Why somebody was not chosen"),
            _("The coordinators, until the cohort begins; then it is deleted"),
        ),
        (_("What your line manager is told"), hours_alone if tells_manager else _("Nothing")),
        (_("That you did not sign up"), _("Nobody is told")),
    ]
