"""The sample's goals and agreements: most pairs have both, some wait for one of the two."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from pairings.choices import Mode
from pairings.models import Pairing, Rhythm
from pairings.selectors import digest_of, pact_of
from pairings.services import accept_agreement, add_goal, agree_to_rhythm, set_steps, suggest_rhythm
from programmes.choices import Cadence, Dimension, GoalKind, Role

#: What people of the firm want, per side and in their own language: goal, measure, kind, outcome.
WISHES: Final[Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]] = {
    Role.MENTEE: {
        "en": [
            ("Work with generative AI myself", "From “heard of it” to “use it” by spring"),
            ("Hear what my team does not tell me", "One thing a month that I did not know"),
            ("Run a meeting that leaves nobody out", "The quietest colleague speaks first, twice"),
        ],
        "nl": [
            ("Zelf met generatieve AI werken", "Van ‘van gehoord’ naar ‘gebruik het’ in het voorjaar"),
            ("Horen wat mijn team me niet vertelt", "Elke maand één ding dat ik niet wist"),
            (
                "Een vergadering leiden die niemand buitensluit",
                "De stilste collega spreekt twee keer als eerste",
            ),
        ],
        "de": [
            ("Selbst mit generativer KI arbeiten", "Von „davon gehört“ zu „nutze es“ bis zum Frühjahr"),
            ("Hören, was mein Team mir nicht sagt", "Jeden Monat eine Sache, die ich nicht wusste"),
            ("Ein Treffen leiten, das niemanden auslässt", "Die stillste Person spricht zweimal zuerst"),
        ],
    },
    Role.MENTOR: {
        "en": [
            ("See how a partner decides", "Shadow one acceptance meeting, then ask why"),
            ("Say what I think to people above me", "One frank sentence in every conversation"),
        ],
        "nl": [
            ("Zien hoe een partner beslist", "Eén acceptatieoverleg meelopen en dan vragen waarom"),
            ("Zeggen wat ik denk tegen wie boven mij staat", "Eén eerlijke zin in elk gesprek"),
        ],
        "de": [
            ("Sehen, wie ein Partner entscheidet", "Einmal dabei sein und dann nach dem Warum fragen"),
            ("Auch nach oben sagen, was ich denke", "Ein offener Satz in jedem Gespräch"),
        ],
    },
}
#: Of 200 pairs: accepted by both, by the mentor alone, by nobody yet.
ACCEPTED: Final = (191, 6, 3)

#: Where those meet who have said so.
PLACES: Final[Mapping[str, str]] = {
    "en": "The mentee’s office",
    "nl": "De kamer van de mentee",
    "de": "Büro der oder des Mentee",
}


def settle_pacts(pairs: Iterable[Pairing], *, chance: random.Random, start: datetime) -> None:
    """Each side sets one goal and takes some steps, and the pair accepts its agreement within three weeks."""
    for pairing in pairs:
        for side in (pairing.mentee, pairing.mentor):
            who = side.person
            text, measure = chance.choice(WISHES[side.role][who.language])
            goal = add_goal(
                pairing=pairing,
                by=who,
                text=text,
                measure=measure,
                kind=GoalKind.FREE,
                outcome=Dimension.PERSPECTIVES if side.role == Role.MENTEE else Dimension.TALENT,
                steps_total=chance.randint(2, 4),
            )
            set_steps(goal=goal, by=who, done=chance.randint(0, goal.steps_total))
        _settle_rhythm(pairing, start)
        yeses = chance.choices((2, 1, 0), weights=ACCEPTED)[0]
        found = Pairing.objects.with_people().with_rhythm().with_key().get(pk=pairing.pk)
        digest = digest_of(pact_of(found).wording)
        for side in (pairing.mentor, pairing.mentee)[:yeses]:
            at = start + timedelta(days=chance.randint(3, 20))
            accept_agreement(pairing=pairing, by=side.person, digest=digest, now=at)


def _settle_rhythm(pairing: Pairing, start: datetime) -> None:
    """Every eighth pair talks for three quarters of an hour, every fifth has said how it meets as a rule; in some
    others one would rather meet fortnightly.
    """
    mentor, mentee = pairing.mentor.person, pairing.mentee.person
    is_short, has_way = pairing.pk % 8 == 0, pairing.pk % 5 == 0
    if is_short or has_way:
        rhythm = Rhythm(
            cadence=pairing.cohort.cadence,
            minutes=45 if is_short else pairing.meeting_minutes,
            mode=_mode(pairing) if has_way else Mode.EITHER,
            place=PLACES[mentee.language] if has_way and _mode(pairing) == Mode.IN_PERSON else "",
        )
        suggest_rhythm(pairing=pairing, by=mentor, rhythm=rhythm, now=start)
        agree_to_rhythm(pairing=pairing, by=mentee, rhythm=rhythm, now=start)
    elif pairing.pk % 30 == 1:
        suggest_rhythm(pairing=pairing, by=mentor, rhythm=Rhythm(Cadence.FORTNIGHTLY, 60), now=start)


def _mode(pairing: Pairing) -> str:
    """In person where the two work in one city."""
    is_near = pairing.mentor.person.city == pairing.mentee.person.city
    return Mode.IN_PERSON if is_near else Mode.VIDEO
