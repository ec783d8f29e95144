"""Differences between agreed and current settings, in words: what, before, after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.privacy import BASES, PURPOSES, RETENTIONS, VIEWERS
from programmes.choices import Switch
from programmes.engine.agreement import Difference
from programmes.selectors.council.settings import evaluation_kinds

#: What stands in the register about a field, and what its values are called.
CATEGORY_NAMES: Final[Mapping[str, Promise]] = {
    "none": _("not about a person"),
    "contact": _("name and contact details"),
    "organisation": _("place in the organisation"),
    "preference": _("wishes and preferences"),
    "process": _("course of the programme"),
    "content": _("texts that are written or sent"),
    "answer": _("answers to questionnaires"),
    "security": _("logging in and security"),
}
ERASURE_NAMES: Final[Mapping[str, Promise]] = {
    "keep": _("stays, without the name"),
    "detach": _("the tie to the person is cut"),
    "tombstone": _("replaced by a neutral name"),
    "blank": _("emptied"),
    "delete_row": _("deleted"),
}
#: Who reads a field, told to somebody else than the person concerned.
READER_NAMES: Final[Mapping[str, str | Promise]] = {
    **VIEWERS,
    "self": _("the person concerned"),
    "partner": _("the partner"),
}
_ASPECTS: Final[Mapping[str, Promise]] = {
    "purpose": _("purpose"),
    "basis": _("legal basis"),
    "category": _("kind of data"),
    "visible": _("who sees it"),
    "retention": _("how long it stays"),
    "erase": _("when the person is erased"),
}


@dataclass(frozen=True)
class Change:
    """One difference as one reads it.

    Args:
        what: the setting, or a kind of record with its fields.
        before, after: in words.
    """

    what: str
    before: str
    after: str
    is_wider: bool


def changes(found: Iterable[Difference], *contents: Mapping[str, Any]) -> list[Change]:
    """Differences in the reader's language; fields of one record that changed alike stand together.

    Args:
        contents: where cohorts have their names from, the newest first.
    """
    names: dict[str, str] = {}
    for content in reversed(contents):
        names |= {key: cohort["name"] for key, cohort in content.get("cohorts", {}).items()}
    words = []
    for _key, members in groupby(found, key=_alike):
        together = list(members)
        words.append(_in_words(together, names))
    return words


def _alike(one: Difference) -> tuple[str, ...]:
    record = one.subject.rpartition(".")[0] if one.part in (*_ASPECTS, "field") else one.subject
    return one.part, record, repr(one.before), repr(one.after)


def _in_words(together: list[Difference], names: Mapping[str, str]) -> Change:
    first = together[0]
    if first.part in (*_ASPECTS, "field"):
        return _of_register(together)
    what, show = _of_setting(first, names)
    return Change(what, show(first.before), show(first.after), first.is_wider)


def _of_setting(one: Difference, names: Mapping[str, str]) -> tuple[str, Callable[[Any], str]]:
    if one.part == "switch":
        return str(_label_of_switch(one.subject)), lambda on: gettext("on") if on else gettext("off")
    if one.part == "evaluation":
        return _label_of_kind(one.subject), lambda asked: gettext("sent") if asked else gettext("not sent")
    if one.part in ("scores", "comments"):
        text = (
            gettext("Cohort %(name)s: least group size for a score")
            if one.part == "scores"
            else gettext("Cohort %(name)s: least group size for comments")
        )
        return text % {"name": names.get(one.subject, one.subject)}, str
    return gettext("The form in which settings are kept"), str


def _label_of_switch(name: str) -> str | Promise:
    return Switch(name).label if name in Switch.values else name


def _label_of_kind(code: str) -> str:
    labels = {kind.code: kind.label for kinds in evaluation_kinds() for kind in kinds}
    label = labels.get(code, code)
    return gettext("Questionnaire: %(kind)s") % {"kind": label}


def _of_register(together: list[Difference]) -> Change:
    first = together[0]
    record = first.subject.rpartition(".")[0]
    fields = ", ".join(field_names(record, [one.subject.rpartition(".")[2] for one in together]))
    what = f"{record_name(record)}: {fields}"
    if first.part == "field":
        show = {False: gettext("not stored"), True: gettext("stored")}
        return Change(what, show[not first.is_wider], show[first.is_wider], first.is_wider)
    what = f"{what} ({_ASPECTS[first.part]})"
    return Change(what, _value(first.part, first.before), _value(first.part, first.after), first.is_wider)


def _value(part: str, value: Any) -> str:
    if part == "visible":
        return ", ".join(str(READER_NAMES.get(viewer, viewer)) for viewer in value)
    if part == "retention":
        key, days = value
        words = str(RETENTIONS.get(key, key))
        return (
            words if days is None else gettext("%(words)s (%(days)s days)") % {"words": words, "days": days}
        )
    tables: dict[str, Mapping[str, Promise]] = {
        "purpose": PURPOSES,
        "basis": BASES,
        "category": CATEGORY_NAMES,
        "erase": ERASURE_NAMES,
    }
    return str(tables[part].get(value, value))


def record_name(label: str) -> str:
    """What a kind of record is called; one that this version no longer knows by its own label."""
    try:
        return capfirst(gettext(str(apps.get_model(label)._meta.verbose_name)))
    except LookupError:
        return label


def field_names(label: str, names: Iterable[str]) -> list[str]:
    """What fields of a record are called; other packages name theirs by plain strings, which are looked up too."""
    try:
        model = apps.get_model(label)
    except LookupError:
        return list(names)
    return [_field_name(model, name) for name in names]


def _field_name(model: Any, name: str) -> str:
    try:
        return gettext(str(getattr(model._meta.get_field(name), "verbose_name", name)))
    except FieldDoesNotExist:
        return name
