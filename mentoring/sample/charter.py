"""The charter of the sample: what it is for, what it wants to reach, and its settled texts."""

from __future__ import annotations

from typing import Any, Final

from dateutil.relativedelta import relativedelta

from mentoring.sample.firm import SPONSOR
from participants.models import Person
from programmes.choices import Confidentiality, Dimension, GoalKind, TextKey
from programmes.models import Cohort, Programme
from programmes.selectors import shipped_values
from programmes.services import add_goal, settle_text

PROGRAMME: Final = "Second Light"
PURPOSE: Final = (
    "To let those who sign see the work as those who do it see it, and change one thing a quarter because of "
    "it."
)
PURPOSE_NL: Final = (
    "Wie tekent leert het werk zien zoals wie het doet, en verandert daardoor elk kwartaal één ding."
)
PURPOSE_DE: Final = (
    "Wer unterschreibt, sieht die Arbeit mit den Augen derer, die sie tun, und ändert deshalb jedes Quartal "
    "eine Sache."
)
CHARTER: Final[dict[str, Any]] = {
    "purpose_nl": PURPOSE_NL,
    "purpose_de": PURPOSE_DE,
    "ambition": (
        "Decisions about tools and clients are taken four levels above the people who work with them. New "
        "colleagues leave before anybody has heard what they saw.\n\n"
        "In two years every partner can name a change that began with a junior colleague."
    ),
    "mentor_highest_grade": 4,
    "mentee_lowest_grade": 6,
    "confidentiality": Confidentiality.BETWEEN_TWO,
    "signed_by": ", ".join((" ".join(SPONSOR[:2]), SPONSOR[2])),
    "budget": "EUR 18,000 a cohort: two events, training, hours of the coordinators",
}
GOALS: Final = (
    (GoalKind.TECHNOLOGY, "Every pair tries one new tool on real work.",
     "Elk koppel probeert één nieuw hulpmiddel uit op echt werk.",
     "Jedes Tandem probiert ein neues Werkzeug an echter Arbeit aus.",
     "try-outs recorded", "one per pair", Dimension.DIGITAL),
    (GoalKind.DIGITAL_SKILLS, "Partners feel sure with the digital tools of their teams.",
     "Partners voelen zich zeker met de digitale hulpmiddelen van hun teams.",
     "Partnerinnen und Partner sind sicher im Umgang mit den digitalen Werkzeugen ihrer Teams.",
     "digital confidence, baseline and final round", "+0.5 of 5", Dimension.DIGITAL),
    (GoalKind.MIXED_TEAMS, "Partners lead teams in which juniors contradict without awkwardness.",
     "Partners leiden teams waarin junioren zonder ongemak tegenspreken.",
     "Partnerinnen und Partner führen Teams, in denen Jüngere ohne Scheu widersprechen.",
     "“can disagree” in each round", "4.0 of 5", Dimension.PERSPECTIVES),
    (GoalKind.FREE, "Mentors grow into leading others.",
     "Mentoren groeien in het leiden van anderen.",
     "Mentorinnen und Mentoren wachsen in die Führung anderer hinein.",
     "mentor skills, baseline and final round", "+0.4 of 5", Dimension.TALENT),
)  # fmt: skip
#: What the sponsor is asked to do, in the sponsor's own language: nobody else has to read it.
SPONSOR_TASKS: Final = {
    "en": (
        "Open the kick-off and stay for questions",
        "Reply to the results of the second quarter",
        "Say at the closing what is adopted",
    ),
    "nl": (
        "Open de kick-off en blijf voor vragen",
        "Reageer op de resultaten van het tweede kwartaal",
        "Zeg bij de afsluiting wat we overnemen",
    ),
    "de": (
        "Den Kick-off eröffnen und für Fragen bleiben",
        "Auf die Ergebnisse des zweiten Quartals antworten",
        "Beim Abschluss sagen, was übernommen wird",
    ),
}


def settle_charter(programme: Programme, *, cohort: Cohort, by: Person) -> None:
    """Goals and texts, as a coordinator would settle them before the first cohort opens."""
    due_on = cohort.ends_on - relativedelta(days=14)
    for kind, text, dutch, german, measure, target, outcome in GOALS:
        values = {
            "kind": kind, "text": text, "text_nl": dutch, "text_de": german,
            "measure": measure, "target": target, "due_on": due_on, "outcome": outcome,
        }  # fmt: skip
        add_goal(programme=programme, values=values, by=by)
    for key in TextKey.values:
        settle_text(programme=programme, key=key, values=shipped_values(programme, key), by=by)
