"""A colleague names a topic, takes it back, or says that there is none (S4.9). With a log-in or by a link alike."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed
from outbox.services import LinkGone, open_link
from participants.choices import PersonState
from participants.models import Person
from programmes import emails
from programmes.choices import SuggestionState
from programmes.models import ColleagueTopic, Topic, TopicCall, TopicCallPass, TopicSuggestion
from programmes.selectors.topic_calls import named_by, topic_call_state, topic_calls_for
from programmes.services.locking import held
from programmes.services.topics import keep_colleague_topic, suggest_for

#: How many topics one person may name in a programme.
MOST: Final = 5


def topic_call_behind(*, token: str, now: datetime) -> tuple[TopicCall, Person] | None:
    """The call that a mail's link leads to, and for whom. Changes nothing (C-14).

    The link works until the call's last day, like an answer to an invitation that one may change until then.
    """
    link = open_link(token, emails.TOPIC_LINK, now=now)
    if link is None or link.about is None or link.person_id is None:
        return None
    person = Person.objects.filter(pk=link.person_id, state=PersonState.ACTIVE).first()
    call = topic_calls_for(person).filter(pk=link.about[1]).first() if person else None
    return (call, person) if call and person else None


def check_topic_link(*, token: str, now: datetime) -> tuple[TopicCall, Person]:
    """As ``topic_call_behind``, for whoever is about to write.

    Raises:
        LinkGone: the link does not hold any more.
    """
    found = topic_call_behind(token=token, now=now)
    if found is None:
        raise LinkGone(_("This link has been used, or it is no longer valid."))
    return found


@transaction.atomic
def name_topic(
    *, call: TopicCall, person: Person, code: str, sentence: str, now: datetime, own_words: str = ""
) -> None:
    """Name a topic with one sentence; naming it again changes the sentence.

    Args:
        code: of a topic that the programme offers; "" for one in own words, which becomes a suggestion.

    Raises:
        NotAllowed: the call is not put to this person.
        DomainError: nobody is asked any more, the topic is not known, the sentence is missing, or it is one too many.
    """
    call = _asked(call, person, now)
    sentence = " ".join(sentence.split())
    if not sentence or len(sentence) > 200:
        raise DomainError(_("Say in one sentence what you could tell about it."), code="sentence")
    topic = Topic.objects.offered_in(call.programme_id).filter(code=code).first() if code else None
    if topic is None and (code or not own_words.strip()):
        raise DomainError(_("Choose a topic from the list, or name one in your own words."), code="topic")
    named = named_by(call.programme_id, person)
    again = topic is not None and any(one.topic_id == topic.pk for one in named.topics)
    if named.count >= MOST and not again:
        raise DomainError(_("You have named %(most)s topics; that is plenty.") % {"most": MOST}, code="most")
    if topic is None:
        suggest_for(programme=call.programme, person=person, name=own_words, why=sentence, is_offered=True)
    else:
        keep_colleague_topic(call.programme, person, topic, sentence)
    TopicCallPass.objects.filter(call=call, person=person).delete()


@transaction.atomic
def take_back_topics(*, call: TopicCall, person: Person, ids: list[int] | None = None) -> int:
    """Take back what one has named, at any time: these, or everything. Nothing of it is kept.

    Args:
        ids: keys of one's own ``ColleagueTopic``; None for all of them and the suggestions that still wait.

    Returns:
        How many were taken back.
    """
    mine = ColleagueTopic.objects.filter(programme=call.programme_id, person=person)
    if ids is not None:
        return int(mine.filter(pk__in=ids).delete()[0])
    waiting = TopicSuggestion.objects.filter(programme=call.programme_id, person=person, is_offered=True)
    return int(mine.delete()[0] + waiting.filter(state=SuggestionState.OPEN).delete()[0])


@transaction.atomic
def pass_on_topics(*, call: TopicCall, person: Person, now: datetime) -> None:
    """Say that there is nothing to name this time: no reminder comes, and nobody is told. Twice is once.

    Raises:
        NotAllowed: the call is not put to this person.
        DomainError: nobody is asked any more.
    """
    call = _asked(call, person, now)
    try:
        with transaction.atomic():
            TopicCallPass.objects.get_or_create(call=call, person=person)
    except IntegrityError:
        return  # two clicks at once


def _asked(call: TopicCall, person: Person, now: datetime) -> TopicCall:
    call = held(call)
    if not topic_calls_for(person).filter(pk=call.pk).exists():
        raise NotAllowed(_("There is no such call."))
    if topic_call_state(call, now) != "open":
        raise DomainError(
            _("Nobody is asked for topics any more. Thank you for thinking of it."), code="not_open"
        )
    return call
