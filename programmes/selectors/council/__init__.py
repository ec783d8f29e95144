"""What a programme has agreed on data protection, what holds because of it, and what has changed since."""

from programmes.selectors.council.settings import (
    Kind,
    covers_evaluation,
    evaluation_kinds,
    is_on,
    settings_now,
    switches_of,
    thresholds,
)
from programmes.selectors.council.standing import Standing, is_covered, standing_of
from programmes.selectors.council.wording import CATEGORY_NAMES, Change, changes, field_names, record_name

__all__ = [
    "CATEGORY_NAMES",
    "Change",
    "Kind",
    "Standing",
    "changes",
    "covers_evaluation",
    "evaluation_kinds",
    "field_names",
    "is_covered",
    "is_on",
    "record_name",
    "settings_now",
    "standing_of",
    "switches_of",
    "thresholds",
]
