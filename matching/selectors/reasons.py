"""The engine's codes in words: for coordinators in bands, for the two people in sentences (decision 31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.choices import OPENING_WORDS, RULE_WORDS
from matching.engine import PairReasons, WhyUnmatched, codes


@dataclass(frozen=True)
class Reason:
    """One criterion for the two people themselves."""

    title: str
    band: str
    sentence: str


def stored_reasons(reasons: PairReasons) -> dict[str, Any]:
    """What is kept of a pair's reasons: bands, facts, topics. No points, and nothing about a perspective."""
    return {
        "bands": {
            one.criterion: one.band
            for one in reasons.criteria
            if one.band is not None and one.criterion not in codes.PRIVATE_CRITERIA
        },
        "facts": {
            one.criterion: list(one.facts)
            for one in reasons.criteria
            if one.criterion not in codes.PRIVATE_CRITERIA
        },
        "learns": [gain.topic for gain in reasons.learns],
        "gives_back": [gain.topic for gain in reasons.gives_back],
        "windows": len(reasons.windows),
        "languages": list(reasons.languages),
        "distance": reasons.grade_distance,
    }


def stored_unmatched(why: WhyUnmatched) -> dict[str, Any]:
    """Why somebody has nobody, as codes and counts."""
    return {
        "role": why.role,
        "code": why.code,
        "candidates": why.candidates,
        "allowed": why.allowed,
        "removed": dict(why.removed),
        "opens": [list(one) for one in why.opens],
        "people": len(why.witness.people) if why.witness else 0,
        "others": len(why.witness.others) if why.witness else 0,
        "seats": why.witness.seats if why.witness else 0,
    }


def unmatched_sentences(why: Mapping[str, Any], name: str) -> list[str]:
    """Why ``name`` has nobody, and the one change that would help most."""
    told = [_main_sentence(why, name)]
    if why["code"] in (codes.RULED_OUT, codes.SEATS_SHORT) and why["opens"]:
        rule, number = why["opens"][0]
        if rule in OPENING_WORDS:
            told.append(str(OPENING_WORDS[rule]) % {"n": _how_many(number, why["role"])})
    return told


def _main_sentence(why: Mapping[str, Any], name: str) -> str:
    code = why["code"]
    if code == codes.OWN_CAPACITY:
        return _("%(name)s has no free place.") % {"name": name}
    if code == codes.OTHER_SIDE_EMPTY:
        return _("There is nobody on the other side yet.")
    if code == codes.RULED_OUT:
        return _ruled_out(why)
    if code == codes.SEATS_SHORT:
        return _(
            "%(people)s people compete for %(seats)s places with %(others)s people, and all of these are taken."
        ) % {"people": why["people"], "seats": why["seats"], "others": why["others"]}
    return _("Every set of pairs with %(name)s in it would be smaller or weaker.") % {"name": name}


def _ruled_out(why: Mapping[str, Any]) -> str:
    removed = sorted(why["removed"].items(), key=lambda item: -item[1])
    everybody = [rule for rule, number in removed if number == why["candidates"]]
    total = _how_many(why["candidates"], why["role"])
    if codes.REPORTING_LINE in everybody:
        return _("All %(total)s are in the same reporting line.") % {"total": total}
    parts = [str(RULE_WORDS[rule]) % {"n": number} for rule, number in removed if rule in RULE_WORDS][:4]
    return _("Of %(total)s: %(parts)s.") % {"total": total, "parts": ", ".join(parts)}


def _how_many(number: int, role: str) -> str:
    """The other side, counted."""
    if role == "mentee":
        return ngettext("%(n)s mentor", "%(n)s mentors", number) % {"n": number}
    return ngettext("%(n)s mentee", "%(n)s mentees", number) % {"n": number}


def reasons_for(
    stored: Mapping[str, Any], *, reader: str, partner: str, topics: Mapping[str, str]
) -> list[Reason]:
    """The reasons as one of the two reads them.

    Args:
        reader: "mentor" or "mentee".
        partner: the other's first name.
        topics: code → name in the reader's language.
    """
    learns, gives = stored["learns"], stored["gives_back"]
    if reader == "mentor":
        learns, gives = gives, learns
    criterion = {"mentee": codes.KNOWLEDGE, "mentor": codes.RETURN_GAIN}[reader]
    other = {"mentee": codes.RETURN_GAIN, "mentor": codes.KNOWLEDGE}[reader]
    bands, facts = stored["bands"], stored["facts"]
    return [
        Reason(_("What you want to learn"), bands.get(criterion, "none"), _learning(learns, partner, topics)),
        Reason(_("What you can give"), bands.get(other, "none"), _giving(gives, partner, topics)),
        Reason(_("Distance"), bands.get(codes.DISTANCE, "none"), _distance(facts.get(codes.DISTANCE, []))),
        Reason(_("Way of working"), bands.get(codes.STYLE, "none"), _style(facts.get(codes.STYLE, []))),
        Reason(_("Time"), bands.get(codes.LOGISTICS, "none"), _time(stored["windows"])),
    ]


def _names(names: Sequence[str], topics: Mapping[str, str]) -> str:
    return ", ".join(topics.get(code, code) for code in names[:3])


def _learning(names: Sequence[str], partner: str, topics: Mapping[str, str]) -> str:
    if not names:
        return _("Nothing from your list; you may find other things to learn.")
    return _("%(partner)s is ahead of you in: %(topics)s.") % {
        "partner": partner,
        "topics": _names(names, topics),
    }


def _giving(names: Sequence[str], partner: str, topics: Mapping[str, str]) -> str:
    if not names:
        return _("Nothing from %(partner)s’s list; that often comes with time.") % {"partner": partner}
    return _("%(partner)s wants to learn about: %(topics)s.") % {
        "partner": partner,
        "topics": _names(names, topics),
    }


def _distance(facts: Sequence[str]) -> str:
    words = {
        "other_department": _("another department"),
        "same_department": _("the same department"),
        "department_unknown": _("a department that is not known"),
        "other_site": _("another office"),
        "same_site": _("the same office"),
        "site_unknown": _("an office that is not known"),
    }
    return _("You come from: %(facts)s.") % {
        "facts": ", ".join(words[fact] for fact in facts if fact in words) or "–"
    }


def _style(facts: Sequence[str]) -> str:
    if "same_style" in facts:
        return _("You both like to learn in the same way.")
    if "other_style" in facts:
        return _("You like to learn in different ways.")
    return _("How you like to learn is not known of both.")


def _time(windows: int) -> str:
    return ngettext(
        "You share %(n)s half-day or lunch in the week.",
        "You share %(n)s half-days or lunches in the week.",
        windows,
    ) % {"n": windows}
