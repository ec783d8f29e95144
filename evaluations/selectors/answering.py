"""What a participant may answer now, and the questions in their language, as plain data for a page.

The portal builds its form from `questionnaire` and hands what was filled in to
`evaluations.services.submit_answers`. Nothing of a half-filled form is kept anywhere (A-20).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils.translation import gettext as _

from evaluations.choices import RoundState
from evaluations.engine.instruments import CHOICE, CHOICES, TEXT, minutes_for
from evaluations.models import LedgerEntry, Round
from evaluations.querysets import RoundQuerySet
from participants.models import Person
from programmes.choices import TAKING_PART, EnrolmentState
from programmes.models import Enrolment

#: Who belongs to a cohort whether or not they are asked this time.
MEMBERS = (*TAKING_PART, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)
#: Names shorter than this are everyday words.
SHORTEST_NAME = 3


def rounds_of_person(person: Person) -> RoundQuerySet:
    """Rounds that this person was invited to, and published ones of the cohorts they take part in (C-02).

    Nothing is asked of somebody at rest (B-09).
    """
    mine = Enrolment.objects.filter(person=person)
    cohorts = mine.filter(state__in=MEMBERS).values("cohort_id")
    invited = ~Q(state=RoundState.DRAFT) & Q(audience__contains=[{"person": person.pk}])
    invited &= ~Q(state=RoundState.OPEN, cohort_id__in=mine.resting().values("cohort_id"))
    found: RoundQuerySet = Round.objects.filter(
        invited | Q(state=RoundState.PUBLISHED, cohort_id__in=cohorts)
    )
    return found


@dataclass(frozen=True)
class OpenPart:
    """Something this person may answer now.

    Args:
        round: the open round.
        part: which part of it; only the final round has two, each handed in by itself (decision 24).
        parts: how many parts this person's questionnaire has.
        minutes: how long this part takes somebody of their role.
    """

    round: Round
    part: int
    parts: int
    minutes: int


def open_parts(person: Person, now: datetime) -> list[OpenPart]:
    """What this person may still answer, the soonest to close first; for their own pages only (A-11)."""
    rounds = rounds_of_person(person).open_at(now).inviting(person.pk)
    return parts_left(with_parts_left(rounds, person), person)


def with_parts_left(rounds: RoundQuerySet, person: Person) -> RoundQuerySet:
    """Rounds with the parts that this person has not answered yet, in the same query."""
    left = LedgerEntry.objects.left_to_answer(person.pk).filter(round=OuterRef("pk"))
    found: RoundQuerySet = rounds.annotate(left=ArraySubquery(left.values("part")))
    return found


def parts_left(rounds: Iterable[Round], person: Person) -> list[OpenPart]:
    """What these rounds, read by ``with_parts_left``, still ask of this person."""
    return [
        open_part
        for one in sorted(rounds, key=lambda one: (one.closes_at, one.pk))
        for open_part in _parts_left(one, invitation(one, person)["role"])
    ]


def _parts_left(round: Round, role: str) -> list[OpenPart]:
    parts = [part for part in round.parts if items_for(round, role, part)]
    return [
        OpenPart(round, part, len(parts), minutes_for(_part(round, part), role))
        for part in parts
        if part in round.left  # type: ignore[attr-defined]
    ]


def invitation(round: Round, person: Person) -> Mapping[str, Any]:
    """This person's line in the frozen audience; empty when they are not invited."""
    return next((one for one in round.audience if one["person"] == person.pk), {})


def items_for(round: Round, role: str, part: int) -> list[dict[str, Any]]:
    """The frozen questions of a part for a role, in reading order."""
    return [item for item in round.questions["items"] if item["part"] == part and role in item["roles"]]


def _part(round: Round, part: int) -> dict[str, Any]:
    items = [item for item in round.questions["items"] if item["part"] == part]
    return {**round.questions, "items": items}


@dataclass(frozen=True)
class Field:
    """One question as a page needs it.

    Args:
        name: the key to hand the answer in under.
        label: the question in the reader's language.
        kind: "steps" and "choice" (one of ``options``), "choices" (several of them), "text".
        options: value and label; for scales with named ends only, the labels are the numbers.
        ends: words for the lowest and the highest value, where only these are named.
        max_length: characters of a text, 0 elsewhere.
        offers_cannot_say: whether the page adds "Can't say" (value ""); a scale may have its own.
    """

    name: str
    label: str
    kind: str
    options: tuple[tuple[str, str], ...]
    ends: tuple[str, ...]
    max_length: int
    offers_cannot_say: bool


