"""The engine's codes in words: for coordinators in bands, for the two people in sentences (decision 31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.choices import ALL_WORDS, LACK_WORDS, OPENING_WORDS, RULE_WORDS
from matching.engine import codes

#: The rank of a first wish.
FIRST_PRIORITY: Final = 3


@dataclass(frozen=True)
class Reason:
    """One criterion for the two people themselves."""

    title: str
    band: str
    sentence: str


def unmatched_sentences(why: Mapping[str, Any], name: str) -> list[str]:
    """Why ``name`` has nobody, and the one change that would help most."""
    told = [str(LACK_WORDS[rule]) % {"name": name} for rule in why.get("lacks", ()) if rule in why["removed"]]
    told.append(_main_sentence(why, name))
    return [*told, *_help(why)]


def _main_sentence(why: Mapping[str, Any], name: str) -> str:
    code = why["code"]
    if code == codes.OWN_CAPACITY:
        return _("%(name)s has no free place.") % {"name": name}
    if code == codes.OTHER_SIDE_EMPTY:
        return _("There is nobody on the other side yet.")
    if code == codes.RULED_OUT:
        return _ruled_out(why, name)
    if code == codes.SEATS_SHORT:
        return _seats_short(why, name)
    return _("Every set of pairs with %(name)s in it would be smaller or weaker.") % {"name": name}


def _ruled_out(why: Mapping[str, Any], name: str) -> str:
    removed = sorted(why["removed"].items(), key=lambda item: (-item[1], item[0]))
    others = counted_others(why["candidates"], why["role"])
    for rule, number in removed:
        if number == why["candidates"] and rule in ALL_WORDS:
            return str(ALL_WORDS[rule]) % {"others": others, "name": name}
    parts = [
        str(RULE_WORDS[rule]) % {"n": number, "name": name} for rule, number in removed if rule in RULE_WORDS
    ]
    told = _("Of %(others)s: %(parts)s.") % {"others": others, "parts": ", ".join(parts)}
    twice = sum(why["removed"].values()) > why["candidates"]
    return f"{told} {_('Somebody may be counted twice.')}" if twice else told


def _seats_short(why: Mapping[str, Any], name: str) -> str:
    """How many compete for which places (Hall's witness)."""
    own, other = ("mentee", "mentor") if why["role"] == "mentee" else ("mentor", "mentee")
    others = _people(why["others"], other)
    if not why["seats"]:
        return _("%(others)s could be with %(name)s, but your pins fill their places.") % {
            "others": others,
            "name": name,
        }
    places = ngettext("%(n)s place", "%(n)s places", why["seats"]) % {"n": why["seats"]}
    if why["people"] == 1:
        return _("Only %(others)s could be with %(name)s (%(places)s), and all of these are taken.") % {
            "others": others,
            "name": name,
            "places": places,
        }
    return _("%(people)s compete for %(places)s with %(others)s, and all of these are taken.") % {
        "people": _people(why["people"], own),
        "places": places,
        "others": others,
    }


def _help(why: Mapping[str, Any]) -> list[str]:
    """The one change that opens most; where no rule can be loosened, somebody new."""
    opens = [(rule, number) for rule, number in why["opens"] if rule in OPENING_WORDS]
    if why["code"] == codes.RULED_OUT and not opens:
        if why["role"] == "mentee":
            return [_("No rule can be loosened for that: another mentor would help.")]
        return [_("No rule can be loosened for that: another mentee would help.")]
    if why["code"] == codes.SEATS_SHORT and not opens:
        return [_("One more place on the other side would help.")]
    if why["code"] not in (codes.RULED_OUT, codes.SEATS_SHORT):
        return []
    rule, number = opens[0]
    return [str(OPENING_WORDS[rule]) % {"others": counted_others(number, why["role"])}]


def counted_others(number: int, role: str) -> str:
    """People on the other side than ``role``, counted."""
    return _people(number, "mentor" if role == "mentee" else "mentee")


def _people(number: int, role: str) -> str:
    if role == "mentor":
        return ngettext("%(n)s mentor", "%(n)s mentors", number) % {"n": number}
    return ngettext("%(n)s mentee", "%(n)s mentees", number) % {"n": number}


def reasons_for(
    stored: Mapping[str, Any], *, reader: str, partner: str, topics: Mapping[str, str]
) -> list[Reason]:
    """The reasons as one of the two reads them.

    Args:
        reader: "mentor" or "mentee".
        partner: the other's first name.
        topics: the engine's topic → name in the reader's language.
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


def _learning(wanted: Sequence[tuple[str, int]], partner: str, topics: Mapping[str, str]) -> str:
    if not wanted:
        return _("Nothing from your list; you may find other things to learn.")
    told = {"partner": partner, "topic": _name(wanted[0][0], topics)}
    if wanted[0][1] == FIRST_PRIORITY:
        first = _("“%(topic)s” is among your first wishes, and %(partner)s is ahead of you there.") % told
    else:
        first = _("%(partner)s is ahead of you in “%(topic)s”.") % told
    return _with_more(first, wanted, topics)


def _giving(wanted: Sequence[tuple[str, int]], partner: str, topics: Mapping[str, str]) -> str:
    if not wanted:
        return _("Nothing from %(partner)s’s list; that often comes with time.") % {"partner": partner}
    told = {"partner": partner, "topic": _name(wanted[0][0], topics)}
    first = _("%(partner)s wants to learn about “%(topic)s”, where you are ahead.") % told
    return _with_more(first, wanted, topics)


def _with_more(first: str, wanted: Sequence[tuple[str, int]], topics: Mapping[str, str]) -> str:
    more = [_name(topic, topics) for topic, _priority in wanted[1:3]]
    return f"{first} {_('Also: %(topics)s.') % {'topics': ', '.join(more)}}" if more else first


def _name(topic: str, topics: Mapping[str, str]) -> str:
    return topics.get(topic, topic)


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
