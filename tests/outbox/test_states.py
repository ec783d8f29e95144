"""The database itself holds what a mail may become."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from outbox.choices import MESSAGE_TRANSITIONS, State
from outbox.models import Message
from outbox.services import drain
from tests.outbox.conftest import NOW, write

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D-08")]


@pytest.mark.parametrize("state", [State.QUEUED, State.DEAD, State.CANCELLED])
def test_what_was_sent_stays_sent(smtp_server, state):
    message = write()
    drain(now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state=state, sent_at=None)


def test_no_mail_is_sent_without_having_been_marked():
    message = write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state="sent", sent_at=NOW)


def test_a_held_mail_has_a_lease_and_an_open_one_its_content():
    message = write()
    for values in ({"state": "claimed"}, {"context": None}, {"address": ""}, {"lease_until": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**values)


def test_the_table_names_every_state():
    assert set(MESSAGE_TRANSITIONS) == set(State.values)
    assert {to for steps in MESSAGE_TRANSITIONS.values() for to in steps} <= set(State.values)
