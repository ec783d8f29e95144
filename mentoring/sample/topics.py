"""The sample's topics beyond the cohorts: a call that colleagues answer, with a few names and a suggestion."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from operations.services import run as run_job
from participants.models import Person
from programmes.models import Programme, TopicCall
from programmes.selectors import colleagues_of
from programmes.services import name_topic, open_topic_call, pass_on_topics, prepare_topic_call

#: Topic and what somebody says of it; one in own words.
SAID: Final = (
    ("finance_analytics", "A sheet that shows which client really pays for the hours we spend."),
    ("gen_ai", "How I let a draft be questioned before a partner reads it."),
    ("", "Sketching on paper before opening a slide."),
    ("social_media", "Why our best graduates never read our page, and what they read instead."),
    ("process_tools", "A board that ended our Monday status meeting."),
    ("craft", "Reading a balance sheet backwards, as I was taught in my first year."),
    ("market_trends", "What young founders ask their bank before they ask us."),
)


def ask_for_topics(*, programme: Programme, by: Person, now: datetime) -> TopicCall:
    """A call opened four days ago: some have named a topic, one has none, the others have not answered."""
    opened = now - timedelta(days=4)
    values = {"closes_on": (now + timedelta(days=10)).date()}
    call = prepare_topic_call(programme=programme, values=values, by=by)
    run_job(job_id=open_topic_call(call=call, by=by, now=opened).pk)
    call.refresh_from_db()
    outside = colleagues_of(programme).filter(enrolments=None, coordinates=None).exclude(email=None)
    people = list(outside.order_by("-pk")[: len(SAID) + 1])
    for person, (code, sentence) in zip(people, SAID, strict=False):
        own_words = "" if code else "Drawing to think"
        name_topic(call=call, person=person, code=code, sentence=sentence, own_words=own_words, now=now)
    for person in people[len(SAID) :]:
        pass_on_topics(call=call, person=person, now=now)
    return call
