"""Countries, languages and time zones as people write them, to the codes that we keep.

The names come from CLDR (through Babel), so a file in English, Dutch or German is understood alike.
"""

from __future__ import annotations

import re
import zoneinfo
from functools import cache

from babel.core import Locale, get_global

_READ_IN = ("en", "nl", "de")
#: Languages that are also known by the name they give themselves.
_OWN_NAMES = ("fr", "es", "it", "pt", "pl", "da", "sv", "fi", "cs", "hu", "tr", "ro", "el", "uk")
_SEPARATORS = re.compile(r"[\s,;/|+&]+")


@cache
def _countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and len(codes[0]) == 2:
            names[alias.casefold()] = codes[0]
    for locale in _READ_IN:
        for code, name in Locale(locale).territories.items():
            if len(code) == 2 and code.isalpha():
                names[name.casefold()] = code
                names[code.casefold()] = code
    return names


@cache
def _languages() -> dict[str, str]:
    names: dict[str, str] = {}
    for locale in _READ_IN:
        for code, name in Locale(locale).languages.items():
            if len(code) == 2:
                names[name.casefold()] = names[code] = code
    for code in _OWN_NAMES:
        names.setdefault(str(Locale(code).languages[code]).casefold(), code)
    return names


@cache
def time_zones() -> frozenset[str]:
    """Every IANA zone that this installation knows; looking through the files of them all takes 10 ms."""
    return frozenset(zoneinfo.available_timezones())


@cache
def _zones() -> dict[str, str]:
    names = {name.casefold(): name for name in time_zones()}
    for windows, zone in get_global("windows_zone_mapping").items():
        if zone in time_zones():
            names.setdefault(windows.casefold(), zone)
    return names


def country_code(value: str) -> str | None:
    """ISO 3166 alpha-2 for a code or a name in one of our languages; None when nobody knows it."""
    return _countries().get(value.strip().casefold())


def language_codes(value: str) -> tuple[list[str], list[str]]:
    """ISO 639-1 codes in the order written, and the words that are no language that we know."""
    whole = _languages().get(value.strip().casefold())
    if whole:
        return [whole], []
    known: list[str] = []
    unknown: list[str] = []
    for word in filter(None, _SEPARATORS.split(value.strip())):
        code = _languages().get(word.casefold()) or _languages().get(re.split("[-_]", word)[0].casefold())
        if code is None:
            unknown.append(word)
        elif code not in known:
            known.append(code)
    return known, unknown


def zone_name(value: str) -> str | None:
    """The IANA zone for its own name or for the name that Windows gives it."""
    return _zones().get(value.strip().casefold())
