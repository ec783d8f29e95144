"""Names and proportions of the sample firm. Shares are those of 122 mentors and 200 mentees, scaled to any size."""

from __future__ import annotations

from typing import Final

DOMAIN: Final = "example.com"

FIRST_NAMES: Final = {
    "NL": [
        "Sanne", "Daan", "Fleur", "Bram", "Lotte", "Thijs", "Noor", "Ruben", "Iris", "Jesse", "Femke", "Sem",
        "Anouk", "Gijs", "Yara", "Milan", "Eva", "Koen", "Meryem", "Youssef", "Aisha", "Ravi", "Wei", "Amara",
    ],
    "DE": [
        "Lena", "Jonas", "Mia", "Felix", "Hannah", "Paul", "Sophie", "Maximilian", "Johanna", "Lukas",
        "Katharina", "Jan", "Marie", "Tobias", "Annika", "Florian", "Çiğdem", "Emre", "Milena", "Andrej",
        "Linh", "Samuel",
    ],
}  # fmt: skip
LAST_NAMES: Final = {
    "NL": [
        "de Wit", "van Dijk", "Bakker", "Visser", "Smit", "Mulder", "Bos", "Vos", "Peters", "Hendriks",
        "van Leeuwen", "Dekker", "Brouwer", "Dijkstra", "Kuipers", "Yılmaz", "El Amrani", "Ramdin", "Chen", "Okafor",
    ],
    "DE": [
        "Schäfer", "Köhler", "Krüger", "Hoffmann", "Wagner", "Becker", "Schulz", "Lehmann", "Böhm", "Vogel",
        "Winkler", "Jäger", "Groß", "Weiß", "Möller", "Şahin", "Kaya", "Nowak", "Nguyen", "Petrović",
    ],
}  # fmt: skip
ZONES: Final = {"NL": "Europe/Amsterdam", "DE": "Europe/Berlin"}
#: City → (country, share of mentors, share of mentees).
OFFICES: Final = {
    "Amsterdam": ("NL", 26, 42),
    "Rotterdam": ("NL", 14, 22),
    "Utrecht": ("NL", 10, 15),
    "Eindhoven": ("NL", 9, 13),
    "Groningen": ("NL", 5, 6),
    "Frankfurt": ("DE", 18, 32),
    "Düsseldorf": ("DE", 15, 25),
    "München": ("DE", 10, 19),
    "Hamburg": ("DE", 9, 15),
    "Berlin": ("DE", 6, 11),
}
#: Department → (share of mentors, share of mentees).
DEPARTMENTS: Final = {
    "Assurance": (34, 64),
    "Tax": (20, 40),
    "Consulting Finance & Control": (20, 32),
    "Deals": (14, 26),
    "Technology & Data": (14, 8),
    "Risk & Regulatory": (12, 20),
    "Firm Services": (8, 10),
}
#: Teams of audits and of deals, and the pairs of them that must never meet.
BARRIER_GROUPS: Final = ("A-1", "A-2", "A-3", "A-4", "D-1", "D-2", "D-3", "D-4")
BARRIERS: Final = (
    ("A-1", "D-1"),
    ("A-1", "D-2"),
    ("A-2", "D-2"),
    ("A-3", "D-3"),
    ("A-4", "D-4"),
    ("A-4", "D-1"),
)
#: Share of mentors, and of mentees, who belong to such a team.
BARRIER_SHARES: Final = (9 / 122, 12 / 200)
#: Share of mentors who also work for somebody in another department.
DOTTED_SHARE: Final = 0.08
#: Job title → (grade, share).
MENTOR_LEVELS: Final = {"Associate": (1, 46), "Senior Associate": (2, 52), "Manager": (3, 24)}
MENTEE_LEVELS: Final = {"Director": (5, 116), "Partner": (6, 84)}
CAPACITIES: Final = {1: 40, 2: 72, 3: 10}
#: Topic → per cent of mentors who offer it, per cent of mentees who want it.
TOPICS: Final = {
    "digital_skills": (45, 40),
    "gen_ai": (40, 50),
    "work_culture": (40, 30),
    "collaboration": (35, 25),
    "process_tools": (30, 25),
    "consumer_view": (30, 28),
    "worklife_balance": (30, 15),
    "finance_analytics": (28, 22),
    "technologies": (25, 20),
    "social_media": (25, 15),
    "diversity_barriers": (25, 25),
    "latest_university": (25, 12),
    "market_trends": (22, 20),
    "current_events": (20, 12),
    "new_business": (18, 18),
    "practice_cases": (12, 5),
    "strategy_vision": (12, 10),
    "change_management": (10, 5),
    "leadership": (3, 3),
}
#: What seniors give back: topic → per cent of mentees who offer it.
RETURN_TOPICS: Final = {
    "leadership": 70,
    "strategy_vision": 55,
    "practice_cases": 60,
    "new_business": 35,
    "change_management": 30,
}
PERSPECTIVES_WANTED: Final = {"innovation": 30, "consumer": 28, "diversity": 25, "craft": 17}
STYLES: Final = ("hands_on", "dialogue", "observe")
BLOCKS: Final = tuple(
    f"{day}_{part}" for day in ("mon", "tue", "wed", "thu", "fri") for part in ("am", "lunch", "pm")
)
#: How reliably a pair meets: archetype → (share of 200 pairs, chance of a held meeting per period).
ARCHETYPES: Final = {"strong": (90, 0.95), "steady": (66, 0.85), "fragile": (30, 0.58), "stalled": (14, 0.20)}

SPONSOR: Final = ("Marijke", "Vossendijk", "Managing Partner", "Amsterdam", "NL")
COORDINATORS: Final = (
    ("Tom", "Hendriks", "HR Business Partner", "Utrecht", "NL"),
    ("Ines", "Köhler", "Personalentwicklung", "Frankfurt", "DE"),
)
COUNCIL: Final = ("Margriet", "Kuiper", "Member of the works council", "Rotterdam", "NL")
CONTACT: Final = ("Yusuf", "Demir", "Confidential adviser", "Amsterdam", "NL")
