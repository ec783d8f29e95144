"""What each stage asks for, as a table: one line is one thing asked, who owes it, and where it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from programmes.choices import EnrolmentState, Owner, Role, Stage, TextKey
from programmes.models import Cohort, Coordinator, Enrolment, Goal, NamedContact, TopicCall
from programmes.querysets import EnrolmentQuerySet
from programmes.selectors.contacts import mentors_without_contact
from programmes.selectors.council import is_covered
from programmes.selectors.texts import settled_keys

#: How many of the accepted people have a complete intake before pairs are looked for, in per cent.
COMPLETE_SHARE: Final = 80
#: How long after its last day a cohort keeps its people; then it may be archived (dossier 2.6).
KEPT_MONTHS: Final = 12


@dataclass(frozen=True)
class Gate:
    """One thing that a stage asks for.

    Args:
        code: a short stable name.
        text: what is asked, in words that hold whether it is met or not.
        is_met: whether it is.
        owner: who owes it, one of ``Owner``.
        note: how far it is, such as "14 of 20"; empty where there is nothing to count.
        path: the page where it is done; empty when there is none.
    """

    code: str
    text: str | Promise
    is_met: bool
    owner: str = Owner.COORDINATOR
    note: str | Promise = ""
    path: str = ""

    @property
    def owner_name(self) -> str:
        """Who owes it, in words."""
        return str(Owner(self.owner).label)


class Facts:
    """What the table asks about one cohort; each is counted once, and only when a line needs it."""

    def __init__(self, cohort: Cohort, now: datetime) -> None:
        self.cohort, self.programme = cohort, cohort.programme
        self.today: date = now.astimezone(ZoneInfo(cohort.time_zone)).date()

    @property
    def enrolled(self) -> EnrolmentQuerySet:
        rows: EnrolmentQuerySet = Enrolment.objects.filter(cohort=self.cohort).order_by()
        return rows

    @property
    def accepted(self) -> EnrolmentQuerySet:
        return self.enrolled.taking_part()

    @cached_property
    def came_forward(self) -> set[str]:
        alive = self.enrolled.exclude(state__in=[EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN])
        return set(alive.values_list("role", flat=True))

    @cached_property
    def mentors(self) -> int:
        return self.accepted.filter(role=Role.MENTOR).count()

    @cached_property
    def mentees(self) -> int:
        return self.accepted.filter(role=Role.MENTEE).count()

    @cached_property
    def seats(self) -> int:
        return self.accepted.filter(role=Role.MENTOR).aggregate(seats=Sum("capacity"))["seats"] or 0

    @cached_property
    def without_contact(self) -> int:
        return mentors_without_contact(self.programme.pk).filter(cohort=self.cohort).taking_part().count()

    @cached_property
    def undecided(self) -> int:
        return self.enrolled.filter(state=EnrolmentState.APPLIED).count()

    @cached_property
    def complete(self) -> int:
        return self.accepted.with_complete_intake().count()

    @cached_property
    def has_goal(self) -> bool:
        return Goal.objects.filter(programme=self.programme).exclude(measure="").exists()

    @cached_property
    def settled(self) -> set[str]:
        return settled_keys(self.programme)

    @cached_property
    def topic_call(self) -> TopicCall | None:
        """The topic call that colleagues may still answer."""
        rows = TopicCall.objects.open().filter(programme=self.programme, closes_on__gte=self.today)
        found: TopicCall | None = rows.first()
        return found

    @property
    def archive_from(self) -> date:
        return self.cohort.ends_on + relativedelta(months=KEPT_MONTHS)


@dataclass(frozen=True)
class Item:
    """One line of the table.

    Args:
        to: the stage that asks for it.
        code, text: as in ``Gate``.
        met: whether it is met.
        owner: who owes it.
        path: the page where it is done.
        note: how far it is.
    """

    to: Stage
    code: str
    text: Promise
    met: Callable[[Facts], bool]
    owner: Owner = Owner.COORDINATOR
    path: Callable[[Facts], str] = lambda facts: ""
    note: Callable[[Facts], str] = lambda facts: ""

    def gate(self, facts: Facts) -> Gate:
        """This line as it stands for one cohort."""
        return Gate(
            self.code, self.text, self.met(facts), self.owner, self.note(facts), self.path(facts)
        )  # fmt: skip


# --- where things are done ------------------------------------------------------------------------------


def _charter(field: str) -> Callable[[Facts], str]:
    return lambda facts: (
        f"{reverse('admin:programmes_programme_change', args=[facts.programme.pk])}#id_{field}"
    )


def _text(key: str) -> Callable[[Facts], str]:
    return lambda facts: reverse("admin:programmes_programme_text", args=[facts.programme.pk, key])


def _council(facts: Facts) -> str:
    return reverse("admin:programmes_programme_council", args=[facts.programme.pk])


def _people(facts: Facts) -> str:
    return f"{reverse('admin:programmes_enrolment_changelist')}?cohort__id__exact={facts.cohort.pk}"


def _applied(facts: Facts) -> str:
    return f"{_people(facts)}&state__exact={EnrolmentState.APPLIED}"


def _add(model: str) -> Callable[[Facts], str]:
    return lambda facts: f"{reverse(f'admin:programmes_{model}_add')}?programme={facts.programme.pk}"


# --- how far they are -----------------------------------------------------------------------------------


def _of(part: int, whole: int) -> str:
    return _now("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def _seats_note(facts: Facts) -> str:
    return _now("%(seats)s seats, %(mentees)s mentees") % {"seats": facts.seats, "mentees": facts.mentees}


def _topic_call(facts: Facts) -> str:
    call = facts.topic_call
    return reverse("admin:programmes_topiccall_turnout", args=[call.pk]) if call else ""


def _topics_note(facts: Facts) -> str:
    from django.utils.formats import date_format

    call = facts.topic_call
    return _now("until %(day)s") % {"day": date_format(call.closes_on, "DATE_FORMAT")} if call else ""


def _archive_note(facts: Facts) -> str:
    from django.utils.formats import date_format

    return _now("on %(day)s") % {"day": date_format(facts.archive_from, "DATE_FORMAT")}


#: Every line of this package, in the order in which it is shown. To ask for one thing more, add a line; packages
#: above fill ``programmes.stage_gates`` instead.
ITEMS: Final[tuple[Item, ...]] = (
    Item(Stage.OPEN, "purpose", _("The programme says its purpose in one sentence."),
         lambda facts: bool(facts.programme.purpose.strip()), path=_charter("purpose")),
    Item(Stage.OPEN, "ambition", _("The charter says which problem or ambition it answers."),
         lambda facts: bool(facts.programme.ambition.strip()), Owner.SPONSOR, _charter("ambition")),
    Item(Stage.OPEN, "goal", _("At least one goal says how it will be measured."),
         lambda facts: facts.has_goal, path=_add("goal")),
    Item(Stage.OPEN, "mentor_brief", _("It is settled what is expected of a mentor."),
         lambda facts: TextKey.MENTOR_BRIEF in facts.settled, path=_text(TextKey.MENTOR_BRIEF)),
    Item(Stage.OPEN, "mentee_brief", _("It is settled what is expected of a mentee."),
         lambda facts: TextKey.MENTEE_BRIEF in facts.settled, path=_text(TextKey.MENTEE_BRIEF)),
    Item(Stage.OPEN, "privacy_note", _("The privacy note is settled."),
         lambda facts: TextKey.PRIVACY_NOTE in facts.settled, path=_text(TextKey.PRIVACY_NOTE)),
    Item(Stage.OPEN, "coordinator", _("Somebody coordinates the programme."),
         lambda facts: Coordinator.objects.filter(programme=facts.programme).exists(), path=_add("coordinator")),
    Item(Stage.OPEN, "contact", _("Somebody outside every reporting line is named as contact."),
         lambda facts: NamedContact.objects.filter(programme=facts.programme).standing_by().exists(),
         path=_add("namedcontact")),
    Item(Stage.OPEN, "council", _("Works council and data protection: the settings as they are have been agreed."),
         lambda facts: is_covered(facts.programme), Owner.WORKS_COUNCIL, _council),
    Item(Stage.SELECTING, "mentors", _("At least one junior has come forward as mentor."),
         lambda facts: Role.MENTOR in facts.came_forward, Owner.COLLEAGUES, _people),
    Item(Stage.SELECTING, "topics", _("Colleagues have had their time to name topics: no topic call is open."),
         lambda facts: facts.topic_call is None, Owner.CALENDAR,
         lambda facts: _topic_call(facts), lambda facts: _topics_note(facts)),
    Item(Stage.SELECTING, "mentees", _("At least one senior has come forward as mentee."),
         lambda facts: Role.MENTEE in facts.came_forward, Owner.COLLEAGUES, _people),
    Item(Stage.MATCHING, "accepted_mentors", _("At least one mentor is accepted."),
         lambda facts: facts.mentors > 0, path=_people),
    Item(Stage.MATCHING, "accepted_mentees", _("At least one mentee is accepted."),
         lambda facts: facts.mentees > 0, path=_people),
    Item(Stage.MATCHING, "decided", _("Every application has an answer."),
         lambda facts: not facts.undecided, path=_applied),
    Item(Stage.MATCHING, "complete",
         _("Four in five accepted people have a complete intake: grade, working language and a topic."),
         lambda facts: facts.complete * 100 >= COMPLETE_SHARE * (facts.mentors + facts.mentees),
         Owner.PARTICIPANTS, _people, lambda facts: _of(facts.complete, facts.mentors + facts.mentees)),
    Item(Stage.MATCHING, "seats", _("The mentors have a seat for every mentee."),
         lambda facts: facts.seats >= facts.mentees, path=_people, note=_seats_note),
    Item(Stage.MATCHING, "contact_for_all", _("Every mentor has a named contact outside their own line."),
         lambda facts: not facts.without_contact, path=_add("namedcontact"),
         note=lambda facts: _of(facts.mentors - facts.without_contact, facts.mentors)),
    Item(Stage.ARCHIVED, "kept", _("The time for which its people are kept is over."),
         lambda facts: facts.today >= facts.archive_from, Owner.CALENDAR, note=_archive_note),
)  # fmt: skip


def own_gates(cohort: Cohort, to: str, now: datetime) -> list[Gate]:
    """What this package asks for before ``cohort`` moves to ``to``."""
    facts = Facts(cohort, now)
    return [item.gate(facts) for item in ITEMS if item.to == to]
