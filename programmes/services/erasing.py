"""What a selection leaves behind once its cohort has begun: counts, and nothing about anybody (decision 30)."""

from __future__ import annotations

from datetime import datetime

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q

from outbox.services import forget_about
from participants.models import Person
from participants.services import Traces
from programmes.choices import BEGUN, EnrolmentState, Stage
from programmes.models import Assessment, Cohort, Enrolment, Intake, Nomination, RecordReading, SelectionTally
from programmes.selectors.selection import outcome_figures
from programmes.services.locking import held
from sealing.choices import ScopeKind
from sealing.models import ScopeKey
from sealing.services import destroy_key

#: From here on nobody moves up any more, so the waiting list goes too.
_OVER = (Stage.CLOSING, Stage.CLOSED, Stage.ARCHIVED)


def erase_selections(*, now: datetime) -> int:
    """Count every selection whose cohort has begun, then erase what was thought and whoever is not in.

    Returns:
        How many cohorts had something to erase.
    """
    declined = Enrolment.objects.filter(cohort=OuterRef("pk"), state=EnrolmentState.DECLINED)
    waiting = Enrolment.objects.filter(cohort=OuterRef("pk"), state=EnrolmentState.WAITLISTED)
    thought = Assessment.objects.filter(enrolment__cohort=OuterRef("pk"))
    in_line = Q(enrolment__state=EnrolmentState.WAITLISTED)
    begun = Cohort.objects.filter(stage__in=BEGUN).filter(
        Exists(declined)
        | Exists(Nomination.objects.filter(cohort=OuterRef("pk")))
        | Exists(thought.exclude(in_line))
        | Q(Exists(waiting), stage__in=_OVER)
    )
    return sum(erase_selection(cohort=cohort, now=now) for cohort in begun.order_by("pk"))


@transaction.atomic
def erase_selection(*, cohort: Cohort, now: datetime) -> bool:
    """Erase one selection; the counts of the first time stay. False when the cohort has not begun."""
    cohort = held(cohort)
    if cohort.stage not in BEGUN:
        return False
    SelectionTally.objects.get_or_create(cohort=cohort, defaults={"figures": outcome_figures(cohort)})
    Nomination.objects.filter(cohort=cohort).delete()
    going = [EnrolmentState.DECLINED, *([EnrolmentState.WAITLISTED] if cohort.stage in _OVER else [])]
    for enrolment in Enrolment.objects.select_for_update(of=("self",)).filter(cohort=cohort, state__in=going):
        forget_candidate(enrolment, now)
    Assessment.objects.filter(enrolment__cohort=cohort).exclude(
        enrolment__state=EnrolmentState.WAITLISTED
    ).delete()
    Assessment.objects.filter(enrolment__cohort=cohort).update(
        digital="not_known", innovative="not_known", communication="not_known", reason="",
        own_digital="", own_innovative="", own_communication="",
    )  # fmt: skip
    return True


def forget_candidate(enrolment: Enrolment, now: datetime) -> None:
    """Remove somebody who is not in, without a mark: the row, its trail in the audit log, its mails."""
    pk = enrolment.pk
    try:
        with transaction.atomic():
            enrolment.delete()
    except ProtectedError:
        return  # they had a pair here before; what is known of that has its own end
    forget_about(about=("enrolment", pk), now=now)
    kind = ContentType.objects.get_for_model(Enrolment)
    LogEntry.objects.filter(content_type=kind, object_id=pk).delete()


def forget_person(*, person: Person, traces: Traces, now: datetime) -> None:
    """Fills ``participants.person_erased``: their own words can be opened by nobody, and nobody named them."""
    RecordReading.objects.filter(reader=person).update(reader=None)
    intakes = Intake.objects.filter(enrolment__person=person).values_list("pk", flat=True)
    for key in ScopeKey.objects.filter(scope_kind=ScopeKind.INTAKE, scope_id__in=list(intakes)):
        destroy_key(key=key, now=now)
    Nomination.objects.filter(address__in=[name.lower() for name in traces.names]).delete()
