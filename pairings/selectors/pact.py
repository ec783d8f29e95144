"""What a pair has agreed on, for the two alone: their goals, and the mentoring agreement in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pairings.choices import Mode
from pairings.models import Agreement, PairGoal, Pairing
from programmes.choices import Role
from sealing.choices import ScopeKind
from sealing.selectors import secret_of
from sealing.services import CannotUnseal, opener

#: Within how many working days an answer between meetings is fine (dossier 5.4).
REPLY_DAYS: Final = 3
#: One clause: its name and its words.
Clause = tuple[str, str]
#: The agreement in every language that the product speaks.
Wording = dict[str, list[list[str]]]


@dataclass(frozen=True)
class Goal:
    """A goal as the two read it."""

    row: PairGoal
    text: str
    measure: str

    @property
    def percent(self) -> int:
        return round(100 * self.row.steps_done / self.row.steps_total)


@dataclass(frozen=True)
class Pact:
    """Everything agreed between two people, as one of them opens it.

    Args:
        agreements: the newest two at most, the newest first: one that waits and one that holds.
    """

    pairing: Pairing
    goals: Sequence[Goal]
    agreements: Sequence[Agreement]
    read: Callable[[bytes], bytes]

    def goals_of(self, side: str) -> list[Goal]:
        return [goal for goal in self.goals if goal.row.side == side]

    @property
    def mentors(self) -> list[Goal]:
        return self.goals_of(Role.MENTOR)

    @property
    def mentees(self) -> list[Goal]:
        return self.goals_of(Role.MENTEE)

    @property
    def waiting(self) -> Agreement | None:
        """What one of the two has accepted and the other not yet."""
        return next((one for one in self.agreements if one.agreed_at is None), None)

    @property
    def signed(self) -> Agreement | None:
        """The agreement that holds."""
        return next((one for one in self.agreements if one.agreed_at is not None), None)

    @cached_property
    def wording(self) -> Wording:
        """The agreement as it would be accepted today."""
        return wording(self.pairing, [(one.row.side, one.text) for one in self.goals])

    def words_of(self, agreement: Agreement) -> Wording:
        """What was accepted, word for word."""
        found: Wording = json.loads(self.read(bytes(agreement.closed)))
        return found

    def is_today(self, agreement: Agreement) -> bool:
        """Whether these words are the ones that would be accepted today."""
        return self.words_of(agreement) == self.wording


def pact_of(pairing: Pairing) -> Pact:
    """The goals and agreements of a pair read ``with_key``. Two queries.

    Raises:
        CannotUnseal: there are words and the pair's key is gone.
    """
    goals = list(PairGoal.objects.filter(pairing=pairing))
    agreements = list(Agreement.objects.filter(pairing=pairing)[:2])
    read = reader(pairing)
    return Pact(pairing, goals_from(goals, read), agreements, read)


def yeses_owed(*, pairing_ids: Collection[int]) -> Mapping[int, Collection[str]]:
    """The roles that have accepted no agreement yet, of those pairs that have none that holds. One query."""
    owed: dict[int, set[str]] = {pk: {Role.MENTOR, Role.MENTEE} for pk in pairing_ids}
    rows = Agreement.objects.filter(pairing__in=pairing_ids).order_by("pairing", "number")
    for pk, mentor, mentee in rows.values_list("pairing", "mentor_accepted_at", "mentee_accepted_at"):
        owed[pk] -= {role for role, at in ((Role.MENTOR, mentor), (Role.MENTEE, mentee)) if at is not None}
    return owed


def goal_of(row: PairGoal) -> Goal:
    """One goal with its words; its pair was read ``with_key``."""
    return goals_from([row], reader(row.pairing))[0]


def goal_in_words(row: PairGoal) -> str:
    """A goal for its author's copy of their data."""
    goal = goals_from([row], _reader_of(row.pairing_id))[0]
    return f"{goal.text} ({goal.measure})" if goal.measure else goal.text


def agreement_in_words(agreement: Agreement) -> str:
    """The words that were accepted, in the reader's language, for the copy of one of the two."""
    words: Wording = json.loads(_reader_of(agreement.pairing_id)(bytes(agreement.closed)))
    clauses = words.get((translation.get_language() or "en")[:2], words["en"])
    return " ".join(f"{name}: {text}" for name, text in clauses)


def _reader_of(pairing_id: int) -> Callable[[bytes], bytes]:
    return reader(Pairing.objects.with_key().get(pk=pairing_id))


