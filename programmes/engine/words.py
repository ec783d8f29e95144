"""The words of an intake file in English, Dutch and German, and the codes that they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from participants.engine.headers import ROSTER_FIELDS, normalise

#: Our fields of an intake with the headers that mean them, in normal form, the surest first.
INTAKE_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "hr_key": ROSTER_FIELDS["hr_key"],
    "email": ROSTER_FIELDS["email"],
    "role": ("role", "rol", "rolle", "participantrole"),
    "capacity": (
        "capacity", "seats", "partners", "numberofpartners", "capaciteit", "aantal", "aantalpartners",
        "kapazitat", "platze", "anzahl", "anzahlpartner",
    ),
    "languages": ROSTER_FIELDS["languages"],
    "offers": ("offers", "offer", "topicsoffered", "canoffer", "biedt", "aanbod", "bietet", "angebot", "angebote"),
    "wants": (
        "wants", "want", "topicswanted", "wantstolearn", "wil", "wilt", "wensen", "leerwensen", "sucht", "wunsche",
        "mochtelernen",
    ),
    "availability": (
        "availability", "available", "blocks", "beschikbaarheid", "beschikbaar", "verfugbarkeit", "verfugbar",
    ),
    "cross_border": (
        "crossborder", "acrossborders", "international", "overdegrens", "internationaal", "grenzuberschreitend",
    ),
    "style": ("style", "learningstyle", "stijl", "leerstijl", "stil", "lernstil"),
    "perspectives_offered": ("perspectivesoffered", "perspectives", "perspectieven", "perspektiven"),
    "perspective_wanted": ("perspectivewanted", "gewenstperspectief", "gewunschteperspektive"),
}  # fmt: skip
REQUIRED: Final = ("hr_key", "role")

ROLES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("mentor", "mentorin", "mentors", "mentoren", "junior"), "mentor"),
    **dict.fromkeys(("mentee", "mentees", "mentoree", "protege", "senior"), "mentee"),
}
YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja", "j", "wahr", "waar"})
NO: Final = frozenset({"", "no", "n", "false", "0", "nee", "nein", "falsch", "onwaar"})

_DAYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("mon", "monday", "ma", "maandag", "mo", "montag"), "mon"),
    **dict.fromkeys(("tue", "tuesday", "di", "dinsdag", "dienstag"), "tue"),
    **dict.fromkeys(("wed", "wednesday", "wo", "woensdag", "mi", "mittwoch"), "wed"),
    **dict.fromkeys(("thu", "thursday", "do", "donderdag", "donnerstag"), "thu"),
    **dict.fromkeys(("fri", "friday", "vr", "vrijdag", "fr", "freitag"), "fri"),
}
_PARTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("am", "morning", "ochtend", "vormittag"), "am"),
    **dict.fromkeys(("lunch", "noon", "mittag", "lunchpauze", "mittagspause"), "lunch"),
    **dict.fromkeys(("pm", "afternoon", "middag", "nachmittag"), "pm"),
}
#: Every block in the order of the week, in which it is kept.
BLOCKS: Final = tuple(
    f"{day}_{part}" for day in dict.fromkeys(_DAYS.values()) for part in ("am", "lunch", "pm")
)
_LISTED: Final = re.compile(r"[;,|\n]")
_NUMBERED: Final = re.compile(r"\S.*?[:=(]\s*\d+\s*\)?(?=\s|\Z)")
_RATED: Final = re.compile(r"(?P<word>.+?)\s*[:=(]\s*(?P<number>\d+)\s*\)?\Z")


def block(word: str) -> str | None:
    """The weekly block that a word like "mon_am", "ma-ochtend" or "Mo Vormittag" means."""
    parts = [normalise(part) for part in re.split(r"[\s_-]+", word.strip()) if part]
    if len(parts) != 2 or parts[0] not in _DAYS or parts[1] not in _PARTS:
        return None
    return f"{_DAYS[parts[0]]}_{_PARTS[parts[1]]}"


def entries(cell: str) -> list[str]:
    """A cell's entries: by semicolon, comma, bar or line where there is one, else by number, else by blank.

    So "gen_ai:4 craft:1" is two entries and "Leading and deciding: 2" is one.
    """
    if _LISTED.search(cell):
        parts = _LISTED.split(cell)
    elif _NUMBERED.sub("", cell).strip():
        parts = cell.split()
    else:
        parts = _NUMBERED.findall(cell)
    return [part.strip() for part in parts if part.strip()]


def block_entries(cell: str) -> list[str]:
    """A cell's weekly blocks, which blanks may hold together: "Mo Vormittag Di Mittag" is two."""
    if _LISTED.search(cell):
        return entries(cell)
    found: list[str] = []
    waiting = ""
    for word in cell.split():
        joined = f"{waiting} {word}".strip()
        if block(joined):
            found.append(joined)
            waiting = ""
        elif normalise(word) in _DAYS and not waiting:
            waiting = word
        else:
            found.append(joined)
            waiting = ""
    return [*found, waiting] if waiting else found


def rated(entry: str) -> tuple[str, int | None]:
    """ "gen_ai:4" or "Generative AI (4)" as word and number; the number is None when none is written."""
    found = _RATED.match(entry)
    return (found["word"], int(found["number"])) if found else (entry, None)
