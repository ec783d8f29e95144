"""The people of the sample firm, from a seed: pure data, nothing written."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from mentoring.sample import firm

T = TypeVar("T")


@dataclass
class SamplePerson:
    """One row of the roster and, for participants, of the intake."""

    key: str
    first_name: str
    last_name: str
    email: str
    title: str
    grade: int
    department: str
    city: str
    country: str
    team: str = ""
    manager: str = ""
    appraiser: str = ""
    dotted: str = ""
    groups: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ("en",)
    role: str = ""
    capacity: int = 1
    is_cross_border: bool = False
    style: str = ""
    availability: tuple[str, ...] = ()
    offers: Mapping[str, int] = field(default_factory=dict)
    wants: Mapping[str, int] = field(default_factory=dict)
    perspectives: tuple[str, ...] = ()

    @property
    def time_zone(self) -> str:
        return firm.ZONES[self.country]


def apportion(shares: Mapping[T, int], total: int) -> dict[T, int]:
    """Whole numbers in these proportions that add up to ``total`` (largest remainder)."""
    whole = sum(shares.values())
    exact = {key: total * share / whole for key, share in shares.items()}
    counts = {key: int(value) for key, value in exact.items()}
    rest = sorted(exact, key=lambda key: (counts[key] - exact[key], str(key)))
    for key in rest[: total - sum(counts.values())]:
        counts[key] += 1
    return counts


class Firm:
    """Draws the whole firm for given numbers and seed."""

    def __init__(self, *, mentors: int, mentees: int, seed: int) -> None:
        self.random = random.Random(f"vossendijk:{seed}:{mentors}:{mentees}")  # noqa: S311 (a sample, not a secret)
        self._taken: set[str] = set()
        self._count = 0
        self.sponsor = self._named(firm.SPONSOR, grade=8)
        self.coordinators = [self._named(row, grade=4) for row in firm.COORDINATORS]
        self.contact = self._named(firm.CONTACT, grade=4)
        self.council = self._named(firm.COUNCIL, grade=3)
        self.mentees = self._draw(mentees, "mentee", firm.MENTEE_LEVELS)
        self.mentors = self._draw(mentors, "mentor", firm.MENTOR_LEVELS)
        self._build_hierarchy()
        self._build_other_lines()

    @property
    def everybody(self) -> list[SamplePerson]:
        return [self.sponsor, *self.coordinators, self.contact, self.council, *self.mentees, *self.mentors]

    # --- people

    def _named(self, row: tuple[str, str, str, str, str], *, grade: int) -> SamplePerson:
        first, last, title, city, country = row
        person = self._person(first, last, title, grade, "Firm Services", city, country)
        person.language = "nl" if country == "NL" else "de"
        return person

    def _person(
        self, first: str, last: str, title: str, grade: int, department: str, city: str, country: str
    ) -> SamplePerson:
        self._count += 1
        return SamplePerson(
            key=f"VL{self._count:05}",
            first_name=first,
            last_name=last,
            email=self._address(first, last),
            title=title,
            grade=grade,
            department=department,
            city=city,
            country=country,
        )

    def _address(self, first: str, last: str) -> str:
        plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace("ß", "ss").replace("ı", "i"))
        base = "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "."))
        number, address = 1, base
        while address in self._taken:
            number += 1
            address = f"{base}{number}"
        self._taken.add(address)
        return f"{address}@{firm.DOMAIN}"

    def _draw(self, total: int, role: str, levels: Mapping[str, tuple[int, int]]) -> list[SamplePerson]:
        side = 1 if role == "mentor" else 2
        cities = self._spread({city: int(row[side]) for city, row in firm.OFFICES.items()}, total)
        departments = self._spread({name: row[side - 1] for name, row in firm.DEPARTMENTS.items()}, total)
        titles = self._spread({title: share for title, (_grade, share) in levels.items()}, total)
        people = []
        for city, department, title in zip(cities, departments, titles, strict=True):
            country = firm.OFFICES[city][0]
            first = self.random.choice(firm.FIRST_NAMES[country])
            last = self.random.choice(firm.LAST_NAMES[country])
            person = self._person(first, last, title, levels[title][0], department, city, country)
            person.role = role
            people.append(person)
        capacities = self._spread(firm.CAPACITIES, total) if role == "mentor" else [1] * total
        for person, capacity in zip(people, capacities, strict=True):
            person.capacity = capacity
            self._fill_in(person)
        return people

    def _spread(self, shares: Mapping[T, int], total: int) -> list[T]:
        values = [key for key, count in apportion(shares, total).items() for _ in range(count)]
        self.random.shuffle(values)
        return values

    # --- intake

    def _fill_in(self, person: SamplePerson) -> None:
        is_mentor = person.role == "mentor"
        chance, pick = self.random.random, self.random.sample
        local, neighbour = ("nl", "de") if person.country == "NL" else ("de", "nl")
        person.language = local if chance() < 0.94 else "en"
        spoken = {
            local if chance() < 0.97 else "en",
            "en" if chance() < (0.97 if is_mentor else 0.88) else local,
        }
        if chance() < (0.12 if person.country == "NL" else 0.04):
            spoken.add(neighbour)
        person.languages = tuple(sorted(spoken))
        person.is_cross_border = chance() < (0.45 if is_mentor else 0.30)
        person.style = self.random.choice(firm.STYLES)
        blocks = self.random.randint(5, 9) if is_mentor else self.random.randint(3, 5)
        person.availability = tuple(sorted(pick(firm.BLOCKS, blocks), key=firm.BLOCKS.index))
        if is_mentor:
            person.offers = self._levels(
                self._chosen({t: row[0] for t, row in firm.TOPICS.items()}, 2, 7), 3, 5
            )
            person.wants = self._priorities(self._chosen(firm.RETURN_TOPICS, 1, 3))
            person.perspectives = tuple(
                sorted(pick(list(firm.PERSPECTIVES_WANTED), self.random.randint(1, 3)))
            )
        else:
            wanted = self._chosen({t: row[1] for t, row in firm.TOPICS.items()}, 2, 4)
            person.wants = self._priorities(wanted)
            offered = [topic for topic in self._chosen(firm.RETURN_TOPICS, 1, 4) if topic not in wanted]
            person.offers = self._levels(offered or ["leadership"], 3, 5)
            person.perspectives = (self._weighted(firm.PERSPECTIVES_WANTED),)

    def _chosen(self, chances: Mapping[str, int], least: int, most: int) -> list[str]:
        """Topics drawn by their chance, at least and at most so many."""
        drawn = [topic for topic, share in chances.items() if self.random.random() * 100 < share]
        self.random.shuffle(drawn)
        while len(drawn) < least:
            topic = self._weighted({t: share for t, share in chances.items() if t not in drawn})
            drawn.append(topic)
        return drawn[:most]

    def _weighted(self, shares: Mapping[str, int]) -> str:
        return self.random.choices(list(shares), weights=list(shares.values()))[0]

    def _levels(self, topics: Iterable[str], low: int, high: int) -> dict[str, int]:
        return {topic: self.random.randint(low, high) for topic in topics}

    def _priorities(self, topics: Sequence[str]) -> dict[str, int]:
        return {topic: max(1, 3 - place) for place, topic in enumerate(topics)}

    # --- who reports to whom

    def _build_hierarchy(self) -> None:
        """Teams of department and office, each led by a senior of it; seniors report to a partner or the sponsor."""
        for coordinator in (*self.coordinators, self.contact, self.council):
            coordinator.manager = self.sponsor.key
        heads = {d: self._head(d) for d in firm.DEPARTMENTS}
        for mentee in self.mentees:
            head = heads[mentee.department]
            mentee.manager = self.sponsor.key if head is None or mentee is head else head.key
            mentee.team = f"{mentee.department} {mentee.city}"
        for mentor in self.mentors:
            local = [m for m in self.mentees if (m.department, m.city) == (mentor.department, mentor.city)]
            anywhere = [m for m in self.mentees if m.department == mentor.department]
            leads = local or anywhere
            mentor.manager = self.random.choice(leads).key if leads else self.sponsor.key
            mentor.team = f"{mentor.department} {mentor.city}"

    def _build_other_lines(self) -> None:
        """Appraisers, a few dotted lines, and people behind the walls of audits and deals (dossier 6).

        Drawn apart, so that the rest of the firm stays what its seed always made it.
        """
        draw = random.Random(f"lines:{len(self.mentors)}:{len(self.mentees)}")  # noqa: S311 (a sample)
        for mentor in self.mentors:
            leads = [
                m.key for m in self.mentees if m.department == mentor.department and m.city == mentor.city
            ]
            mentor.appraiser = draw.choice(leads) if leads else mentor.manager
            others = [m.key for m in self.mentees if m.department != mentor.department]
            if others and draw.random() < firm.DOTTED_SHARE:
                mentor.dotted = draw.choice(others)
        for mentee in self.mentees:
            mentee.appraiser = mentee.manager
        for people, share in ((self.mentees, firm.BARRIER_SHARES[1]), (self.mentors, firm.BARRIER_SHARES[0])):
            for one in draw.sample(people, max(1, round(len(people) * share))):
                one.groups = draw.choice(firm.BARRIER_GROUPS)

    def _head(self, department: str) -> SamplePerson | None:
        partners = [m for m in self.mentees if m.department == department and m.grade == 6]
        return partners[0] if partners else None
