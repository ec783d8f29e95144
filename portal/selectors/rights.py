"""A person's copy of their own data, and what erasing them would do, in words made from the register."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from common.belongings import belonging, models_with_owner
from common.privacy import RETENTION_DAYS
from participants.models import DataExport, ErasureRequest, Person
from participants.selectors import goes_whole, personal_lines
from portal.selectors.register import name_of
from programmes.choices import Switch
from programmes.models import Programme, RecordReading
from programmes.selectors import is_on

#: How many lines of the log of opened records one reads at once; the copy of one's data has all.
OPENINGS_AT_ONCE: Final = 30


@dataclass(frozen=True)
class ErasurePage:
    """What the person reads before they ask.

    Args:
        request: the wish that stands, if one does.
        goes, emptied: kinds of record, called as on the page of what is kept.
    """

    request: ErasureRequest | None
    goes: Sequence[str]
    emptied: Sequence[str]


def copy_of(person: Person, *, now: datetime) -> DataExport | None:
    """The copy that was asked for within the last day, made or under way. One query."""
    since = now - timedelta(days=RETENTION_DAYS["day_1"] or 1)
    return DataExport.objects.filter(person=person, asked_at__gt=since).first()


def erasure_page(person: Person) -> ErasurePage:
    """One query; the words come from the register."""
    kinds = [label for label in models_with_owner() if _is_plain(label)]
    return ErasurePage(
        request=ErasureRequest.objects.open().filter(person=person).first(),
        goes=_named(label for label in kinds if goes_whole(label)),
        emptied=_named(label for label in kinds if not goes_whole(label) and _is_emptied(label)),
    )


@dataclass(frozen=True)
class Openings:
    """Who opened somebody's record at the desk.

    Args:
        lines: the latest, newest first.
        is_kept: whether a programme of theirs notes it at all.
    """

    lines: Sequence[RecordReading]
    is_kept: bool


def openings_of(person: Person) -> Openings:
    """One query where somebody has opened it; otherwise one for each programme of theirs and two more."""
    lines = list(RecordReading.objects.of(person.pk)[:OPENINGS_AT_ONCE])
    if lines:
        return Openings(lines, is_kept=True)
    own = Programme.objects.filter(cohorts__enrolments__person=person).distinct().values_list("pk", flat=True)
    return Openings((), is_kept=any(is_on(pk, Switch.READ_LOG) for pk in own))


def _is_plain(label: str) -> bool:
    """Records of the programme, not the machinery of logging in."""
    told = belonging(label)
    own = label.split(".")[0] in ("participants", "programmes", "pairings", "meetings", "matching")
    return own and told is not None and bool(told.own) and bool(personal_lines(label))


def _is_emptied(label: str) -> bool:
    """Rows in which something that was entered goes; the person's own row is told in words of its own."""
    told = belonging(label)
    says = any(line.erase in ("blank", "delete_row") for line in personal_lines(label).values())
    return says and told is not None and not told.by_hand


def _named(labels: Iterable[str]) -> list[str]:
    return sorted((name_of(label) for label in labels), key=str.casefold)
