"""The privacy register as a page for the people it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.privacy import PERSONAL, PURPOSES, RETENTIONS, VIEWERS, Line, declared_models, lines_of


@dataclass(frozen=True)
class KeptGroup:
    """Fields of one kind of record that share purpose, readers and retention."""

    fields: tuple[str, ...]
    purpose: str
    visible: tuple[str, ...]
    retention: str


@dataclass(frozen=True)
class KeptRecord:
    """One kind of record and its groups of fields."""

    name: str
    groups: tuple[KeptGroup, ...]


@dataclass(frozen=True)
class KeptPart:
    """What is kept about one part of somebody's life here, such as their pair."""

    code: str
    title: str
    records: tuple[KeptRecord, ...]


#: Apps by the part that a reader looks for them in, in the order of the page; what is named nowhere is the last.
PARTS: Final[Mapping[str, tuple[Promise, tuple[str, ...]]]] = {
    "you": (_("You and your place in the company"), ("participants",)),
    "part": (_("Taking part in a programme"), ("programmes",)),
    "pair": (_("Proposals, your pair and your dates"), ("matching", "pairings", "meetings", "sealing")),
    "questionnaires": (_("Questionnaires"), ("evaluations",)),
    "mail": (_("Mail to you"), ("outbox",)),
    "log-in": (_("Log-in, security and running the site"), ()),
}
#: Records whose name in the software says little to the person they are about, or is another record's as well.
NAMES: Final[Mapping[str, Promise]] = {
    "participants.person": _("your entry in the roster"),
    "participants.user": _("your log-in"),
    "participants.dottedline": _("lines beside your line manager"),
    "participants.groupmembership": _("groups that are kept apart"),
    "participants.neverwith": _("your “never with” list"),
    "participants.delegation": _("who plans your dates"),
    "participants.importfile": _("files of the roster, read in"),
    "participants.importlog": _("what a roster file changed about you"),
    "participants.dataexport": _("the copy of your data that you asked for"),
    "participants.erasurerequest": _("your request to be erased"),
    "programmes.agreement": _("who recorded what the works council agreed to"),
    "programmes.assessment": _("the coordinators’ checklist on your application"),
    "programmes.break": _("your own pauses and objections"),
    "programmes.briefreading": _("that you read what is expected of you"),
    "programmes.colleaguetopic": _("a topic you named as a colleague"),
    "programmes.contactrequest": _("your wish to be contacted"),
    "programmes.coordinator": _("that you are a coordinator"),
    "programmes.councilmember": _("that you follow a programme for the works council"),
    "programmes.enrolment": _("your place in a cohort"),
    "programmes.intake": _("your intake"),
    "programmes.namedcontact": _("that you are a named contact"),
    "programmes.nomination": _("that a colleague named you"),
    "programmes.recordreading": _("who opened your record"),
    "programmes.sponsor": _("that you are a sponsor"),
    "programmes.sponsortask": _("tasks of a sponsor"),
    "programmes.topiccallpass": _("that you had no topic to name"),
    "programmes.topicsuggestion": _("a topic you suggested"),
    "programmes.wordsrelease": _("to whom you showed your own words"),
    "matching.matchingrun": _("who calculated the pairs of a cohort"),
    "matching.pairdecision": _("pairs that a coordinator fixed or ruled out"),
    "matching.proposal": _("pairs proposed to you, and your answer"),
    "matching.tasterchoice": _("your choice after a taster"),
    "meetings.booking": _("the hours you are taken"),
    "meetings.meeting": _("your conversations: when, how long and where"),
    "meetings.reminder": _("reminders planned for you"),
    "pairings.agreement": _("the agreement of your pair"),
    "pairings.hold": _("that a pair was held back because a line changed"),
    "pairings.pairgoal": _("the goals of your pair"),
    "pairings.pairing": _("your pair, from when to when"),
    "pairings.pause": _("when your pair rested"),
    "pairings.rhythmproposal": _("a rhythm that one of you suggested"),
    "sealing.scopekey": _("the key that seals your pair’s words"),
    "evaluations.ledgerentry": _("that you have answered, while a round is open"),
    "evaluations.pendinganswer": _("answers while a round is open"),
    "evaluations.round": _("who opened and closed a round"),
    "evaluations.sealedanswer": _("answers of a closed round, nobody’s any more"),
    "outbox.actionlink": _("links in mails to you"),
    "outbox.mailrefusal": _("mail you do not want"),
    "outbox.mailwish": _("mail you asked for"),
    "outbox.message": _("mails to you"),
    "operations.job": _("long work you started"),
    "account.emailconfirmation": _("proof that an address is yours"),
    "admin.logentry": _("what you changed as a coordinator"),
    "auditlog.logentry": _("changes to settings and records, and who made them"),
    "mfa.authenticator": _("your second factors and passkeys"),
    "sessions.session": _("what keeps you logged in"),
    "usersessions.usersession": _("where you are logged in"),
    "socialaccount.socialaccount": _("your identity at single sign-on"),
    "socialaccount.socialapp": _("which single sign-on is used"),
    "socialaccount.socialtoken": _("a key from single sign-on"),
}


def what_we_keep() -> tuple[KeptPart, ...]:
    """Every personal field of the register; made from the declarations alone, without a query."""
    found: dict[str, list[KeptRecord]] = {code: [] for code in PARTS}
    for label in declared_models():
        groups = _groups(label, lines_of(label))
        if groups:
            found[_part_of(label)].append(KeptRecord(name_of(label), groups))
    return tuple(
        KeptPart(code, str(PARTS[code][0]), tuple(sorted(records, key=lambda record: record.name.casefold())))
        for code, records in found.items()
        if records
    )


def name_of(label: str) -> str:
    """What a kind of record is called to the person it is about; no two have the same name."""
    return str(NAMES[label]) if label in NAMES else gettext(str(apps.get_model(label)._meta.verbose_name))


def _part_of(label: str) -> str:
    app = label.partition(".")[0]
    return next((code for code, (_title, apps_in) in PARTS.items() if app in apps_in), "log-in")


def _groups(label: str, lines: Mapping[str, Line]) -> tuple[KeptGroup, ...]:
    def key(item: tuple[str, Line]) -> tuple[str, str, str]:
        line = item[1]
        return line.purpose, line.retention, " ".join(line.visible)

    personal = sorted(((n, line) for n, line in lines.items() if line.category in PERSONAL), key=key)
    model = apps.get_model(label)
    found = []
    for _shared, members in groupby(personal, key=key):
        items = list(members)
        line = items[0][1]
        found.append(
            KeptGroup(
                # Other packages' fields are named by plain strings: the catalogue knows them all the same.
                fields=tuple(
                    gettext(str(getattr(model._meta.get_field(n), "verbose_name", n))) for n, _its in items
                ),
                purpose=str(PURPOSES[line.purpose]),
                visible=tuple(str(VIEWERS[viewer]) for viewer in line.visible),
                retention=str(RETENTIONS[line.retention]),
            )
        )
    return tuple(found)
