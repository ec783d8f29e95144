"""Closing a round: no more answers, then sealing, then removing what could still be read between the lines.

Sealing is one transaction; emptying the tables cannot be part of one. Both may be repeated after a crash at any
point, and the clock does so until they are done (A-17, A-22, D-13).
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import IllegalTransition
from evaluations.choices import RoundState
from evaluations.models import LedgerEntry, PendingAnswer, Round, SealedAnswer
from evaluations.services.locking import held
from evaluations.services.publishing import freeze_results
from operations.models import Job
from operations.services import Progress, start_job
from outbox.services import cancel_about
from participants.models import Person
from sealing.choices import ScopeKind
from sealing.models import ScopeKey
from sealing.services import destroy_key, key_of, opener

logger = logging.getLogger(__name__)

SEAL_JOB: Final = "seal_round"
RETRY_AFTER: Final = timedelta(minutes=15)
#: How long to wait for a table, how often to try, and seconds between, before it is left to the next time.
LOCK_WAIT: Final = "2s"
TRIES: Final = 20
PAUSE: Final = 1.0
#: Every table that held something of an open round.
EMPTIED: Final = (PendingAnswer, LedgerEntry, ScopeKey)


def close_round(*, round: Round, now: datetime, by: Person | None = None) -> Round:
    """Take no more answers, and let a worker seal what there is.

    Raises:
        IllegalTransition: the round is not open.
    """
    with transaction.atomic():
        current = held(round, RoundState.OPEN)
        current.state, current.closed_at = RoundState.CLOSED, now
        current.save(update_fields=["state", "closed_at", "updated_at"])
        cancel_about(about=("round", current.pk), now=now)
        _start_sealing(current, by)
    return current


def _start_sealing(round: Round, by: Person | None = None) -> Job:
    return start_job(
        kind=SEAL_JOB,
        params={"round": round.pk},
        by_id=by.pk if by else None,
        programme_id=round.cohort.programme_id,
    )


def close_due_rounds(*, now: datetime) -> int:
    """Close every round whose time is over.

    Returns:
        How many were closed.
    """
    return sum(_close_if_open(one, now) for one in Round.objects.due_to_close(now).light())


def _close_if_open(round: Round, now: datetime) -> int:
    try:
        close_round(round=round, now=now)
    except IllegalTransition:
        return 0
    return 1


def finish_sealing(*, now: datetime) -> int:
    """Start the sealing again of rounds where it stopped half-way: a worker died, a table was in use.

    Returns:
        How many were started again.
    """
    recent = Job.objects.filter(kind=SEAL_JOB, created_at__gt=now - RETRY_AFTER)
    busy = {job.params["round"] for job in Job.objects.unfinished().filter(kind=SEAL_JOB) | recent}
    waiting = [one for one in Round.objects.unfinished().select_related("cohort") if one.pk not in busy]
    for one in waiting:
        _start_sealing(one)
    return len(waiting)


def run_sealing(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The worker's part: seal, remove traces, count once. Each step finds out by itself whether it is done."""
    round = Round.objects.get(pk=job.params["round"])
    progress.say(_("Shuffling the answers and parting them from everything else"), done=0, total=3)
    seal_round(round=round, now=timezone.now())
    progress.say(_("Removing traces from the database"), done=1, total=3)
    is_empty = remove_traces(round=round, now=timezone.now())
    progress.say(_("Computing the figures once and for all"), done=2, total=3)
    freeze_results(round=round)
    return {"round": round.pk, "emptied": is_empty}


def seal_round(*, round: Round, now: datetime) -> bool:
    """Move all answers of a closed round into the sealed table, shuffled, with new numbers, in one transaction.

    The ledger is emptied down to numbers per part and role, and the round's key destroyed: from here on nobody
    can tell who answered, and what was written down while the round was open cannot be opened any more.

    Returns:
        False when it was done before.

    Raises:
        IllegalTransition: the round is not closed.
        CannotUnseal: the sealing key is missing; nothing is changed.
    """
    with transaction.atomic():
        current = held(round, RoundState.CLOSED, RoundState.PUBLISHED)
        if current.sealed_at is not None:
            return False
        key = key_of(scope_kind=ScopeKind.ROUND, scope_id=current.pk)
        SealedAnswer.objects.bulk_create(_opened(current, key), batch_size=1000)
        PendingAnswer.objects.filter(round=current).delete()
        current.respondents = _empty_ledger(current)
        destroy_key(key=key, now=now)
        current.sealed_at = now
        current.save(update_fields=["respondents", "sealed_at", "updated_at"])
    return True


