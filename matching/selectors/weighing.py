"""What each weight of a cohort does, in plain words, before a run is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.choices import WEIGHT_NAMES
from matching.engine import codes

_WORDS: Final = {
    codes.KNOWLEDGE: gettext_lazy(
        "%(share)s of 100 for learning: all of them when the mentor knows everything the mentee wants to learn."
    ),
    codes.PERSPECTIVE: gettext_lazy(
        "%(share)s of 100 for the perspective: all of them when the mentor offers the view that was asked for. "
        "Nobody sees for whom that holds."
    ),
    codes.DISTANCE: gettext_lazy(
        "%(share)s of 100 for distance: all of them for another department and another office."
    ),
    codes.LOGISTICS: gettext_lazy(
        "%(share)s of 100 for time: all of them for two shared half-days or lunches, half for one."
    ),
    codes.STYLE: gettext_lazy(
        "%(share)s of 100 for style: all of them when both prefer the same way of working, less than half otherwise."
    ),
    codes.RETURN_GAIN: gettext_lazy(
        "%(share)s of 100 for what comes back: all of them when the mentee knows everything the mentor wants to learn."
    ),
}


def weight_words(weights: Mapping[str, int]) -> list[str]:
    """One sentence a criterion, the heaviest first; those without weight together at the end."""
    order = sorted(codes.CRITERIA, key=lambda code: -weights[code])
    told = [str(_WORDS[code]) % {"share": weights[code]} for code in order if weights[code]]
    idle = ", ".join(str(WEIGHT_NAMES[code]) for code in order if not weights[code])
    return [*told, _("Does not count: %(names)s.") % {"names": idle}] if idle else told
