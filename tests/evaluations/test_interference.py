"""Non-interference: what one person answers changes nothing that anybody sees, but the group's figures (A-12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from evaluations import selectors, services
from evaluations.models import LedgerEntry, Round, Snapshot
from operations.models import Job
from outbox.models import Message
from participants.models import User
from tests.evaluations.world import AFTER, NOW, World, always, answer

pytestmark = [pytest.mark.django_db, pytest.mark.covers("A-12")]
Seen = dict[str, Any]


class _Undo(Exception):
    pass


def seen_when(world: World, round: Round, mark: str, text: str, look: Callable[[], Seen]) -> Seen:
    """What ``look`` finds when the first person answers this and everybody else the same as always."""
    found: Seen = {}
    try:
        with transaction.atomic(), time_machine.travel(NOW, tick=False):
            answer(round, world.people[:1], always(mark, text))
            answer(round, world.people[1:], always("3"))
            found = look()
            raise _Undo
    except _Undo:
        return found


def ledger(round: Round) -> list[tuple]:
    return sorted(LedgerEntry.objects.filter(round=round).values_list("person_id", "part", "done"))


def others(world: World, round: Round, coordinator: User) -> Seen:
    """Pages, mails and jobs of everybody else while the round is open."""
    desk, participant = Client(), Client()
    desk.force_login(coordinator)
    participant.force_login(User.objects.get(person=world.people[-1]))
    pages = {
        "round": desk.get(reverse("admin:evaluations_round_page", args=[round.pk])),
        "list": desk.get(reverse("admin:evaluations_round_changelist")),
        "mail": desk.get(reverse("admin:outbox_message_changelist")),
        "desk": desk.get(reverse("admin:index")),
        "home": participant.get(reverse("portal:home")),
        "form": participant.get(reverse("portal:evaluation", args=[round.pk])),
    }
    return {
        **{name: plain(page) for name, page in pages.items()},
        "status": {name: page.status_code for name, page in pages.items()},
        "band": selectors.participation_band(round),
        "to answer": [selectors.open_parts(person, NOW) for person in world.people],
        "ledger": ledger(round),
        "mails": list(
            Message.objects.order_by("key").values_list("key", "kind", "state", "context", "recipient_id")
        ),
        "jobs": list(Job.objects.values_list("kind", "params")),
        "round row": model_to_dict(Round.objects.get(pk=round.pk)),
    }


def plain(page: Any) -> str:
    html = page.content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1", html)


def test_while_a_round_is_open_nobody_elses_page_depends_on_an_answer() -> None:
    world = World()
    coordinator = world.coordinator()
    round = world.open()

    def look() -> Seen:
        return others(world, round, coordinator)

    first = seen_when(world, round, "1", "I cannot go on like this.", look)
    second = seen_when(world, round, "5", "All is well.", look)
    assert set(first["status"].values()) == {200}
    assert first == second


def test_afterwards_only_the_groups_figures_do() -> None:
    world = World(20, 20)
    coordinator = world.coordinator()
    round = world.open()

    def look() -> Seen:
        services.close_round(round=round, now=AFTER)
        services.seal_round(round=round, now=AFTER)
        services.publish_round(round=round, changes="Less mail.", now=AFTER)
        round.refresh_from_db()
        content = Snapshot.objects.get().content
        seen = others(world, round, coordinator)
        return {
            **seen,
            "form": "",
            "status": "",
            "jobs": seen["jobs"],
            "shown": figures(content),
            "raw": content,
        }

    first = seen_when(world, round, "1", "", look)
    round = Round.objects.get()
    second = seen_when(world, round, "5", "", look)
    assert first.pop("raw") != second.pop("raw")
    assert first == second


def figures(content: Any) -> Any:
    """Which cells are shown, without what stands in them: that must not depend on an answer either."""
    return {
        reader: {key: sorted(cells) for key, cells in view["figures"].items()}
        for reader, view in content["views"].items()
    }
