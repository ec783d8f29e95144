"""One drill: mails are queued, programs send them, something goes wrong, and in the end everything is counted."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tests.drill.stage import DrillFailed, MailServer, Process, Stage, kill

HOLD, RESEND, RESOLVE = "hold", "resend", "resolve"
SIGKILL = 9
LONGEST = 300.0


@dataclass(frozen=True)
class Tally:
    """What a drill ended in.

    Args:
        taken: mails that the mail server took over, `distinct` different ones among them.
        lost: noted down as sent without having arrived, or given up.
        unknown: left to a person; `delivered` of them had arrived.
        alike: every duplicate has the Message-ID, the Date and the bytes of the first.
    """

    mails: int
    taken: int
    distinct: int
    lost: int
    unknown: int
    delivered: int
    alike: bool
    killed: int
    answers_lost: int

    @property
    def doubled(self) -> int:
        return self.taken - self.distinct

    def check(self, policy: str, servers_crashed: int = 0) -> None:
        """Hold the tally against what is promised for a policy.

        Raises:
            DrillFailed: with the tally.
        """
        allowed = self.killed + self.answers_lost + servers_crashed if policy == RESEND else 0
        left_over = 0 if policy != HOLD else self.killed + self.answers_lost + servers_crashed
        promises = (
            not self.lost,
            self.doubled <= allowed,
            self.alike,
            self.unknown <= left_over,
            policy == HOLD or self.distinct == self.mails,
        )
        if not all(promises):
            raise DrillFailed(f"{policy}: {self}")


@dataclass
class Scene:
    """What a drill's trouble may use."""

    stage: Stage
    server: MailServer
    policy: str
    workers: list[Process] = field(default_factory=list)
    beats: list[Process] = field(default_factory=list)
    killed: int = 0
    draw: random.Random = field(default_factory=lambda: random.Random(3))

    def progress(self, mails: int, seconds: float = 240) -> None:
        """Wait until so many more mails have been taken over, or all have."""
        goal = len(self.server.arrived()) + mails
        self.stage.wait_for(
            lambda: len(self.server.arrived()) >= goal or not _open(), f"{mails} mails more", seconds
        )

    def kill_worker(self) -> None:
        """Kill one worker with its children, and start another in its place."""
        victim = self.workers.pop(0)
        self.workers.append(self.stage.worker())
        self.killed += 3  # itself and two children
        kill(victim, SIGKILL)
        victim.wait()

    def kill_beat(self) -> None:
        kill(self.beats[0], SIGKILL)
        self.beats[0].wait()
        self.beats[0] = self.stage.beat()


def play(
    stage: Stage,
    name: str,
    *,
    mails: int,
    policy: str,
    trouble: Callable[[Scene], object] = lambda scene: None,
    seconds: float = 0.01,
    chances: Mapping[str, float] | None = None,
    workers: int = 2,
    beats: int = 1,
    servers_crashed: int = 0,
) -> Tally:
    """Send `mails` mails through workers while `trouble` has its way, and count.

    Raises:
        DrillFailed: something was lost, or doubled that must not be, or it does not come to rest.
    """
    _empty()
    with stage.mail_server(name, seconds=seconds, chances=chances) as server:
        os.environ["DRILL_WITNESS"] = str(server.log) if policy == RESOLVE else ""
        queue_mails(mails, policy)
        scene = Scene(stage, server, policy)
        scene.workers = [stage.worker() for _number in range(workers)]
        scene.beats = [stage.beat() for _number in range(beats)]
        try:
            scene.progress(10)
            trouble(scene)
            _come_to_rest(scene)
        finally:
            for process in (*scene.beats, *scene.workers):
                kill(process, SIGKILL)
                process.wait()
        tally = _tally(scene, mails)
    tally.check(policy, servers_crashed)
    return tally


def queue_mails(number: int, policy: str, *, start: int = 0) -> int:
    """As a planner does it: many at once, under keys that never change."""
    from django.utils import timezone

    from outbox.services import Draft, Recipient, queue_many

    now = timezone.now() - timedelta(seconds=1)
    drafts = [
        Draft(
            kind="drill", key=f"drill:{n}", programme_id=None, context={"number": n}, not_before=now,
            to=Recipient(n, f"person{n}@example.com", "Ann", "en", "Europe/Amsterdam"),
            policy="hold" if policy == RESOLVE else policy,
        )
        for n in range(start, start + number)
    ]  # fmt: skip
    return queue_many(drafts, now=now)


def _come_to_rest(scene: Scene) -> None:
    """Wait until no mail is open, or with a witness until no fate is unknown either."""
    end = time.monotonic() + LONGEST
    while _open() or (scene.policy == RESOLVE and _unknown()):
        if time.monotonic() > end:
            raise DrillFailed(f"after {LONGEST:.0f} s mail is still open: {_states()}")
        time.sleep(0.2)


def _empty() -> None:
    from outbox.models import Message, Relay

    Message.objects.all().delete()
    Relay.objects.all().delete()


def _patiently(ask: Callable[[], int]) -> int:
    """A count that survives a database that is just starting."""
    from django.db import DatabaseError, InterfaceError, connection

    try:
        return ask()
    except (DatabaseError, InterfaceError):
        connection.close()
        return 1


def _open() -> int:
    from outbox.models import Message

    return _patiently(lambda: Message.objects.filter(state__in=["queued", "claimed", "sending"]).count())


def _unknown() -> int:
    from outbox.models import Message

    return _patiently(lambda: Message.objects.filter(state="uncertain").count())


def _states() -> dict[str, int]:
    from django.db.models import Count

    from outbox.models import Message

    rows = Message.objects.order_by("state").values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def _tally(scene: Scene, mails: int) -> Tally:
    from outbox.models import Message

    arrived = scene.server.arrived()
    known = {entry["message_id"] for entry in arrived}
    rows = list(Message.objects.values_list("message_id", "state"))
    unknown = {pk for pk, state in rows if state == "uncertain"}
    lost = [
        pk for pk, state in rows if state in ("dead", "cancelled") or (state == "sent" and pk not in known)
    ]
    shapes = {(entry["message_id"], entry["date"], entry["digest"]) for entry in arrived}
    return Tally(
        mails=mails,
        taken=len(arrived),
        distinct=len(known),
        lost=len(lost) + mails - len(rows),
        unknown=len(unknown),
        delivered=len(unknown & known),
        alike=len(shapes) == len(known),
        killed=scene.killed,
        answers_lost=sum(1 for entry in arrived if entry["lost"]),
    )
