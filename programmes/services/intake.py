"""Carrying out an intake's plan: enrolments with their topics, by sets, and nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, Stale
from participants.choices import Language
from participants.models import Person, User
from programmes.choices import EnrolmentState
from programmes.engine.enrolling import Action, IntakePlan, Step
from programmes.engine.intake import USUAL_CAPACITY
from programmes.models import Cohort, Enrolment, Topic, TopicOffer, TopicWish
from programmes.selectors import IntakeTable, intake_digest, intake_plan
from programmes.services.enrolments import check_open, keep_listeners
from programmes.services.locking import held

BATCH: Final = 500
#: Field of the intake → field of the enrolment.
_COLUMNS: Final[Mapping[str, str]] = {
    "role": "role",
    "state": "state",
    "capacity": "capacity",
    "cross_border": "is_cross_border",
    "style": "style",
    "perspectives_offered": "perspectives_offered",
    "perspective_wanted": "perspective_wanted",
}


@transaction.atomic
def apply_intake(
    *,
    intake: IntakeTable,
    cohort: Cohort,
    by: Person | None,
    now: datetime,
    skips_wrong: bool = False,
    digest: str | None = None,
) -> dict[str, int]:
    """Enrol everybody in an intake file, accepted at once.

    Args:
        skips_wrong: rows that are wrong stay out; otherwise any of them stops the whole intake.
        digest: of the plan shown in the preview; None where the plan is shown and done at once.

    Returns:
        Counts per action, of both roles, and "written".

    Raises:
        DomainError: a column is missing, rows are wrong, or the cohort takes nobody any more.
        Stale: people or enrolments changed since the preview.
    """
    _hold_people(cohort)
    cohort = held(cohort)
    check_open(cohort)
    _hold_parts(cohort)
    keep_listeners(cohort.programme_id)
    plan = checked_intake(intake=intake, cohort=cohort, skips_wrong=skips_wrong)
    if digest is not None and intake_digest(plan) != digest:
        raise Stale(_("Enrolments have changed since the preview. Look at it once more, then confirm."))
    _write(plan, cohort, now)
    return {**plan.counts(), "written": plan.writes}


def _hold_people(cohort: Cohort) -> None:
    """Hold the people of the cohort before they are compared with the file: first of all, as a departure does.

    Whoever leaves, or changes their free times, meanwhile is not put back to what they were: they come before the
    plan or after it.
    """
    people = Person.objects.filter(pk__in=Enrolment.objects.filter(cohort=cohort).values("person"))
    list(people.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _hold_parts(cohort: Cohort) -> None:
    """Hold their parts, before the programme, as wherever somebody's state changes."""
    parts = Enrolment.objects.filter(cohort=cohort).select_for_update(of=("self",))
    list(parts.order_by("pk").values_list("pk"))


def checked_intake(*, intake: IntakeTable, cohort: Cohort, skips_wrong: bool) -> IntakePlan:
    """The plan of an intake that may be carried out.

    Raises:
        DomainError: a column is missing, or rows are wrong and are not to be skipped.
    """
    if intake.missing_columns:
        raise DomainError(_("Columns are missing."), code="missing_columns")
    plan = intake_plan(intake, cohort)
    if plan.problems and not skips_wrong:
        raise DomainError(_("Some rows are wrong. Correct them or leave them out."), code="wrong_rows")
    return plan


def _write(plan: IntakePlan, cohort: Cohort, now: datetime) -> None:
    new, changed = plan.of(Action.NEW), plan.of(Action.CHANGED)
    _write_people([*new, *changed], now)
    made = Enrolment.objects.bulk_create((_new(step, cohort) for step in new), batch_size=BATCH)
    stood = Enrolment.objects.in_bulk([step.enrolment_id for step in changed])
    for step in changed:
        _change(stood[step.enrolment_id], step, now)
    touched = sorted({*_COLUMNS.values(), "version", "updated_at"})
    Enrolment.objects.bulk_update(stood.values(), touched, batch_size=BATCH)
    _write_topics(
        [*zip(made, new, strict=True), *((stood[step.enrolment_id], step) for step in changed)],
        {topic.code: topic for topic in Topic.objects.offered_in(cohort.programme_id)},
    )


def _new(step: Step, cohort: Cohort) -> Enrolment:
    values = {_COLUMNS[name]: new for name, (_old, new) in step.changes.items() if name in _COLUMNS}
    values |= {"role": step.role, "state": EnrolmentState.ACCEPTED}
    person_id: Any = step.candidate.person_id  # the roster given along has been written before this
    return Enrolment(cohort=cohort, person_id=person_id, **{"capacity": USUAL_CAPACITY[step.role], **values})


def _change(enrolment: Enrolment, step: Step, now: datetime) -> None:
    for name, (_old, new) in step.changes.items():
        if name in _COLUMNS:
            setattr(enrolment, _COLUMNS[name], new)
    enrolment.version += 1
    enrolment.updated_at = now


def _write_topics(pairs: Sequence[tuple[Enrolment, Step]], topics: Mapping[str, Topic]) -> None:
    """Replace what these people offer or want, where the plan says that it changed."""
    for name, model, number in (("offers", TopicOffer, "level"), ("wants", TopicWish, "priority")):
        changed = [(enrolment, step.changes[name][1]) for enrolment, step in pairs if name in step.changes]
        model._default_manager.filter(enrolment__in=[one for one, _topics in changed]).delete()
        rows: Iterable[Any] = (
            model(enrolment=enrolment, topic=topics[code], **{number: value})
            for enrolment, rated in changed
            for code, value in rated.items()
        )
        model._default_manager.bulk_create(rows, batch_size=BATCH)


def _write_people(steps: Sequence[Step], now: datetime) -> None:
    """Working languages and free times; the language of pages only as long as nobody has chosen it."""
    changing: dict[Any, Step] = {step.candidate.person_id: step for step in steps if step.person_changes}
    rows = Person.objects.select_for_update(no_key=True).order_by("pk")
    people = {person.pk: person for person in rows.filter(pk__in=changing)}
    own_choice = set(User.objects.filter(person_id__in=changing).values_list("person_id", flat=True))
    for pk, person in people.items():
        for name, (_old, new) in changing[pk].person_changes.items():
            setattr(person, name, new)
        if "languages" in changing[pk].person_changes and pk not in own_choice:
            known = [code for code in person.languages if code in Language.values]
            person.language = known[0] if known else person.language
        person.version += 1
        person.updated_at = now
    fields = ["languages", "availability", "language", "version", "updated_at"]
    Person.objects.bulk_update(people.values(), fields, batch_size=BATCH)
