"""To whom a stored row belongs, and when its time is over: what the export, the erasure and the retention job read.

Each package says so in its ``privacy`` room beside its lines, so that no list of models is kept twice (B-01).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: Lookups are written from the row's model and end at a person's primary key.
Lookup = str


@dataclass(frozen=True)
class Belonging:
    """How the rows of one model hang on people and programmes.

    Args:
        own: lookups to the people whose own data a row is: exported to them, erased with them.
        named: lookups to people whom somebody else's row names: erased with them, never exported to them.
        only: field → the one of ``own`` whose data it is, where a row belongs to two: the other never gets it.
        within: lookup to the programme with which the row's time is over; "" where there is none.
        by_hand: the package erases these rows itself, because a rule about fields cannot say how.
    """

    own: tuple[Lookup, ...]
    named: tuple[Lookup, ...] = ()
    only: Mapping[str, Lookup] = field(default_factory=dict)
    within: Lookup = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Ending:
    """From which instant or day the term of whole rows counts, which rows it is about, and days of its own."""

    since: Lookup
    only: Mapping[str, Any] = field(default_factory=dict)
    days: int | None = None


_belongings: dict[str, Belonging] = {}
_endings: dict[str, Ending] = {}
_readers: dict[str, Callable[[Any], str]] = {}
#: Terms that a job of their own carries out, with its name in the clock's table.
JOBS_OF_TERMS: Final[Mapping[str, str]] = {
    "cohort_start": "programmes.erase_selections",
    "files_7": "participants.purge_files",
    "mail_30": "outbox.retention",
    "links_14": "outbox.retention",
    "round_close": "evaluations.finish_sealing",
    "answers_24": "evaluations.erase_expired_answers",
}


def belongs(
    model: str,
    *own: Lookup,
    named: Iterable[Lookup] = (),
    only: Mapping[str, Lookup] | None = None,
    within: Lookup = "",
    by_hand: bool = False,
) -> None:
    """Declare to whom the rows of a model belong.

    Args:
        model: "app_label.ModelName".
        own, named, only, within, by_hand: as in ``Belonging``.
    """
    _belongings[model.lower()] = Belonging(own, tuple(named), dict(only or {}), within, by_hand)


def ends(model: str, since: Lookup, *, days: int | None = None, **only: Any) -> None:
    """Declare from when the term of whole rows counts: after it they are deleted.

    Args:
        since: lookup to an instant or a day; rows without one stay.
        days: where the instant is the end itself; by default the days of the lines' term.
        only: filters for the rows it is about.
    """
    _endings[model.lower()] = Ending(since, only, days)


def readable(model: str, name: str, reader: Callable[[Any], str]) -> None:
    """Declare how a sealed field is opened for the person whose data it is."""
    _readers[f"{model.lower()}.{name}"] = reader


def belonging(model: str) -> Belonging | None:
    """To whom the rows of a model belong; None where nobody has said so."""
    return _belongings.get(model.lower())


def ending(model: str) -> Ending | None:
    """From when the rows' term counts; None where no term of their own does."""
    return _endings.get(model.lower())


def reader_of(model: str, name: str) -> Callable[[Any], str] | None:
    """How a sealed field is opened; None for plain ones."""
    return _readers.get(f"{model.lower()}.{name}")


def models_with_owner() -> list[str]:
    """Labels of the models that somebody's rows stand in, in order."""
    return sorted(_belongings)


def models_with_term() -> list[str]:
    """Labels of the models whose rows have a term of their own, in order."""
    return sorted(_endings)
