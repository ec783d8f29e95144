"""What speaks for and against a pair, in sentences for the coordinator (decision 31).

Nothing stands here that the bands beside it do not tell: no points, and not a word about a perspective.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.selectors.reasons import FIRST_PRIORITY

#: Topics that are named of each direction.
_NAMED: Final = 3
_FACTS: Final = {
    "other_department": (True, gettext_lazy("They come from different departments.")),
    "same_department": (False, gettext_lazy("They work in the same department.")),
    "department_unknown": (False, gettext_lazy("A department is not known, so it counts nothing.")),
    "other_site": (True, gettext_lazy("They work in different offices.")),
    "same_site": (False, gettext_lazy("They work in the same office.")),
    "site_unknown": (False, gettext_lazy("An office is not known, so it counts nothing.")),
    "same_style": (True, gettext_lazy("Both like to learn in the same way.")),
    "other_style": (False, gettext_lazy("They like to learn in different ways.")),
    "style_unknown": (False, gettext_lazy("How they like to learn is not known of both.")),
}

#: Whether a sentence speaks for the pair, and the sentence.
_Said = tuple[bool, str]


@dataclass(frozen=True)
class PairWords:
    """Both sides of one pair, the weightiest first."""

    speaks_for: Sequence[str]
    against: Sequence[str]


def pair_words(
    stored: Mapping[str, Any], *, mentor: str, mentee: str, topics: Mapping[str, str]
) -> PairWords:
    """The stored reasons of a pair as sentences.

    Args:
        stored: as ``recording.stored_reasons`` keeps them.
        mentor, mentee: how the two are called.
        topics: the engine's topic → name in the reader's language.
    """
    facts = [fact for found in stored["facts"].values() for fact in found]
    said = [
        _ahead(stored["learns"], mentor, mentee, topics),
        *(_FACTS[fact] for fact in facts if fact in _FACTS),
        _time(stored["windows"]),
        _ahead(stored["gives_back"], mentee, mentor, topics),
        *_grades(stored["distance"]),
    ]
    return PairWords(
        speaks_for=[str(words) for speaks_for, words in said if speaks_for],
        against=[str(words) for speaks_for, words in said if not speaks_for],
    )


def _ahead(gains: Sequence[tuple[str, int]], ahead: str, learner: str, topics: Mapping[str, str]) -> _Said:
    told = {"ahead": ahead, "learner": learner}
    if not gains:
        return False, _("%(ahead)s is ahead in nothing that %(learner)s wants to learn.") % told
    first, priority = gains[0]
    words = _("%(ahead)s is ahead in “%(topic)s”, which %(learner)s wants to learn.")
    if priority == FIRST_PRIORITY:
        words = _("%(ahead)s is ahead in “%(topic)s”, one of the first wishes of %(learner)s.")
    named = [topics.get(topic, topic) for topic, _priority in gains[1:_NAMED]]
    also = " " + _("Also: %(topics)s.") % {"topics": ", ".join(named)} if named else ""
    return True, words % {**told, "topic": topics.get(first, first)} + also


def _time(windows: int) -> _Said:
    if not windows:
        return False, _("No shared time in the week is on file.")
    if windows == 1:
        return False, _("They share only one half-day or lunch in the week.")
    words = ngettext(
        "They share %(n)s half-day or lunch in the week.",
        "They share %(n)s half-days or lunches in the week.",
        windows,
    )
    return True, words % {"n": windows}


def _grades(distance: int | None) -> Iterator[_Said]:
    if distance is not None:
        words = ngettext("They are %(n)s grade apart.", "They are %(n)s grades apart.", distance)
        yield True, words % {"n": distance}
