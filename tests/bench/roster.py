"""A made-up company of any size, as the HR file that it would export."""

from __future__ import annotations

import random
from collections.abc import Iterable

HEADER = (
    "employee_id", "first_name", "last_name", "email", "job_title", "grade", "manager_id", "appraiser_id",
    "dotted_line_ids", "department", "team", "city", "office", "country", "barrier_groups",
)  # fmt: skip
FIRST = ("Sanne", "Daan", "Fleur", "Bram", "Lena", "Jonas", "Mia", "Emre", "Zoë", "Thijs", "Aïsha", "Łukasz")
LAST = ("de Wit", "Bakker", "Groß", "Visser", "Köhler", "Mulder", "El Amrani", "Nowak", "Smit", "Şahin")
UNITS = ("Assurance", "Tax", "Deals", "Risk", "Technology", "Finance", "Services", "Consulting")
#: How many people report to one manager.
SPAN = 8


def rows(people: int, *, seed: int = 1, wrong: float = 0) -> list[list[str]]:
    """Header and rows; each person reports to the one ``SPAN`` places up, so that lines run five deep at 5,000.

    Args:
        wrong: share of the rows, spread evenly, with an address that is none.
    """
    draw = random.Random(seed)
    every = round(1 / wrong) if wrong else 0
    return [list(HEADER), *(_row(number, draw, every) for number in range(1, people + 1))]


def _row(number: int, draw: random.Random, every: int) -> list[str]:
    boss = (number - 2) // SPAN + 1 if number > 1 else 0
    peer = draw.randint(1, number - 1) if number > 1 else 0
    unit = UNITS[number % len(UNITS)]
    first, last = draw.choice(FIRST), draw.choice(LAST)
    address = "nowhere" if every and number % every == 0 else f"p{number}@example.com"
    return [
        f"E{number:05}", first, last, address, "Analyst", str(1 + number % 9), f"E{boss:05}" if boss else "",
        f"E{boss:05}" if boss else "", f"E{peer:05}" if number % 10 == 0 else "", unit, f"{unit} {number % 40}",
        "Utrecht", f"Office {number % 12}", "NL", f"Deal {number % 6}" if number % 50 == 0 else "",
    ]  # fmt: skip


def wrong_rows(table: Iterable[list[str]]) -> list[int]:
    """The numbers of the rows, as a spreadsheet counts them, whose address is none."""
    return [number for number, row in enumerate(table, start=1) if row[3] == "nowhere"]
