"""The communication plan that comes with the product: what to say at each stage, to whom, on which day (S0.45)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.choices import Anchor, Stage, ToWhom

#: The names in curly brackets that an announcement may use.
ANNOUNCEMENT_NAMES: Final = (
    "name", "programme", "cohort", "purpose", "starts", "ends", "months", "hours", "sponsor",
)  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """A line of the shipped plan."""

    code: str
    stage: Stage
    anchor: Anchor
    offset: int
    audience: ToWhom
    subject: Promise
    body: Promise


PLAN: Final = (
    Planned(
        "what_now", Stage.SELECTING, Anchor.START, -56, ToWhom.CANDIDATES,
        _("What happens with your sign-up"),
        _("Thank you for coming forward for {programme}. In the next two weeks we read every sign-up and answer each "
          "of you. If your profile is not complete yet, please finish it now: pairs are made from it."),
    ),
    Planned(
        "looking", Stage.MATCHING, Anchor.START, -42, ToWhom.PARTICIPANTS,
        _("We are looking for your partner"),
        _("You take part in {cohort}. We are now looking for the person with whom both of you gain most. When there "
          "is a proposal for you, a mail tells you; you say yes, a taster first, or not this one."),
    ),
    Planned(
        "kickoff", Stage.PREPARING, Anchor.START, -21, ToWhom.PARTICIPANTS,
        _("Kick-off: save the date"),
        _("On {starts} {cohort} begins. Please keep the day of the kick-off free; an invitation with place and time "
          "follows.\n\n{purpose}"),
    ),
    Planned(
        "mentors_ready", Stage.PREPARING, Anchor.START, -7, ToWhom.MENTORS,
        _("One week to go: prepare your first conversation"),
        _("You lead. Before the first conversation:\n\n- read what is expected of you\n- think of one sentence about "
          "what you want to reach\n- write down three questions about your mentee’s week"),
    ),
    Planned(
        "mentees_ready", Stage.PREPARING, Anchor.START, -7, ToWhom.MENTEES,
        _("One week to go: keep the first hour free"),
        _("Your mentor leads; you make it possible. Before the first conversation:\n\n- keep the hour free, and let it "
          "stand\n- read what is expected of you\n- think of one thing that you do not know and would like to"),
    ),
    Planned(
        "begins", Stage.ACTIVE, Anchor.START, 0, ToWhom.PARTICIPANTS,
        _("It begins today"),
        _("{cohort} has begun and lasts until {ends}. The next step is small: agree on the date of your first "
          "conversation, on your pair’s page.\n\n{purpose}"),
    ),
    Planned(
        "halfway", Stage.ACTIVE, Anchor.MIDDLE, 0, ToWhom.PARTICIPANTS,
        _("Halfway"),
        _("Half of {cohort} is behind you. Take ten minutes of the next conversation: what has come of it, what would "
          "you like to change, and do you go on, change something, or end it? All three are fine."),
    ),
    Planned(
        "last_month", Stage.ACTIVE, Anchor.END, -30, ToWhom.PARTICIPANTS,
        _("Last month: harvest and celebrate"),
        _("{cohort} ends on {ends}. Plan your closing conversation: three highlights, one open action, and a word of "
          "thanks."),
    ),
    Planned(
        "thanks", Stage.CLOSING, Anchor.END, 0, ToWhom.PARTICIPANTS,
        _("Thank you"),
        _("Today {cohort} ends. Thank you for your time and your openness. What you began together stays yours; open "
          "actions stay with whoever promised them.\n\n{sponsor}"),
    ),
    Planned(
        "afterwards", Stage.CLOSED, Anchor.END, 56, ToWhom.PARTICIPANTS,
        _("What has come of it"),
        _("Two months ago {cohort} ended. What has changed since stands on your first page. There will be another "
          "round: would you like to take part once more, perhaps in the other role?"),
    ),
)  # fmt: skip
BY_CODE: Final = {line.code: line for line in PLAN}


def shipped_words(code: str) -> dict[str, str]:
    """The shipped words of a line in every language under the names of the model's fields."""
    line = BY_CODE[code]
    words: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {f"subject_{language}": str(line.subject), f"body_{language}": str(line.body)}
    return words
