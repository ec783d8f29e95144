"""The drills whose trouble befalls workers, broker, database and mail server (T2 to T9, T11, T22)."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from mentoring.local.processes import group_members, signal_process
from tests.drill.scene import HOLD, RESEND, RESOLVE, Scene, Tally, play
from tests.drill.stage import Stage

_numbers = count(1)


@dataclass(frozen=True)
class Size:
    """How large a drill is played.

    Args:
        mails: of most drills.
        times: how often the trouble strikes.
    """

    mails: int
    times: int


@dataclass(frozen=True)
class Fault:
    """One drill: its number in the design, what goes wrong, and how it is played."""

    name: str
    what: str
    policy: str
    run: Callable[[Stage, Size], Tally]


def kills(policy: str, seconds: float = 0.01) -> Callable[[Stage, Size], Tally]:
    """Kill a worker with its children in the middle of its batch, again and again."""

    def trouble(scene: Scene, times: int) -> None:
        for _time in range(times):
            scene.progress(15)
            scene.kill_worker()

    return lambda stage, size: play(
        stage, f"kills{next(_numbers)}", mails=size.mails, policy=policy, seconds=seconds,
        trouble=lambda scene: trouble(scene, size.times),
    )  # fmt: skip


def two_of_everything(stage: Stage, size: Size) -> Tally:
    """Two clocks, three workers, and planners who write the same keys again."""
    from tests.drill.scene import queue_mails

    def trouble(scene: Scene) -> None:
        for _time in range(size.times):
            scene.progress(10)
            if queue_mails(size.mails, HOLD):
                raise AssertionError("a key was written twice")

    return play(stage, "beats", mails=size.mails, policy=HOLD, beats=2, workers=3, trouble=trouble)


def broker_forgets(stage: Stage, size: Size) -> Tally:
    """The broker is emptied, and killed and begun anew."""

    def trouble(scene: Scene) -> None:
        for number in range(size.times):
            scene.progress(15)
            empty_broker(stage) if number % 2 else stage.crash_valkey()

    return play(stage, "broker", mails=size.mails, policy=HOLD, trouble=trouble)


def empty_broker(stage: Stage) -> None:
    import redis

    redis.Redis.from_url(stage.layout.redis_url).flushall()


def copies_of_tasks(stage: Stage, size: Size) -> Tally:
    """Hundreds of rings for the same work, and a broker that hands out again after a second what is being done."""
    from common.broker import enqueue_named

    def trouble(scene: Scene) -> None:
        for _ring in range(size.mails):
            enqueue_named("outbox.drain")

    os.environ["DRILL_VISIBILITY"] = "1"
    try:
        return play(stage, "copies", mails=size.mails, policy=HOLD, workers=2, trouble=trouble)
    finally:
        del os.environ["DRILL_VISIBILITY"]


def refusals(stage: Stage, size: Size) -> Tally:
    """451 for one in five, 452 for one in ten, 421 for one in twenty."""
    chances = {"later": 0.2, "full": 0.1, "closing": 0.05}
    return play(stage, "refusals", mails=size.mails, policy=HOLD, chances=chances)


def lost_answers(policy: str) -> Callable[[Stage, Size], Tally]:
    """The mail server takes a mail over and its 250 is lost on the wire, for one in twenty."""
    return lambda stage, size: play(
        stage, f"lost{next(_numbers)}", mails=size.mails, policy=policy, chances={"lost": 0.05}
    )


def frozen_worker(stage: Stage, size: Size) -> Tally:
    """A worker is stopped beyond its lease while another works on, and then goes on where it was."""

    def trouble(scene: Scene) -> None:
        for _time in range(2):
            scene.progress(15)
            members = group_members(scene.workers[0].pid)
            for pid in members:
                signal_process(pid, signal.SIGSTOP)
            time.sleep(8)
            for pid in members:
                signal_process(pid, signal.SIGCONT)
        scene.killed += 2 * 3  # of each process at most one mail may stay unknown

    return play(stage, "frozen", mails=size.mails, policy=HOLD, trouble=trouble)


def database_crashes(stage: Stage, size: Size) -> Tally:
    """PostgreSQL ends without writing anything out, and replays its log."""
    crashes = max(2, size.times // 2)

    def trouble(scene: Scene) -> None:
        for _time in range(crashes):
            scene.progress(15)
            stage.crash_postgres()

    return play(
        stage, "database", mails=size.mails, policy=HOLD, trouble=trouble, servers_crashed=crashes * 4
    )


def storm(policy: str) -> Callable[[Stage, Size], Tally]:
    """Everything at once."""

    def trouble(scene: Scene, times: int) -> None:
        stage = scene.stage
        steps = [scene.kill_worker] * times + [
            lambda: empty_broker(stage), stage.crash_valkey, stage.crash_postgres, scene.kill_beat,
        ]  # fmt: skip
        scene.draw.shuffle(steps)
        for step in steps:
            scene.progress(10)
            step()

    return lambda stage, size: play(
        stage, f"storm{next(_numbers)}", mails=size.mails, policy=policy,
        chances={"later": 0.1, "full": 0.05, "closing": 0.02, "lost": 0.01}, servers_crashed=4,
        trouble=lambda scene: trouble(scene, size.times),
    )  # fmt: skip


def child_killed(stage: Stage, size: Size) -> Tally:
    """As the kernel does when memory runs out: one child of a worker is killed, its parent lives on."""

    def trouble(scene: Scene) -> None:
        for number in range(size.times):
            scene.progress(15)
            parent = scene.workers[number % len(scene.workers)].pid
            children = [pid for pid in group_members(parent) if pid != parent]
            if children:
                signal_process(children[0], signal.SIGKILL)
                scene.killed += 1

    return play(stage, "memory", mails=size.mails, policy=RESOLVE, trouble=trouble)


FAULTS = (
    Fault("T2a", "worker killed", HOLD, kills(HOLD)),
    Fault("T2b", "worker killed", RESEND, kills(RESEND)),
    Fault("T2c", "worker killed", RESOLVE, kills(RESOLVE)),
    Fault("T2d", "worker killed, slow mail server", HOLD, kills(HOLD, 0.1)),
    Fault("T2d", "worker killed, slow mail server", RESEND, kills(RESEND, 0.1)),
    Fault("T2d", "worker killed, slow mail server", RESOLVE, kills(RESOLVE, 0.1)),
    Fault("T3", "two clocks, three workers, planners again", HOLD, two_of_everything),
    Fault("T4", "broker emptied and killed", HOLD, broker_forgets),
    Fault("T5", "as many copies of the task as mails, each handed out again", HOLD, copies_of_tasks),
    Fault("T6", "451, 452 and 421", HOLD, refusals),
    Fault("T7", "250 lost on the wire", HOLD, lost_answers(HOLD)),
    Fault("T7", "250 lost on the wire", RESEND, lost_answers(RESEND)),
    Fault("T7", "250 lost on the wire", RESOLVE, lost_answers(RESOLVE)),
    Fault("T8", "worker frozen beyond its lease", HOLD, frozen_worker),
    Fault("T9", "PostgreSQL crashes", HOLD, database_crashes),
    Fault("T11", "storm of all of these", RESEND, storm(RESEND)),
    Fault("T11", "storm of all of these", HOLD, storm(HOLD)),
    Fault("T11", "storm of all of these", RESOLVE, storm(RESOLVE)),
    Fault("T22", "a worker's child killed for memory", RESOLVE, child_killed),
)
