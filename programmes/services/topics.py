"""The catalogue of topics as a programme wants it, and the topics that people miss (S0.24, S4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError
from participants.models import Person
from programmes.choices import SUGGESTION_TRANSITIONS, SuggestionState
from programmes.models import ColleagueTopic, Enrolment, Programme, ProgrammeTopic, Topic, TopicSuggestion
from programmes.services.locking import check_step, checked_and_saved, held

#: How many suggestions of one person may wait at a time.
WAITING_AT_MOST = 5


@transaction.atomic
def add_topic(*, programme: Programme, values: Mapping[str, Any], by: Person | None) -> Topic:
    """A topic of a programme's own.

    Args:
        values: ``name_en``, ``name_nl``, ``name_de``; ``direction``, ``perspective`` and ``code`` where wanted.

    Raises:
        DomainError: a value is not acceptable, or the code is taken.
    """
    given = {"code": _free_code(programme, values["name_en"]), **values}
    return checked_and_saved(Topic(programme=programme, **given))


@transaction.atomic
def change_topic(*, topic: Topic, values: Mapping[str, Any], by: Person | None) -> Topic:
    """Rename, direct, retire or review a programme's own topic; offers that name it stay as they are.

    Raises:
        DomainError: it belongs to everybody and only operators change it, or a value is not acceptable.
    """
    topic = held(topic)
    for name, value in values.items():
        setattr(topic, name, value)
    topic.version += 1
    return checked_and_saved(topic)


def _free_code(programme: Programme, name: str) -> str:
    stem = slugify(name).replace("-", "_")[:34] or "topic"
    taken = set(Topic.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return stem if stem not in taken else next(c for n in range(2, 1000) if (c := f"{stem}_{n}") not in taken)


@transaction.atomic
def hide_topic(*, programme: Programme, topic: Topic, is_hidden: bool, by: Person | None) -> None:
    """Take a topic out of what a programme's people choose from, or put it back. Stored offers keep it.

    Raises:
        DomainError: it belongs to another programme.
    """
    if topic.programme_id is not None:
        _check_own(programme, topic)
        change_topic(topic=topic, values={"is_retired": is_hidden}, by=by)
        return
    ProgrammeTopic.objects.update_or_create(
        programme=programme, topic=topic, defaults={"is_hidden": is_hidden}
    )


@transaction.atomic
def review_topic(*, programme: Programme, topic: Topic, by: Person | None, now: datetime) -> None:
    """Say that somebody looked at a topic today and it still fits: technology changes quickly (S0.24).

    Raises:
        DomainError: it belongs to another programme.
    """
    day = now.date()
    if topic.programme_id is not None:
        _check_own(programme, topic)
        change_topic(topic=topic, values={"reviewed_on": day}, by=by)
        return
    ProgrammeTopic.objects.update_or_create(programme=programme, topic=topic, defaults={"reviewed_on": day})


def _check_own(programme: Programme, topic: Topic) -> None:
    if topic.programme_id != programme.pk:
        raise DomainError(_("This topic belongs to another programme."), code="foreign")


# --- what people miss -----------------------------------------------------------------------------------


@transaction.atomic
def suggest_topic(*, programme: Programme, person: Person, name: str, why: str = "") -> TopicSuggestion:
    """Name a topic that is missing. Suggesting it twice is suggesting it once.

    Raises:
        DomainError: the person has no part in this programme, or has many suggestions waiting.
        Conflict: the catalogue has a topic of this name.
    """
    if not Enrolment.objects.filter(cohort__programme=programme, person=person).exists():
        raise DomainError(_("You have no part in this programme."), code="no_part")
    return suggest_for(programme=programme, person=person, name=name, why=why)


def suggest_for(
    *, programme: Programme, person: Person, name: str, why: str = "", is_offered: bool = False
) -> TopicSuggestion:
    """As ``suggest_topic``, for whoever has been let in already. Call it inside a transaction.

    Args:
        is_offered: the person has something to say about it; once it is in the list, it is named by them.
    """
    Person.objects.select_for_update(no_key=True).get(
        pk=person.pk
    )  # two at once are counted one after the other
    name = " ".join(name.split())
    if not name or len(name) > 80 or len(why) > 200:
        raise DomainError(_("Give the topic a name of at most 80 characters."), code="name")
    if any(topic.is_called(name) for topic in Topic.objects.offered_in(programme.pk)):
        raise Conflict(_("This topic is in the list already."), code="there")
    mine = TopicSuggestion.objects.filter(programme=programme, person=person, state=SuggestionState.OPEN)
    known = mine.filter(name__iexact=name).first()
    if known is not None:
        return known
    if mine.count() >= WAITING_AT_MOST:
        raise DomainError(
            _("Your earlier suggestions are still waiting. Let them be answered first."), code="many"
        )
    try:
        with transaction.atomic():
            return TopicSuggestion.objects.create(
                programme=programme, person=person, name=name, why=why.strip(), is_offered=is_offered
            )
    except IntegrityError:
        return mine.get(name__iexact=name)


@transaction.atomic
def decide_suggestion(
    *,
    suggestion: TopicSuggestion,
    to: str,
    by: Person | None,
    into: Topic | None = None,
    values: Mapping[str, Any] | None = None,
) -> TopicSuggestion:
    """Take a suggestion up, point to a topic that is there already, or decline. Its author reads it on their page.

    Args:
        to: what becomes of it.
        into: the topic that is there already, for ``merged``.
        values: the new topic as for ``add_topic``, for ``accepted``.

    Where its author has something to say about it, they have named the topic that it became (S4.9).

    Raises:
        IllegalTransition: it is decided already.
        DomainError: the topic to point to is not one of this programme, or the new one is not acceptable.
    """
    suggestion = held(suggestion)
    check_step(SUGGESTION_TRANSITIONS, suggestion.state, to)
    if to == SuggestionState.ACCEPTED:
        suggestion.topic = add_topic(programme=suggestion.programme, values=values or {}, by=by)
    elif to == SuggestionState.MERGED:
        known = Topic.objects.offered_in(suggestion.programme_id)
        if into is None or not known.filter(pk=into.pk).exists():
            raise DomainError(_("Choose the topic that is meant."), code="into")
        suggestion.topic = into
    suggestion.state = to
    suggestion.save(update_fields=["state", "topic", "updated_at"])
    if suggestion.is_offered and suggestion.topic is not None:
        keep_colleague_topic(suggestion.programme, suggestion.person, suggestion.topic, suggestion.why)
    return suggestion


def keep_colleague_topic(programme: Programme, person: Person, topic: Topic, sentence: str) -> None:
    """Store that a colleague has something to say about a topic; the last sentence counts."""
    ColleagueTopic.objects.update_or_create(
        programme=programme, person=person, topic=topic, defaults={"sentence": sentence}
    )
