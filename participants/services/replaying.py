"""What was erased stays erased when an older backup is restored (B-08)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from participants.choices import RequestState
from participants.models import ErasureRequest, Person
from participants.services.erasing import is_erased
from participants.services.keeping import Erased, erased_here
from participants.services.requests import carry_out, finish_erasure


@dataclass(frozen=True)
class Replay:
    """What carrying out the list anew did.

    Args:
        erased: gone now.
        waiting: out at once; the clock erases them when their partners have been told at the usual hour.
        already: erased in this database too.
        unknown: not in this database: they came after the backup was made.
    """

    erased: int = 0
    waiting: int = 0
    already: int = 0
    unknown: int = 0


def to_replay(lines: Iterable[Erased]) -> Iterator[Person]:
    """People of the list whom this database still knows."""
    wanted = {one.person_id: one for one in lines}
    for person in Person.objects.filter(pk__in=wanted).order_by("pk"):
        if person.created_at == wanted[person.pk].made_at and not is_erased(person):
            yield person


def replay_erasures(*, lines: Iterable[Erased], now: datetime) -> Replay:
    """Erase anew whoever is on the list, as it was done before: at once out, and gone when partners have been told.

    Twice is once; what is interrupted goes on with the next call, or with the clock.
    """
    wanted = list(lines)
    known = {one.pk for one in to_replay(wanted)}
    done = [_erase_again(pk, now) for pk in sorted(known)]
    here = set(erased_here())
    already = sum(one in here for one in wanted) - sum(done)
    unknown = len(wanted) - len(known) - already
    return Replay(erased=sum(done), waiting=len(done) - sum(done), already=already, unknown=unknown)


@transaction.atomic
def _erase_again(person_id: int, now: datetime) -> bool:
    person = Person.objects.select_for_update().get(pk=person_id)
    request = ErasureRequest.objects.open().filter(person=person).first()
    if request is None:
        request = ErasureRequest.objects.create(person=person, asked_at=now)
    if request.state == RequestState.ASKED:
        request = carry_out(request=request, by=None, now=now)
    return finish_erasure(request_id=request.pk, now=now)
