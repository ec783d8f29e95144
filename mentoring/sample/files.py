"""The sample firm as the two files a real coordinator would bring."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from mentoring.sample.people import SamplePerson

ROSTER = (
    "employee id", "first name", "last name", "email", "job title", "grade", "department", "team", "city",
    "country", "time zone", "manager id", "appraiser id", "dotted line", "office", "barrier groups",
)  # fmt: skip
INTAKE = (
    "employee id", "role", "capacity", "languages", "offers", "wants", "availability", "cross border", "style",
    "perspectives",
)  # fmt: skip


def roster_csv(people: Iterable[SamplePerson]) -> bytes:
    rows = [
        [
            one.key, one.first_name, one.last_name, one.email, one.title, one.grade, one.department, one.team,
            one.city, one.country, one.time_zone, one.manager, one.appraiser, one.dotted, one.city, one.groups,
        ]
        for one in people
    ]  # fmt: skip
    return _csv(ROSTER, rows)


def intake_csv(people: Iterable[SamplePerson]) -> bytes:
    rows = [
        [
            one.key, one.role, one.capacity, " ".join(one.languages), _levels(one.offers), _levels(one.wants),
            " ".join(one.availability), "yes" if one.is_cross_border else "no", one.style,
            " ".join(one.perspectives),
        ]
        for one in people
    ]  # fmt: skip
    return _csv(INTAKE, rows)


def _levels(topics: Mapping[str, int]) -> str:
    return " ".join(f"{topic}:{level}" for topic, level in topics.items())


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()
