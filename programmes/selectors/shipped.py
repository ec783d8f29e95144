"""The texts that come with the product, in three languages; a programme may settle its own (decision 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.choices import Confidentiality, TextKey

#: The names in curly brackets that a text may use; their values come from the programme and its cohort.
NAMES: Final = ("name", "programme", "purpose", "months", "hours", "sponsor")


@dataclass(frozen=True)
class Shipped:
    """A text as it is shipped: a heading and plain lines (``programmes.engine.plain_text``)."""

    subject: Promise
    body: Promise


SHIPPED: Final[Mapping[str, Shipped]] = {
    TextKey.SPONSOR_LETTER: Shipped(
        _("An hour a month with a younger colleague"),
        _(
            "Dear {name},\n\n"
            "we decide every week about customers, technology and people, and most of what we know about them we "
            "learned some time ago. That is why I ask you to take part in {programme}. For {months} months a "
            "colleague at the start of their career will be your mentor. They lead the conversation; you bring "
            "questions and, above all, act on something you hear. It takes about {hours} hours in total. What is "
            "said stays between the two of you, and nothing of it plays a part in anybody’s appraisal. I take part "
            "myself. Will you?\n\n"
            "{sponsor}"
        ),
    ),
    TextKey.MENTOR_BRIEF: Shipped(
        _("What we expect of you as a mentor"),
        _(
            "You are the junior colleague, and you lead: the agenda is yours, you open and you close. It takes about "
            "{hours} hours in {months} months, in working time.\n\n"
            "# Do\n"
            "- prepare four lines before each conversation\n"
            "- open and close it\n"
            "- ask before you tell\n"
            "- show things, rather than explain them\n"
            "- write down the next date before you part\n\n"
            "# Don’t\n"
            "- lecture\n"
            "- bring data of clients\n"
            "- speak for a whole group\n"
            "- promise results\n"
            "- keep silent about a slot that was cancelled\n\n"
            "# You may speak freely\n"
            "You have been asked for your view, also where it is not pleasant to hear. Nothing of it plays a part in "
            "your appraisal. You may pass on any question, and stop at any time without a reason."
        ),
    ),
    TextKey.MENTEE_BRIEF: Shipped(
        _("What we expect of you as a mentee"),
        _(
            "Your mentor is a junior colleague, and leads. You keep the time free, you ask, and you act on something "
            "you hear. It takes about {hours} hours in {months} months.\n\n"
            "# Do\n"
            "- keep the slot\n"
            "- ask three questions before you give one opinion\n"
            "- say what you do not know\n"
            "- act once a quarter on what you heard, and say so\n\n"
            "# Don’t\n"
            "- interview for a job\n"
            "- test knowledge\n"
            "- mend your mentor’s career without being asked\n"
            "- quote your mentor by name\n"
            "- hand your mentor extra work\n\n"
            "# Your mentor may speak freely\n"
            "You are used to speaking openly; your mentor may not be. Say at the first conversation that you want to "
            "hear what is hard to say, and thank your mentor when it comes. Nothing of it reaches their manager."
        ),
    ),
    TextKey.PRIVACY_NOTE: Shipped(
        _("What is kept about you, and who sees it"),
        _(
            "We keep your entry in the roster (name, work address, department, grade, manager), your role, what you "
            "offer and look for, your dates, and whether you met. Taking part is voluntary.\n\n"
            "# Who sees what\n"
            "- what you two say, write and agree: the two of you\n"
            "- dates, and whether you met: the two of you and the coordinators\n"
            "- answers to questionnaires: nobody singly, only groups of five or more\n"
            "- your line manager: nothing of the conversations\n\n"
            "# How long\n"
            "- what a pair writes: 90 days after it ends\n"
            "- the rest: 12 months after the programme closes\n\n"
            "You may pause or leave at any time, ask for a copy of what is kept, and have it deleted. Nothing of it "
            "plays a part in anybody’s appraisal."
        ),
    ),
}
_CLAUSES: Final[Mapping[str, Promise]] = {
    Confidentiality.BETWEEN_TWO: _(
        "What is said stays between the two of you. Neither tells it on, not even without names, unless both say yes "
        "to it beforehand. The coordinators see that you met, never what you said."
    ),
    Confidentiality.WITHOUT_NAMES: _(
        "What is said stays between the two of you. An insight may be told on without names if both agree to it. The "
        "coordinators see that you met, never what you said."
    ),
}


def shipped(key: str, confidentiality: str) -> Shipped:
    """The shipped text of a key; the clause follows the programme's confidentiality setting (S2b.2)."""
    if key == TextKey.CONFIDENTIALITY:
        return Shipped(_("Between the two of you"), _CLAUSES[confidentiality])
    return SHIPPED[key]
