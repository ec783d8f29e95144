"""Which reminders are to come, as counts, so that no mail surprises the people who run a programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from meetings.choices import LIVE_STAGES
from meetings.engine.dues import dues_of
from meetings.engine.reminders import BESIDE, Due, strongest_first
from meetings.selectors.reminding import beginnings_of, engine_pair, meetings_of, rounds_between
from outbox.choices import OPTIONAL
from outbox.selectors import Planned, refusals
from pairings.models import Pairing


def reminders_planned(
    *, programme_ids: Collection[int] | None, now: datetime, until: datetime
) -> Iterable[Planned]:
    """Fills ``outbox.planned``: what the clock would send if nothing changed. A few queries, however many pairs."""
    running = Pairing.objects.under_way().filter(cohort__stage__in=LIVE_STAGES)
    if programme_ids is not None:
        running = running.filter(cohort__programme__in=programme_ids)
    pairings = {one.pk: one for one in running.with_people()}
    rounds = rounds_between(pairings, now.date() - timedelta(days=1), until.date() + timedelta(days=1))
    meetings, beginnings = meetings_of(pairings, now), beginnings_of(pairings)
    dues = [
        due
        for pair in pairings.values()
        for due in dues_of(engine_pair(pair, rounds[pair.pk], meetings[pair.pk], beginnings))
        if now < due.due_at <= until
    ]
    return _counted(_wanted(dues), pairings)


def _wanted(dues: Collection[Due]) -> list[Due]:
    unwanted = refusals({due.person_id for due in dues})
    return [due for due in dues if (due.person_id, OPTIONAL.get(due.kind)) not in unwanted]


def _counted(dues: Iterable[Due], pairings: dict[int, Pairing]) -> list[Planned]:
    """One a day for each person, counted by cohort, day and kind."""
    by_day: dict[tuple[int, date], list[Due]] = defaultdict(list)
    going = [due for due in dues if due.kind in BESIDE]
    for due in dues:
        if due.kind not in BESIDE:
            by_day[due.person_id, due.day].append(due)
    going += [strongest_first(rivals)[0] for rivals in by_day.values()]
    counts: dict[tuple[int, date, str], int] = defaultdict(int)
    for first in going:
        counts[pairings[first.pairing_id].cohort_id, first.day, first.kind] += 1
    names = {pair.cohort_id: str(pair.cohort) for pair in pairings.values()}
    return [Planned(names[pk], day, kind, number) for (pk, day, kind), number in sorted(counts.items())]