@dataclass(frozen=True)
class Block:
    """Questions under one lead-in, "How confident are you that you can …"; the lead-in is empty for most."""

    stem: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Questionnaire:
    """One part of a round for one person.

    Args:
        blocks: the questions, in order, grouped by lead-in.
        promise: what is confidential and from how many on what is shown; stands above the questions (A-13, A-15).
        few_share_language: fewer than the threshold read this language; their comments might give them away.
    """

    round: Round
    part: int
    role: str
    minutes: int
    blocks: tuple[Block, ...]
    promise: tuple[str, ...]
    few_share_language: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for block in self.blocks for field in block.fields)

    @property
    def asks_for_comments(self) -> bool:
        return any(field.kind == TEXT for field in self.fields)


def questionnaire(round: Round, person: Person, part: int, language: str) -> Questionnaire:
    """The questions of one part for this person's role.

    Args:
        language: "en", "nl" or "de"; another falls back to English.

    Raises:
        LookupError: the person is not invited, or the round has no such part for their role.
    """
    role = invitation(round, person).get("role", "")
    items = items_for(round, role, part) if role else []
    if not items:
        raise LookupError(f"nothing to answer in round {round.pk}")
    return Questionnaire(
        round=round,
        part=part,
        role=role,
        minutes=minutes_for(_part(round, part), role),
        blocks=_blocks(round, items, language),
        promise=tuple(promise(round)),
        few_share_language=round.segments["languages"].get(language, 0) < round.k,
    )


def _blocks(round: Round, items: list[dict[str, Any]], language: str) -> tuple[Block, ...]:
    blocks: list[tuple[str, list[Field]]] = []
    for item in items:
        if not blocks or blocks[-1][0] != item["stem"]:
            blocks.append((item["stem"], []))
        blocks[-1][1].append(_field(item, round.questions["scales"][item["scale"]], language))
    stems = round.questions["stems"]
    return tuple(Block(in_language(stems.get(code, {}), language), tuple(fields)) for code, fields in blocks)


def _field(item: Mapping[str, Any], scale: Mapping[str, Any], language: str) -> Field:
    return Field(
        name=item["key"],
        label=in_language(item["text"], language),
        kind=scale["kind"],
        options=options(scale, language),
        ends=tuple(in_language(scale.get("ends", {}), language) or ()),
        max_length=scale.get("max_length", 0),
        offers_cannot_say=scale["kind"] not in (TEXT, CHOICE, CHOICES),
    )


def options(scale: Mapping[str, Any], language: str) -> tuple[tuple[str, str], ...]:
    """Value and label of everything a scale offers; a scale with named ends shows its numbers."""
    labels = in_language(scale.get("labels", {}), language) or scale["values"]
    return tuple(zip(scale["values"], labels, strict=True))


def in_language(texts: Mapping[str, Any], language: str) -> Any:
    """The text in a language we ship, else in English; "" when there is none."""
    return texts.get(language[:2]) or texts.get("en", "")


def promise(round: Round) -> list[str]:
    """What a respondent is told before answering; nothing of it changes after the launch (A-13, A-15)."""
    has_comments = any(scale["kind"] == TEXT for scale in round.questions["scales"].values())
    return promised(
        k=round.k,
        comment_k=round.comment_k,
        totals_only=round.is_totals_only,
        has_comments=has_comments,
    )


def promised(*, k: int, comment_k: int, totals_only: bool, has_comments: bool) -> list[str]:
    """The sentences of a promise, in the present language."""
    told = [_("Confidential until this round closes; anonymous afterwards: no name, no time, shuffled.")]
    if totals_only:
        told.append(
            _("So few are asked that only figures about everybody together are shown, and no comments.")
        )
    else:
        told.append(_("Figures are shown only for groups of %(k)s answers or more.") % {"k": k})
    if has_comments:
        read_by = _(
            "Comments are read by coordinators who do not take part themselves, once %(k)s people have answered."
        )
        told.append(read_by % {"k": comment_k})
    return [
        *told,
        _("Nobody is told who has answered, and everybody gets the same mails."),
        _("Every question may be left out. What you hand in is final: nobody can look it up or change it."),
    ]


def names_in_comments(round: Round, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Participants' names found in free texts, so that the page can ask once whether that is meant (A-23).

    Args:
        answers: what the form holds, by question.

    Returns:
        Question → the words that are also somebody's name or address; a warning, never a refusal.
    """
    kinds = {
        item["key"]: round.questions["scales"][item["scale"]]["kind"] for item in round.questions["items"]
    }
    written = {key: str(answers.get(key) or "") for key, kind in kinds.items() if kind == TEXT}
    if not any(written.values()):
        return {}
    people = Person.objects.filter(pk__in=[one["person"] for one in round.audience])
    names = {
        name.casefold()
        for row in people.values_list("first_name", "last_name", "email")
        for name in row
        if name and len(name) >= SHORTEST_NAME
    }
    found = {key: _mentioned(text, names) for key, text in written.items()}
    return {key: words for key, words in found.items() if words}


def _mentioned(text: str, names: set[str]) -> list[str]:
    folded = text.casefold()
    return sorted(name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded))
