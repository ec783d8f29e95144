"""Nobody is erased unannounced: whose time is over, who was told of it, and who cannot be told (B-10).

An erasure waits until its notice was really sent and its days have passed since. Whoever has left the company has
neither address nor log-in here any more: their term alone ends it. Where no mail gets through, operators see a sign
and tell the person by another way; a sign that nobody heeds holds nothing up for ever.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from common.privacy import RETENTION_DAYS
from outbox.choices import HELD, Reason, State
from outbox.models import Message
from participants.choices import PersonState
from participants.models import Person
from programmes.models import Enrolment
from programmes.selectors import people_of_the_past

KIND: Final = "retention_notice"
#: How long before their data goes somebody knows of it.
NOTICE: Final = timedelta(days=30)
#: The notice is written so much earlier: weekends, holidays and a slow mail server come off this, not off the month.
AHEAD: Final = timedelta(days=7)
#: A notice that could not leave for longer than this tells a day that is too near: another one is written.
GRACE: Final = timedelta(days=3)
#: For so long a notice that cannot be delivered keeps data beyond its term, while the sign stands.
PATIENCE: Final = timedelta(days=90)
#: A notice that came to rest so says nothing about the address: another one is written.
_VOID: Final = (Reason.EXPIRED, Reason.OVERTAKEN, Reason.RECIPIENT_GONE)


def term_ago(now: datetime) -> date:
    """The day before which a programme ended whose time is over."""
    return now.date() - timedelta(days=RETENTION_DAYS["programme"] or 0)


def due_people(now: datetime) -> QuerySet[Person]:
    """People whom nothing needs: their programmes closed a year ago, or they left the company a year ago."""
    found: QuerySet[Person] = people_of_the_past(term_ago(now))
    return found


def people_to_erase(now: datetime) -> QuerySet[Person]:
    """Those of them who were told in time, who have left, or for whom a sign stood long enough."""
    given_up = Q(last_day__lt=term_ago(now) - PATIENCE) & ~Exists(
        _notices().filter(settled_at__gt=now - PATIENCE)
    )
    people = _with_last_day(due_people(now))
    return people.filter(Q(state=PersonState.LEFT) | _told(now - NOTICE) | (_out_of_reach() & given_up))


def people_who_wait(now: datetime) -> QuerySet[Person]:
    """Those of them whom nobody has told yet, or not for long enough: nothing of theirs goes."""
    return due_people(now).exclude(pk__in=people_to_erase(now).order_by().values("pk"))


def people_out_of_reach(now: datetime) -> QuerySet[Person]:
    """Whoever is to be told by now and cannot be told by mail: no address, or none that takes the notice."""
    return _with_last_day(_to_be_told(now)).filter(_out_of_reach())


def people_to_tell(now: datetime) -> QuerySet[Person]:
    """Whoever is to be told by now, has an address, and to whom no notice is under way or has gone."""
    elsewhere = Q(state=State.DEAD) & ~Q(address="") & ~Q(address=OuterRef("email"))
    void = Q(state=State.CANCELLED, reason__in=_VOID) | elsewhere
    people = _with_last_day(_to_be_told(now)).exclude(Q(email=None) | Q(email=""))
    return people.exclude(_told_by_hand()).exclude(Exists(_notices().exclude(void)))


def _to_be_told(now: datetime) -> QuerySet[Person]:
    return due_people(now + NOTICE + AHEAD).filter(state=PersonState.ACTIVE)


def _with_last_day(people: QuerySet[Person]) -> QuerySet[Person]:
    """With ``last_day``: the last one of the last programme each of them had a part in."""
    theirs = Enrolment.objects.filter(person=OuterRef("pk")).order_by().values("person")
    ends = theirs.annotate(last=Max("cohort__programme__cohorts__ends_on")).values("last")
    return people.annotate(last_day=Subquery(ends))


def _notices() -> QuerySet[Any]:
    """The notices to a person about this end of theirs; an earlier one may have been before they joined again."""
    about = Message.objects.filter(kind=KIND, about_kind="person", about_id=OuterRef("pk"))
    return about.filter(created_at__date__gt=OuterRef("last_day"))


def _told(until: datetime) -> Q:
    by_mail = Exists(_notices().filter(state=State.SENT, sent_at__lte=until))
    return Q(by_mail) | (_told_by_hand() & Q(deletion_told_on__lte=until.date()))


def _told_by_hand() -> Q:
    return Q(deletion_told_on__gt=F("last_day"))


def _out_of_reach() -> Q:
    open_or_gone = Q(Exists(_notices().filter(state__in=[State.QUEUED, *HELD, State.SENT])))
    tried = _notices().exclude(state=State.CANCELLED, reason__in=[*_VOID, Reason.RESENT])
    return ~open_or_gone & ~_told_by_hand() & (Q(email=None) | Q(email="") | Q(Exists(tried)))