def _opened(round: Round, key: ScopeKey) -> list[SealedAnswer]:
    """What was answered, in an order that no table ever had; questions left out are left behind."""
    read = opener(key=key)
    answers = []
    for row in PendingAnswer.objects.filter(round=round).iterator(chunk_size=2000):
        value = json.loads(read(bytes(row.value)))
        if value is not None:
            answers.append(
                SealedAnswer(
                    id=uuid.uuid4(),
                    round=round,
                    question=row.question,
                    role=row.role,
                    department=row.department,
                    value=value,
                )
            )
    SystemRandom().shuffle(answers)
    return answers


def _empty_ledger(round: Round) -> dict[str, dict[str, int]]:
    """Part → role → how many handed it in; then nobody's entry is left."""
    roles = {one["person"]: one["role"] for one in round.audience}
    counts: dict[str, Counter[str]] = {str(part): Counter() for part in round.parts}
    for part, person in LedgerEntry.objects.filter(round=round, done=True).values_list("part", "person_id"):
        counts[str(part)][roles[person]] += 1
    LedgerEntry.objects.filter(round=round).delete()
    return {part: dict(by_role) for part, by_role in counts.items()}


def remove_traces(*, round: Round, now: datetime) -> bool:
    """Rewrite the tables of the open round, so that no deleted row can be read from disk (A-17).

    A row that some running query might still see survives the rewriting, and a table in use cannot be
    rewritten: then nothing is noted and the clock comes again.

    Returns:
        Whether the traces are gone.

    Raises:
        RuntimeError: called inside a transaction.
        IllegalTransition: the round is not sealed.
    """
    if connection.in_atomic_block:
        raise RuntimeError("tables are not rewritten inside a transaction")
    round = Round.objects.get(pk=round.pk)
    if round.sealed_at is None:
        raise IllegalTransition(_("This round is not sealed yet."))
    if round.emptied_at is None and not _are_traces_gone(round):
        return False
    Round.objects.filter(pk=round.pk, emptied_at=None).update(emptied_at=now, updated_at=now)
    return True


def _are_traces_gone(round: Round) -> bool:
    """Rewrite the tables, a few times if need be: what stands in the way is mostly over in a moment."""
    for _attempt in range(TRIES):
        if not _older_readers(round) and _rewritten() and not _has_leftovers():
            return True
        time.sleep(PAUSE)
    return False


def _older_readers(round: Round) -> int:
    """How much runs that began before the sealing and so keeps its deleted rows alive.

    A transaction anywhere on the server counts, since our own view of the tables reaches back to the oldest; a
    query that only reads counts in this database.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH sealed AS (SELECT xmin FROM evaluations_sealedanswer WHERE round_id = %s LIMIT 1)"
            " SELECT count(*) FROM sealed, (SELECT pg_snapshot_xmin(pg_current_snapshot())::xid AS oldest"
            " UNION ALL SELECT backend_xmin FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()) running"
            " WHERE age(running.oldest) >= age(sealed.xmin)",
            [round.pk],
        )
        return int(cursor.fetchone()[0])


def _rewritten() -> bool:
    """Whether every table could be had for itself within a few seconds."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in EMPTIED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_WAIT])
        try:
            cursor.execute(f"VACUUM (FULL) {tables}")  # names of our own models
        except OperationalError as error:
            logger.warning("A table of answers is in use and is rewritten later: %s", type(error).__name__)
            return False
        finally:
            cursor.execute("RESET lock_timeout")
    return True


def _has_leftovers() -> bool:
    """Whether a table without rows still takes up room: then something deleted is still in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM evaluations_pendinganswer)"
            " AND pg_relation_size('evaluations_pendinganswer') > 0"
        )
        return bool(cursor.fetchone()[0])
