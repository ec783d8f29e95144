"""The privacy register as a page for the people it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.utils.translation import gettext

from common.privacy import PERSONAL, PURPOSES, RETENTIONS, VIEWERS, Line, declared_models, lines_of


@dataclass(frozen=True)
class KeptGroup:
    """Fields of one kind of record that share purpose, readers and retention."""

    fields: tuple[str, ...]
    purpose: str
    visible: tuple[str, ...]
    retention: str


@dataclass(frozen=True)
class KeptRecord:
    """One kind of record and its groups of fields."""

    name: str
    groups: tuple[KeptGroup, ...]


def what_we_keep() -> tuple[KeptRecord, ...]:
    """Every personal field of the register; made from the declarations alone, without a query."""
    records = []
    for label in declared_models():
        groups = _groups(label, lines_of(label))
        if groups:
            records.append(KeptRecord(gettext(str(apps.get_model(label)._meta.verbose_name)), groups))
    return tuple(sorted(records, key=lambda record: record.name))


def _groups(label: str, lines: Mapping[str, Line]) -> tuple[KeptGroup, ...]:
    def key(item: tuple[str, Line]) -> tuple[str, str, str]:
        line = item[1]
        return line.purpose, line.retention, " ".join(line.visible)

    personal = sorted(((n, line) for n, line in lines.items() if line.category in PERSONAL), key=key)
    model = apps.get_model(label)
    found = []
    for _key, members in groupby(personal, key=key):
        items = list(members)
        line = items[0][1]
        found.append(
            KeptGroup(
                # Other packages' fields are named by plain strings: the catalogue knows them all the same.
                fields=tuple(
                    gettext(str(getattr(model._meta.get_field(n), "verbose_name", n))) for n, _line in items
                ),
                purpose=str(PURPOSES[line.purpose]),
                visible=tuple(str(VIEWERS[viewer]) for viewer in line.visible),
                retention=str(RETENTIONS[line.retention]),
            )
        )
    return tuple(found)