def reader(pairing: Pairing) -> Callable[[bytes], bytes]:
    """What opens the words of a pair read ``with_key``; a pair that has written none has no key."""

    def read(closed: bytes) -> bytes:
        key = secret_of(ScopeKind.PAIR, pairing)
        if key is None:
            raise CannotUnseal(_("There is no key for this content."))
        return opener(key=key)(closed)

    return read


def goals_from(rows: Iterable[PairGoal], read: Callable[[bytes], bytes]) -> list[Goal]:
    """Goals with their words."""
    return [Goal(row, **json.loads(read(bytes(row.closed)))) for row in rows]


def digest_of(words: Wording) -> str:
    """What a form carries to say which words were on the page."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


def wording(pairing: Pairing, goals: Sequence[tuple[str, str]]) -> Wording:
    """The agreement's clauses in every language (dossier 5.4).

    Args:
        pairing: with its people, cohort and programme.
        goals: side and text of each.
    """
    found: Wording = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = [list(clause) for clause in _clauses(pairing, goals)]
    return found


def _clauses(pairing: Pairing, goals: Sequence[tuple[str, str]]) -> list[Clause]:
    return [
        (pgettext("agreement", "Aim"), _aim(pairing, goals)),
        (
            pgettext("agreement", "Lead"),
            _("The mentor prepares and leads our conversations. The mentee protects the time."),
        ),
        (pgettext("agreement", "Rhythm"), _rhythm(pairing)),
        (
            pgettext("agreement", "Between meetings"),
            _("An answer within %(days)s working days is fine.") % {"days": REPLY_DAYS},
        ),
        (
            pgettext("agreement", "Confidentiality"),
            _(
                "What is said stays with us, unless we both agree or law or someone’s safety requires otherwise."
            ),
        ),
        (
            pgettext("agreement", "No appraisal"),
            _("Nothing from our conversations is used in appraisal, staffing, pay or promotion."),
        ),
        (
            pgettext("agreement", "Freedom to speak"),
            _(
                "The mentor may say openly what they see and think, also about the organisation and the mentee’s "
                "own conduct."
            ),
        ),
        (
            pgettext("agreement", "Respect"),
            _("We talk as equals, without judging. Each of us may pass on any question."),
        ),
        (
            pgettext("agreement", "Clean hands"),
            _("We bring no client-identifying or inside information and no personal data of others."),
        ),
        (
            pgettext("agreement", "Give and take"),
            _(
                "We both learn and are open to what the other sees; at each meeting there is room for the "
                "mentor’s questions."
            ),
        ),
        (
            pgettext("agreement", "Acting"),
            _(
                "At least once a quarter the mentee does something visible with what was learned and tells the "
                "mentor. Credit goes to whoever had the idea."
            ),
        ),
        (
            pgettext("agreement", "Looking back"),
            _("Half-way we look at progress, successes and challenges."),
        ),
        (
            pgettext("agreement", "Stopping"),
            _(
                "Either of us may end this at any time without giving a reason; the coordinator helps us close "
                "well and find a new match. If something feels wrong, the named contact listens."
            ),
        ),
    ]


def _aim(pairing: Pairing, goals: Sequence[tuple[str, str]]) -> str:
    purpose = pairing.cohort.programme.purpose_in().strip().rstrip(".")
    parts = [f"{purpose}."] if purpose else []
    for side, who in ((Role.MENTEE, pairing.mentee.person), (Role.MENTOR, pairing.mentor.person)):
        mine = "; ".join(text.strip().rstrip(".") for own, text in goals if own == side)
        parts.append(
            _("%(name)s wants: %(goals)s.") % {"name": who.first_name, "goals": mine or _("still open")}
        )
    return " ".join(parts)


def _rhythm(pairing: Pairing) -> str:
    said = _(
        "We meet %(cadence)s for %(minutes)s minutes, until %(end)s. We move a date rather than drop it: whoever "
        "cannot come offers two new dates."
    ) % {
        "cadence": pairing.cadence_name,
        "minutes": pairing.meeting_minutes,
        "end": date_format(pairing.cohort.ends_on, "DATE_FORMAT"),
    }
    way = getattr(pairing, "usual_way", None)
    if way is None or way.mode == Mode.EITHER:
        return said
    return f"{said} " + _("As a rule we meet %(mode)s.") % {"mode": way.get_mode_display()}
