"""The engine's refusals in words, with people's names in the place of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from matching.choices import RULE_NAMES
from matching.engine import EngineError
from programmes.models import Enrolment


def names_of(keys: Mapping[str, int]) -> dict[str, str]:
    """Pseudonymous key → name, in one query."""
    people = Enrolment.objects.filter(pk__in=keys.values()).select_related("person").in_bulk()
    return {key: str(people[pk]) for key, pk in keys.items() if pk in people}


def refusal_words(error: EngineError, names: Mapping[str, str]) -> str:
    """What is wrong, with the person or rule named."""
    told = {"names": people_words(error, names), "rules": rule_words(error.rules)}
    texts = {
        "pin_breaks_rule": _("%(names)s are pinned together, but %(rules)s."),
        "pin_rejected": _("%(names)s are pinned and rejected at once."),
        "pin_over_capacity": _("%(names)s: more pins than free places."),
        "too_large": _("This cohort is too large to be matched in one piece on this machine."),
        "too_many_people": _("At most 10,000 people on one side can be matched at once."),
        "weight": _("With these weights nothing would tell one pair from another."),
        "certificate": _("The result did not pass its own proof, so nothing of it was kept."),
        "verification": _("The result did not pass its own proof, so nothing of it was kept."),
    }
    known = texts.get(error.code)
    if known is not None:
        return known % told
    if error.keys:
        return _("What is on file about %(names)s cannot be matched (%(code)s).") % {
            **told,
            "code": error.code,
        }
    return _("These settings cannot be matched (%(code)s).") % {"code": error.code}


def people_words(error: EngineError, names: Mapping[str, str]) -> str:
    """The people that an error is about."""
    return _listed([names.get(key, key) for key in error.keys])


def rule_words(rules: Iterable[str]) -> str:
    """Broken rules as a coordinator names them."""
    return _listed([str(RULE_NAMES.get(rule, rule)) for rule in rules])


def _listed(words: list[str]) -> str:
    return get_text_list(words, _("and"))
