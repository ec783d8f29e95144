"""What a programme's people can teach and want to learn, side by side; and who offers what (S4.11).

Offers are named, for whoever offers wants to be found. Wishes are counted over the whole programme and never by
department: what somebody does not know is not listed here, nor can a small unit be asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from participants.models import Person
from programmes.choices import LEVELS, Role
from programmes.models import ColleagueTopic, Programme, Topic, TopicOffer, TopicWish
from programmes.querysets import EnrolmentQuerySet
from programmes.selectors.topic_calls import at_rest, current_enrolments

#: What a coordinator may look at: everything, what nobody offers, what nobody asks for.
SHOWN: Final = ("all", "missing", "idle")
_LEVEL_WORDS: Final = dict(LEVELS)


@dataclass(frozen=True)
class OfferFilter:
    """What to look for; "" for all."""

    topic: str = ""
    department: str = ""
    words: str = ""


@dataclass(frozen=True)
class TopicLine:
    """One topic: how many offer it, ask for it, and named it without taking part.

    Args:
        wanted: in the whole programme, whatever department is looked at.
    """

    topic: Topic
    offered: int
    wanted: int
    named: int

    @property
    def is_missing(self) -> bool:
        """Asked for, and nobody offers it."""
        return self.wanted > 0 and not self.offered and not self.named

    @property
    def is_idle(self) -> bool:
        """Offered, and nobody asks for it."""
        return self.wanted == 0 and bool(self.offered or self.named)


@dataclass(frozen=True)
class OfferLine:
    """Somebody who has something to say about a topic.

    Args:
        role: "mentor" or "mentee"; "" for a colleague who named it without taking part.
        level: in words; "" where nobody asked for it.
    """

    topic: Topic
    name: str
    department: str
    role: str
    level: str
    example: str
    enrolment_id: int | None


def _counted(programme: Programme, department: str) -> EnrolmentQuerySet:
    """Whose topics count: everybody of this day, but nobody who pauses or objects (B-09)."""
    rows: EnrolmentQuerySet = current_enrolments(programme).counted()
    return rows.filter(person__department=department) if department else rows


def _colleagues(programme: Programme, department: str) -> QuerySet[ColleagueTopic]:
    """What was named, less what the same person offers in an intake, and whoever pauses or objects."""
    offered = TopicOffer.objects.filter(
        enrolment__in=current_enrolments(programme).values("pk"),
        enrolment__person=OuterRef("person"),
        topic=OuterRef("topic"),
    )
    rows: QuerySet[ColleagueTopic] = ColleagueTopic.objects.filter(
        programme=programme, person__state="active"
    ).exclude(person__in=at_rest(programme.pk))
    rows = rows.exclude(Exists(offered))
    return rows.filter(person__department=department) if department else rows


def topic_lines(programme: Programme, *, department: str = "", shown: str = "all") -> QuerySet[Topic]:
    """The topics of a programme with their counts, in one query; ``as_topic_lines`` makes lines of a page of it."""
    offering = _counted(programme, department).values("pk")
    asking = _counted(programme, "").values("pk")
    rows: Any = Topic.objects.filter(Q(programme=None) | Q(programme=programme)).annotate(
        offers_n=_count(TopicOffer.objects.filter(enrolment__in=offering), "enrolment__person"),
        wants_n=_count(TopicWish.objects.filter(enrolment__in=asking), "enrolment__person"),
        named_n=_count(_colleagues(programme, department), "person"),
    )
    listed = Topic.objects.offered_in(programme.pk).values("pk")
    rows = rows.filter(Q(pk__in=listed) | Q(offers_n__gt=0) | Q(wants_n__gt=0) | Q(named_n__gt=0))
    rows = rows.annotate(supply_n=F("offers_n") + F("named_n"))
    if shown == "missing":
        rows = rows.filter(supply_n=0, wants_n__gt=0)
    elif shown == "idle":
        rows = rows.filter(supply_n__gt=0, wants_n=0)
    found: QuerySet[Topic] = rows.order_by("-wants_n", "-supply_n", "code")
    return found


def _count(rows: Any, person: str) -> Coalesce:
    """How many people, of rows that have a topic."""
    of_topic = rows.filter(topic=OuterRef("pk")).order_by().values("topic")
    counted = of_topic.annotate(n=Count(person, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def as_topic_lines(rows: Sequence[Any]) -> list[TopicLine]:
    """A page of ``topic_lines`` for the eye."""
    return [TopicLine(row, row.offers_n, row.wants_n, row.named_n) for row in rows]


# --- who offers what ------------------------------------------------------------------------------------


def offers(programme: Programme, looked_for: OfferFilter) -> Any:
    """Everybody who offers or named a topic, one row a topic and person (of two cohorts the newer).

    Sliced by the page that shows it.
    """
    counted = _counted(programme, looked_for.department).values("pk")
    twice = TopicOffer.objects.filter(
        enrolment__in=counted, enrolment__person=OuterRef("enrolment__person"), topic=OuterRef("topic"),
        enrolment__gt=OuterRef("enrolment"),
    )  # fmt: skip
    from_intakes = TopicOffer.objects.filter(~Exists(twice), enrolment__in=counted).annotate(
        first=F("enrolment__person__first_name"), last=F("enrolment__person__last_name"),
        unit=F("enrolment__person__department"), role=F("enrolment__role"), rank=F("level"),
        words=F("example"), part=F("enrolment"),
    )  # fmt: skip
    named = _colleagues(programme, looked_for.department).annotate(
        first=F("person__first_name"), last=F("person__last_name"), unit=F("person__department"),
        role=Value("", output_field=CharField()), rank=Value(-1, output_field=IntegerField()),
        words=F("sentence"), part=Value(0, output_field=IntegerField()),
    )  # fmt: skip
    both = [_narrowed(rows, looked_for).values_list(*_COLUMNS) for rows in (from_intakes, named)]
    return both[0].union(both[1], all=True).order_by("topic_id", "-rank", "last", "first", "part")


_COLUMNS: Final = ("topic_id", "rank", "last", "first", "part", "unit", "role", "words")


def _narrowed(rows: Any, looked_for: OfferFilter) -> Any:
    rows = rows.order_by()
    if looked_for.topic:
        rows = rows.filter(topic__code=looked_for.topic)
    for word in looked_for.words.split()[:5]:
        names = Q(first__icontains=word) | Q(last__icontains=word) | Q(words__icontains=word)
        topics = Q(topic__name_en__icontains=word) | Q(topic__name_nl__icontains=word)
        rows = rows.filter(names | topics | Q(topic__name_de__icontains=word))
    return rows


def as_offer_lines(rows: Sequence[Any]) -> list[OfferLine]:
    """A page of ``offers`` with its topics; one query."""
    topics: Mapping[int, Topic] = Topic.objects.in_bulk({row[0] for row in rows})
    return [_offer_line(topics[row[0]], row) for row in rows]


def _offer_line(topic: Topic, row: Sequence[Any]) -> OfferLine:
    _topic, rank, last, first, part, unit, role, words = row
    name = f"{first} {last}".strip()
    level = f"{rank} – {_LEVEL_WORDS[rank]}" if rank >= 0 else ""
    return OfferLine(topic, name, unit, str(Role(role).label) if role else "", level, words, part or None)


def offering_departments(programme: Programme) -> list[str]:
    """Departments of everybody who offers or asks for something here, for the filter."""
    people = Person.objects.filter(
        Q(pk__in=current_enrolments(programme).values("person"))
        | Q(pk__in=ColleagueTopic.objects.filter(programme=programme).values("person"))
    )
    return sorted(people.exclude(department="").order_by().values_list("department", flat=True).distinct())
