"""Intakes of whoever came forward for the open call: most are sent, some stopped half-way, some not begun."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any, Final

from programmes.choices import Direction, Role
from programmes.models import Cohort, Enrolment, Topic
from programmes.services import NamedTopic, keep_draft, send_intake

#: What people say of the last time somebody changed their mind.
OPEN: Final = {
    Role.MENTOR: (
        "A partner asked me why, three times. At the third I noticed that I did not know.",
        "My manager showed me that the short mail is the friendly one.",
        "A controller near her pension explained why the old sheet is so slow: it has never been wrong.",
    ),
    Role.MENTEE: (
        "A trainee told me that nobody reads my Monday mail. She was right; I stopped it.",
        "My daughter would not open an account with us, and could say why in one sentence.",
        "An analyst rebuilt my forecast in an hour. I had defended the old one for a year.",
    ),
}
EXAMPLES: Final = (
    "A check that used to take an afternoon.",
    "What I show new colleagues in their first week.",
    "I gave a lunch talk about it.",
    "",
)
CRAFT: Final = ("Building a model from an empty sheet.", "Talking to the client’s bookkeeper.", "")
STUDIES: Final = (
    "Econometrics, data ethics",
    "Accountancy and control",
    "Business administration",
    "Law and technology",
)


def fill_intakes(*, cohort: Cohort, seed: int, now: datetime) -> int:
    """Two in three are sent, one in six stopped at the second step, the others wait. Returns how many are sent."""
    chance = random.Random(f"intakes:{seed}")  # noqa: S311 (a sample, not a secret)
    topics = list(Topic.objects.offered_in(cohort.programme_id).filter(programme=None).order_by("code"))
    waiting = cohort.enrolments.filter(state__in=("applied", "accepted", "waitlisted")).order_by("pk")
    sent = 0
    for number, enrolment in enumerate(waiting.select_related("person", "cohort__programme")):
        if number % 6 == 4:
            _stop_half_way(enrolment)
        elif number % 6 != 5:
            values = _values(enrolment, topics, chance)
            send_intake(enrolment=enrolment, values=values, by=enrolment.person, now=now)
            sent += 1
    return sent


def _stop_half_way(enrolment: Enrolment) -> None:
    """The first step is filled in, in the second a topic without its level."""
    first = {"is_ready": ["on"], "notice": ["on"], "capacity": ["1"]}
    keep_draft(enrolment=enrolment, step=1, typed=first, by=enrolment.person)
    second = {"offer_1_topic": ["digital_skills"], "offer_1_level": [""]}
    keep_draft(enrolment=enrolment, step=2, typed=second, by=enrolment.person)


def _values(enrolment: Enrolment, topics: list[Topic], chance: random.Random) -> dict[int, dict[str, Any]]:
    is_mentor, person = enrolment.role == Role.MENTOR, enrolment.person
    return {
        1: {"notice": True, "is_ready": True, "capacity": chance.choice((1, 1, 2))},
        2: {**_named(topics, chance, is_mentor=is_mentor), "style": chance.choice(("hands_on", "dialogue", "observe"))},
        3: _perspective(chance, is_mentor=is_mentor),
        4: {
            "languages": list(person.languages) or ["en"],
            "availability": sorted(chance.sample(("mon_am", "tue_lunch", "wed_pm", "thu_am", "fri_lunch"), 3)),
            "place": chance.choice(("in_person", "video", "both")),
            "channel": chance.choice(("mail", "chat")),
            "minutes": enrolment.cohort.meeting_minutes,
            "is_cross_border": chance.random() < 0.4,
        },
        5: {
            "openness": chance.choice(OPEN[Role(enrolment.role)]),
            "strengths": chance.sample(("tools", "ai", "data", "online", "customer"), 2),
            "education": chance.choice(STUDIES),
            "graduated": chance.choice((2023, 2024, 2025, None)),
            "craft_missed": chance.choice(CRAFT),
            "own_digital": chance.choice(("met", "met", "partly")),
            "own_innovative": chance.choice(("met", "partly", "")),
            "own_communication": chance.choice(("partly", "not_yet", "")),
        },
    }  # fmt: skip


def _named(topics: list[Topic], chance: random.Random, *, is_mentor: bool) -> dict[str, list[NamedTopic]]:
    """Mentors show what juniors usually show and want what seniors do; mentees the other way round."""
    mine, theirs = (Direction.UP, Direction.DOWN) if is_mentor else (Direction.DOWN, Direction.UP)
    shown = [one.code for one in topics if one.direction in (mine, Direction.BOTH)]
    wanted = [one.code for one in topics if one.direction in (theirs, Direction.BOTH)]
    offers = chance.sample(shown, 3 if is_mentor else 1)
    wants = [code for code in chance.sample(wanted, 3) if code not in offers] or [wanted[0]]
    return {
        "offers": [NamedTopic(code, chance.randint(3, 5), chance.choice(EXAMPLES)) for code in offers],
        "wants": [NamedTopic(code, chance.randint(0, 2), "") for code in wants],
    }


def _perspective(chance: random.Random, *, is_mentor: bool) -> dict[str, Any]:
    if not is_mentor:
        return {"wanted": chance.choice(("consumer", "innovation", ""))}
    offered = chance.sample(("consumer", "innovation", "craft"), chance.randint(0, 2))
    return {"offered": offered, "words": "", "consent": bool(offered)}
