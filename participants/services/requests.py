"""What somebody asks for about their own data: a copy of it, or that it goes (B-06, B-07)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.errors import IllegalTransition
from common.hooks import declare
from operations.models import Job
from operations.services import Progress, start_job
from participants.choices import REQUEST_TRANSITIONS, RequestState
from participants.models import DataExport, ErasureRequest, Person
from participants.selectors.belongings import own_data
from participants.services.erasing import erase_person, is_erased, must_wait
from participants.services.people import mark_left

EXPORT_JOB: Final = "own_data"
ERASE_JOB: Final = "erase_person"


class _AskedSignature(Protocol):
    def __call__(self, *, request: ErasureRequest, now: datetime) -> int: ...


erasure_asked = declare(
    "participants.erasure_asked",
    purpose="somebody asks to be erased: those who can carry it out are told by mail, without a name",
    signature=_AskedSignature.__call__,
)


# --- a copy -----------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_copy(*, person: Person, now: datetime) -> DataExport:
    """Let a worker put a copy of a person's own data together. A newer wish replaces the older copy."""
    export, _is_new = DataExport.objects.update_or_create(
        person=person, defaults={"asked_at": now, "made_at": None, "content": {}}
    )
    start_job(kind=EXPORT_JOB, params={"export": export.pk}, by_id=person.pk)
    return export


def run_export(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The worker's part: nothing half-done is ever visible, and a second run finds it made."""
    export = DataExport.objects.select_related("person").filter(pk=job.params["export"], made_at=None).first()
    if export is None:
        return {}
    progress.say(_("Collecting your data"), done=0, total=1)
    with translation.override(export.person.language):
        content = {"records": own_data(export.person)}
    made = DataExport.objects.filter(pk=export.pk, asked_at=export.asked_at)
    made.update(content=content, made_at=timezone.now())
    return {}


# --- erasure ----------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_erasure(*, person: Person, now: datetime) -> ErasureRequest:
    """Ask to be erased. Asking twice is asking once."""
    Person.objects.select_for_update().get(pk=person.pk)
    found: ErasureRequest | None = ErasureRequest.objects.open().filter(person=person).first()
    if found is None:
        found = ErasureRequest.objects.create(person=person, asked_at=now)
        erasure_asked(request=found, now=now)
    return found


@transaction.atomic
def withdraw_erasure(*, request: ErasureRequest, by: Person) -> ErasureRequest:
    """Take the wish back before anybody has carried it out.

    Raises:
        IllegalTransition: it is being carried out already.
    """
    return _move(request, RequestState.WITHDRAWN)


@transaction.atomic
def carry_out(*, request: ErasureRequest, by: Person | None, now: datetime) -> ErasureRequest:
    """Close the person's log-in, end what they are part of, and let a worker erase them. It cannot be taken back.

    Raises:
        IllegalTransition: it was withdrawn, or is being carried out already.
    """
    request = _move(request, RequestState.RUNNING, by=by, confirmed_at=now)
    mark_left(person=request.person, now=now, by=by)
    start_job(kind=ERASE_JOB, params={"request": request.pk}, by_id=by.pk if by else None)
    return request


def run_erasure(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The worker's part; where partners have still to hear of an ending, the clock comes back for the rest."""
    progress.say(_("Erasing"), done=0, total=1)
    done = finish_erasure(request_id=job.params["request"], now=timezone.now())
    return {"done": done}


def erase_due_people(*, now: datetime) -> int:
    """Finish erasures that had to wait, or that a worker left half-way. Returns how many were finished."""
    waiting = ErasureRequest.objects.filter(state=RequestState.RUNNING).order_by("pk")
    return sum(finish_erasure(request_id=pk, now=now) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def finish_erasure(*, request_id: int, now: datetime) -> bool:
    """Erase the person of a request that is being carried out; false when it is done already, or has to wait."""
    request = (
        ErasureRequest.objects.select_for_update().filter(pk=request_id, state=RequestState.RUNNING).first()
    )
    if request is None or must_wait(request.person):
        return False
    counts = {} if is_erased(request.person) else erase_person(person=request.person, now=now)
    request.refresh_from_db()
    _set(request, RequestState.DONE, done_at=now, counts=counts)
    return True


def _move(request: ErasureRequest, to: RequestState, **values: Any) -> ErasureRequest:
    found: ErasureRequest = ErasureRequest.objects.select_for_update().get(pk=request.pk)
    if to not in REQUEST_TRANSITIONS[found.state]:
        raise IllegalTransition(_("This step is not possible any more. Load the page again."))
    return _set(found, to, **values)


def _set(request: ErasureRequest, to: RequestState, **values: Any) -> ErasureRequest:
    request.state = to
    for name, value in values.items():
        setattr(request, name, value)
    request.save(update_fields=["state", *values, "updated_at"])
    return request
