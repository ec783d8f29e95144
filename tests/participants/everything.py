"""One row of every kind that the privacy register knows, planted around one person and around somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType

from evaluations.models import LedgerEntry, Round
from matching.models import MatchingRun, PairDecision, Proposal, TasterChoice
from meetings.models import Reminder
from operations.models import Job
from outbox.choices import Choosable
from outbox.models import ActionLink, MailRefusal, MailWish
from outbox.services import Recipient, queue
from pairings.models import Hold, Pairing, Pause, RhythmProposal, UsualWay
from pairings.selectors import digest_of, pact_of
from pairings.services import accept_agreement, add_goal
from participants.models import (
    BarrierGroup,
    DataExport,
    Delegation,
    DottedLine,
    ErasureRequest,
    GroupMembership,
    ImportFile,
    ImportLog,
    NeverWith,
    Person,
)
from participants.services import open_log_in
from programmes import models as p
from programmes.services import change_intake
from tests.meetings.world import NOW, cohort, enrolment, meet, pair, person

#: Never a substring of anything else.
NAME, KEY, ADDRESS = "Zyxanthe Quillfeather", "KEY-CANARY-77", "zyxanthe@quill.example"
WORDS = "canary words of her own"
LATER = NOW + dt.timedelta(days=7)


def canary(**fields: Any) -> Person:
    first, last = NAME.split()
    values = {
        "first_name": first, "last_name": last, "hr_key": KEY, "email": ADDRESS, "grade": 2,
        "job_title": "Canary title", "department": "Canary department", "team": "Canary team",
        "city": "Canary city", "office": "Canary office", "discipline": "Canary craft",
        "languages": ["en"], "availability": ["mon_am"],
    }  # fmt: skip
    return person(**{**values, **fields})


def plant(who: Person) -> Pairing:
    """Rows of every model around a mentor, some of them made by somebody else."""
    other, boss = person("Other"), person("Boss")
    Person.objects.filter(pk=who.pk).update(manager=boss, appraiser=boss)
    within = cohort(stage="matching")
    mine = enrolment(
        within, "mentor", who, capacity=3, style="hands_on", perspectives_offered=["craft"],
        is_cross_border=True,
    )  # fmt: skip
    made = pair(within, mentor=mine)
    meeting = meet(made, NOW + dt.timedelta(days=3), place=f"Room of {NAME}")
    programme, user = within.programme, open_log_in(person=who)
    topic = p.Topic.objects.filter(programme=None).first()
    values = {"offered": ["craft"], "words": WORDS, "consent": True}
    change_intake(enrolment=mine, step=3, values=values, by=who, now=NOW)
    third = enrolment(within, "mentee")
    run = MatchingRun.objects.create(
        cohort=within, number=1, state="done", requested_by=who, released_by=who,
        keys={"a": mine.pk, "b": third.pk}, problem={"who": "a"}, result={"plan": {"pairs": []}},
    )  # fmt: skip
    round = Round.objects.create(cohort=within, kind="baseline", number=1, closes_at=LATER)
    group = BarrierGroup.objects.create(name="Deals", created_by=who)
    app = SocialApp.objects.create(provider="openid_connect", provider_id="x", name="x", client_id="x")
    account = SocialAccount.objects.create(user=user, provider="x", uid=KEY, extra_data={"name": NAME})
    address = EmailAddress.objects.get(user=user)
    # Whom people turn to takes no part: another programme, and one that is over as soon as hers is.
    elsewhere = cohort(stage="closed", ends_on=(NOW + dt.timedelta(days=1)).date())
    for model, values in [
        (EmailConfirmation, {"email_address": address, "key": "k" * 40}),
        (Authenticator, {"user": user, "type": "totp", "data": {"secret": "x"}}),
        (SocialToken, {"app": app, "account": account, "token": "secret"}),
        (UserSession, {"user": user, "ip": "127.0.0.1", "last_seen_at": NOW, "session_key": "s", "user_agent": NAME}),
        (AdminEntry, {"user": user, "object_repr": NAME, "action_flag": 2, "change_message": "x"}),
        (DottedLine, {"person": who, "manager": boss}),
        (DottedLine, {"person": other, "manager": who}),
        (Delegation, {"leader": who, "address": "helper@example.com", "first_name": "Helper"}),
        (Delegation, {"leader": other, "address": ADDRESS, "first_name": NAME}),
        (GroupMembership, {"person": who, "group": group}),
        (NeverWith, {"person": who, "other": other}),
        (NeverWith, {"person": boss, "other": who}),
        (ImportFile, {"kind": "roster", "content": NAME.encode(), "uploaded_by": boss, "purge_at": LATER}),
        (ImportFile, {"kind": "intake", "content": b"x", "uploaded_by": who, "purge_at": LATER}),
        (MailRefusal, {"person_id": who.pk, "choice": Choosable.values[0], "since": NOW}),
        (RhythmProposal, {"pairing": made, "side": "mentor", "cadence": "weekly", "minutes": 30}),
        (UsualWay, {"pairing": made, "mode": "video", "place": f"At {NAME}’s"}),
        (MailWish, {"person_id": who.pk, "choice": Choosable.SOON, "since": NOW}),
        (ImportLog, {"filename": "people.csv", "by": who, "imported_at": NOW}),
        (DataExport, {"person": who, "asked_at": NOW, "content": {"records": [NAME]}}),
        (ErasureRequest, {"person": who, "asked_at": NOW}),
        (p.Coordinator, {"programme": programme, "person": who}),
        (p.Sponsor, {"programme": programme, "person": who}),
        (p.CouncilMember, {"programme": programme, "person": who}),
        (p.NamedContact, {"programme": elsewhere.programme, "person": who}),
        (p.ContactRequest, {"programme": programme, "person": who, "target": "coordinator", "asked_on": NOW.date()}),
        (p.TopicSuggestion, {"programme": programme, "person": who, "name": "Canary idea", "why": NAME}),
        (p.Agreement, {"programme": programme, "number": 1, "outcome": "no_council", "agreed_on": NOW.date(),
                       "recorded_by": who, "recorded_at": NOW, "content": {}, "digest": "x"}),
        (p.ColleagueTopic, {"programme": programme, "person": who, "topic": topic, "sentence": f"{NAME} knows"}),
        (p.TopicCallPass, {"call": p.TopicCall.objects.create(programme=programme, closes_on=LATER.date()),
                           "person": who}),
        (p.RecordReading, {"programme": programme, "person": who, "reader": boss, "page": "part"}),
        (p.RecordReading, {"programme": programme, "person": boss, "reader": who, "page": "part"}),
        (p.BriefReading, {"enrolment": mine, "read_on": NOW.date()}),
        (p.Break, {"enrolment": mine, "started_at": NOW, "ended_at": NOW, "resumes_as": "active"}),
        (p.TopicOffer, {"enrolment": mine, "topic": topic, "level": 4, "example": f"{NAME} can"}),
        (p.TopicWish, {"enrolment": mine, "topic": topic, "priority": 3, "example": f"{NAME} wants"}),
        (p.Assessment, {"enrolment": mine, "reason": f"{NAME} is good"}),
        (p.WordsRelease, {"mentor": mine, "mentee": third, "released_at": NOW}),
        (p.Nomination, {"cohort": within, "nominee": who, "nominator": boss, "address": ADDRESS, "role": "mentor",
                        "words": f"{NAME}!"}),
        (p.Nomination, {"cohort": within, "nominee": other, "nominator": who, "address": "o@example.com",
                        "role": "mentor", "words": "canary praise"}),
        (Pause, {"pairing": made, "started_at": NOW, "ended_at": NOW, "resumes_as": "active"}),
        (Hold, {"pairing": made, "cause": "line", "found_at": NOW}),
        (Reminder, {"key": "r:1", "kind": "monthly_meeting", "pairing": made, "person": who, "due_on": NOW.date(),
                    "created_at": NOW, "state": "queued"}),
        (PairDecision, {"cohort": within, "mentor": mine, "mentee": third, "kind": "pin", "decided_by": boss}),
        (Proposal, {"cohort": within, "run": run, "mentor": mine, "mentee": third, "proposed_at": NOW,
                    "answer_by": LATER, "mentee_answer": "no"}),
        (TasterChoice, {"pairing": made, "person": who}),
        (LedgerEntry, {"round": round, "person": who}),
        (Job, {"kind": "test", "requested_by_id": who.pk, "state": "done", "finished_at": NOW}),
    ]:  # fmt: skip
        manager: Any = model._default_manager
        manager.create(**values)
    for side in (who, made.mentee.person):
        add_goal(pairing=made, by=side, text=f"canary goal of {side}", kind="free", outcome="talent")
    found = Pairing.objects.with_people().with_key().get(pk=made.pk)
    accept_agreement(pairing=made, by=who, digest=digest_of(pact_of(found).wording), now=NOW)
    p.Intake.objects.filter(enrolment=mine).update(openness="canary openness", education="canary school")
    kind = ContentType.objects.get_for_model(Person)
    LogEntry.objects.create(
        content_type=kind, object_pk=str(who.pk), object_id=who.pk, object_repr=NAME, action=1,
        changes={"team": ["", "Canary team"]}, actor=user, actor_email=ADDRESS, remote_addr="10.0.0.1",
        serialized_data={"name": NAME}, additional_data={"name": NAME},
    )  # fmt: skip
    for number, (to, about) in enumerate([(who, NAME), (other, NAME)]):
        message = queue(
            kind="match_confirmed", key=f"match_confirmed:{number}:{to.pk}", context={"partner_name": about},
            now=NOW, programme_id=programme.pk, about=("pairing", made.pk),
            to=Recipient(to.pk, to.email or "", to.first_name, "en", "Europe/Amsterdam"),
        )  # fmt: skip
    ActionLink.objects.create(
        token_sha256="x" * 64, purpose="invitation", person_id=who.pk, about_kind="enrolment", about_id=mine.pk,
        created_at=NOW, expires_at=LATER, message=message,
    )  # fmt: skip
    assert meeting.entered_by_id == who.pk
    return made


def registered() -> set[str]:
    """Labels of every model of the project and of the packages it uses that is stored."""
    return {model._meta.label_lower for model in apps.get_models()}
