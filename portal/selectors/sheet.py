"""The works council's information sheet: made from the settings and the privacy register, in any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common.privacy import BASES, PURPOSES, RETENTIONS
from participants.models import Person
from programmes.choices import OBEYED, SWITCH_WORDS, Switch
from programmes.engine.agreement import USUAL
from programmes.models import Agreement, Programme
from programmes.selectors import CATEGORY_NAMES, Standing, evaluation_kinds, standing_of

#: The columns of "who sees what", each with the readers of the register that belong in it.
COLUMNS: Final[Sequence[tuple[Promise, tuple[str, ...]]]] = (
    (_lazy("person concerned"), ("self",)),
    (_lazy("partner"), ("partner", "proposed", "chosen")),
    (_lazy("delegate (dates)"), ("delegate",)),
    (_lazy("coordinator"), ("coordinator",)),
    (_lazy("named contact"), ("contact",)),
    (_lazy("sponsor"), ("sponsor",)),
    (_lazy("works council"), ("council",)),
    (_lazy("line manager"), ("manager",)),
)
#: Columns of people who read published results: figures of groups, never one person's.
GROUPED: Final = ("self", "partner", "coordinator", "sponsor")
#: The rows, in the order of the dossier's table: what it is called, and the fields that it stands for.
ROWS: Final[Sequence[tuple[Promise, tuple[str, ...]]]] = (
    (
        _lazy("Name, title, department, office"),
        ("participants.person.first_name", "participants.person.job_title"),
    ),
    (_lazy("Work address"), ("participants.person.email",)),
    (
        _lazy("Manager, appraiser, other lines"),
        ("participants.person.manager", "participants.dottedline.manager"),
    ),
    (
        _lazy("Working languages, free times"),
        ("participants.person.languages", "participants.person.availability"),
    ),
    (
        _lazy("Role, state, number of partners"),
        ("programmes.enrolment.role", "programmes.enrolment.capacity"),
    ),
    (_lazy("Topics offered and wanted"), ("programmes.topicoffer.topic", "programmes.topicwish.topic")),
    (_lazy("Perspectives offered and looked for"), ("programmes.enrolment.perspectives_offered",)),
    (_lazy("“Never with” a colleague"), ("participants.neverwith.other",)),
    (_lazy("Proposed match and its reasons"), ("matching.proposal.reasons",)),
    (_lazy("Answer to a proposed match"), ("matching.proposal.mentor_answer",)),
    (_lazy("Dates and states of meetings"), ("meetings.meeting.starts_at", "meetings.meeting.state")),
    (_lazy("Who moved or missed a meeting"), ("meetings.meeting.times_moved",)),
    (
        _lazy("Answers to questionnaires"),
        ("evaluations.sealedanswer.value", "evaluations.pendinganswer.value"),
    ),
    (_lazy("Who has answered a questionnaire"), ("evaluations.ledgerentry.done",)),
    (_lazy("Wish to be contacted"), ("programmes.contactrequest.person",)),
    (_lazy("Text of mails"), ("outbox.message.context",)),
    (_lazy("Log-ins and sessions"), ("usersessions.usersession.last_seen_at",)),
)
#: What falls under a kind of data here, so that the name alone need not be trusted.
EXAMPLES: Final[Mapping[str, Promise]] = {
    "contact": _lazy("name, work address, language of mails"),
    "organisation": _lazy("personnel key, title, grade, department, office, lines upwards"),
    "preference": _lazy("topics, perspectives, working languages, free times, places"),
    "process": _lazy("enrolment, proposals, pairs, dates, mails sent, requests"),
    "content": _lazy("text of mails to the person"),
    "answer": _lazy("answers, kept apart from persons, sealed at the close"),
    "security": _lazy("log-in, second factor, sessions, links"),
}
YES, NO, SOME, ASKED = "yes", "no", "group", "asked"


@dataclass(frozen=True)
class Kept:
    """One kind of data: what it is for, on what basis, and how long it stays."""

    name: str
    examples: str
    purposes: str
    retention: str


@dataclass(frozen=True)
class SwitchLine:
    """One switch as the sheet shows it."""

    label: str
    words: str
    state: str


@dataclass(frozen=True)
class Sheet:
    """Everything on the two pages.

    Args:
        agreement: the agreement that this sheet belongs to; None for settings that are not agreed as they are.
        rows: what, and a mark for each column.
        scores, comments: the least group sizes, of all cohorts.
    """

    programme: Programme
    agreement: Agreement | None
    digest: str
    columns: Sequence[Promise]
    kept: Sequence[Kept]
    bases: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    scores: int
    comments: int
    kinds: Sequence[str]
    switches: Sequence[SwitchLine]
    coordinators: Sequence[Person]
    contacts: Sequence[Person]
    today: date


def sheet_now(programme: Programme, *, today: date) -> Sheet:
    """The sheet of the settings as wanted: what the works council is asked about, or has agreed to."""
    standing = standing_of(programme)
    agreed = standing.agreement if standing.is_covered else None
    return _sheet(programme, standing.now, standing.digest, agreed, _in_force(standing), today)


def sheet_of(agreement: Agreement, *, today: date) -> Sheet:
    """The sheet of what was agreed then."""
    content = agreement.content
    return _sheet(agreement.programme, content, agreement.digest, agreement, content["switches"], today)


def _in_force(standing: Standing) -> Mapping[str, bool]:
    return standing.agreement.content["switches"] if standing.agreement else {}


def _sheet(
    programme: Programme,
    content: Mapping[str, Any],
    digest: str,
    agreement: Agreement | None,
    agreed: Mapping[str, bool],
    today: date,
) -> Sheet:
    register = content["register"]
    return Sheet(
        programme=programme,
        agreement=agreement,
        digest=digest,
        columns=[label for label, _readers in COLUMNS],
        kept=[_kept(category, register) for category in EXAMPLES],
        bases=_words(BASES, {line["basis"] for line in register.values()} - {"none"}),
        rows=[(str(label), _marks(fields, register)) for label, fields in ROWS if _known(fields, register)],
        scores=_least(content, "scores"),
        comments=_least(content, "comments"),
        kinds=_kinds(content["evaluations"]),
        switches=[_switch(switch, content["switches"], agreed) for switch in Switch],
        coordinators=[row.person for row in programme.coordinators.select_related("person")],
        contacts=[row.person for row in programme.contacts.select_related("person")],
        today=today,
    )


def _kept(category: str, register: Mapping[str, Any]) -> Kept:
    lines = [line for line in register.values() if line["category"] == category]
    return Kept(
        name=str(CATEGORY_NAMES[category]),
        examples=str(EXAMPLES[category]),
        purposes="; ".join(_words(PURPOSES, {line["purpose"] for line in lines})),
        retention="; ".join(_words(RETENTIONS, {line["retention"] for line in lines})),
    )


def _words(table: Mapping[str, Promise], keys: Iterable[str]) -> list[str]:
    """Words in the order of their table; a key that this version no longer knows stands for itself."""
    wanted = set(keys)
    return [str(words) for key, words in table.items() if key in wanted] + sorted(wanted - set(table))


def _known(fields: Iterable[str], register: Mapping[str, Any]) -> bool:
    return any(field in register for field in fields)


def _marks(fields: Iterable[str], register: Mapping[str, Any]) -> list[str]:
    """For each column whether anybody in it reads any of the fields: rather too much said than too little."""
    chosen = [field for field in fields if field in register]
    readers = {reader for field in chosen for reader in register[field]["visible"]}
    yes = ASKED if any(field.startswith("programmes.contactrequest.") for field in chosen) else YES
    return [_mark(column, readers, yes) for _label, column in COLUMNS]


def _mark(column: Sequence[str], readers: set[str], yes: str) -> str:
    if readers & {"everyone", *column}:
        return YES if column == ("self",) else yes
    return SOME if "group" in readers and set(column) & set(GROUPED) else NO


def _least(content: Mapping[str, Any], part: str) -> int:
    return min((cohort[part] for cohort in content["cohorts"].values()), default=USUAL[part])


def _kinds(codes: Iterable[str]) -> list[str]:
    labels = {kind.code: str(kind.label) for kinds in evaluation_kinds() for kind in kinds}
    known = [code for code in labels if code in codes]
    return [labels[code] for code in known] + [code for code in codes if code not in labels]


def _switch(switch: Switch, wanted: Mapping[str, bool], agreed: Mapping[str, bool]) -> SwitchLine:
    if switch not in OBEYED:
        state = _("not part of this version")
    elif not wanted.get(switch):
        state = _("off")
    else:
        state = _("on") if agreed.get(switch) else _("on, once agreed")
    return SwitchLine(str(switch.label), str(SWITCH_WORDS[switch]), state)
