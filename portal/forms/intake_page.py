"""What the steps of an intake begin with: the draft, else what is stored, so that nothing is asked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from participants.models import Delegation
from portal.forms.intake import FORMS, StepForm
from programmes.choices import Role
from programmes.models import Enrolment, Intake
from programmes.selectors import draft_of, hours_of, intake_of, open_intake_text

Draft = Mapping[int, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class IntakePage:
    """One step.

    Args:
        told: for the last step, what the others say, to read through before sending.
        hours: what the role takes in all, for the first.
    """

    enrolment: Enrolment
    intake: Intake | None
    step: int
    steps: Sequence[int]
    told: Sequence[tuple[int, Sequence[tuple[Any, str]]]]
    hours: int

    @property
    def is_sent(self) -> bool:
        return self.intake is not None and self.intake.completed_at is not None

    @property
    def before(self) -> int | None:
        return self.step - 1 if self.step > 1 else None


def intake_page(enrolment: Enrolment, intake: Intake | None, step: int, draft: Draft) -> IntakePage:
    """The frame of a step."""
    role = Role(enrolment.role)
    is_last = step == len(FORMS) and (intake is None or intake.completed_at is None)
    told = [(n, step_form(enrolment, n, draft, intake).told()) for n in range(1, step)] if is_last else []
    hours = hours_of(enrolment.cohort, role).hours if step == 1 else 0
    return IntakePage(enrolment, intake, step, range(1, len(FORMS) + 1), told, hours)


def standing_intake(enrolment: Enrolment) -> tuple[Intake | None, Draft]:
    """The intake and its opened draft."""
    intake = intake_of(enrolment)
    return intake, draft_of(intake)


def step_form(enrolment: Enrolment, step: int, draft: Draft, intake: Intake | None) -> StepForm:
    """A step as one left it, without a word about what is still missing."""
    form = FORMS[step - 1](enrolment=enrolment)
    form.initial = _stored(enrolment, intake, step)
    if step in draft:
        form.initial |= {
            name: _typed(field, draft[step].get(name, [])) for name, field in form.fields.items()
        }
    return form


def checked_form(enrolment: Enrolment, step: int, draft: Draft) -> StepForm:
    """A step of the draft, checked."""
    data = QueryDict(mutable=True)
    for name, values in draft.get(step, {}).items():
        data.setlist(name, list(values))
    return FORMS[step - 1](data, enrolment=enrolment)


def _typed(field: forms.Field, values: Sequence[str]) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        return list(values)
    return values[0] if values else ("" if not isinstance(field, forms.BooleanField) else False)


def _stored(enrolment: Enrolment, intake: Intake | None, step: int) -> dict[str, Any]:
    return _STORED[step](enrolment, intake)


def _role(enrolment: Enrolment, intake: Intake | None) -> dict[str, Any]:
    acknowledged = bool(intake and intake.notice_version)
    is_ready = bool(intake and intake.is_ready)
    return {"capacity": enrolment.capacity, "is_ready": is_ready, "notice": acknowledged}


def _topics(enrolment: Enrolment, intake: Intake | None) -> dict[str, Any]:
    found: dict[str, Any] = {"style": enrolment.style}
    offers = enrolment.offers.select_related("topic").order_by("-level", "pk")
    wishes = enrolment.wishes.select_related("topic").order_by("-priority", "pk")
    kinds: list[tuple[str, Any]] = [("offer", offers), ("wish", wishes)]
    for kind, rows in kinds:
        for number, row in enumerate(rows, 1):
            level = "" if row.level is None else str(row.level)
            found |= {
                f"{kind}_{number}_topic": row.topic.code,
                f"{kind}_{number}_level": level,
                f"{kind}_{number}_example": row.example,
            }
    return found


def _perspective(enrolment: Enrolment, intake: Intake | None) -> dict[str, Any]:
    return {
        "offered": enrolment.perspectives_offered,
        "wanted": enrolment.perspective_wanted,
        "words": open_intake_text(intake, intake.words) if intake else "",
        "consent": bool(intake and intake.consent_on),
    }


def _practical(enrolment: Enrolment, intake: Intake | None) -> dict[str, Any]:
    person = enrolment.person
    current = Delegation.objects.filter(leader=person).first() if enrolment.role == Role.MENTEE else None
    return {
        "languages": person.languages,
        "availability": person.availability,
        "is_cross_border": enrolment.is_cross_border,
        "place": intake.place if intake else "",
        "channel": intake.channel if intake else "",
        "minutes": (intake.minutes if intake else None) or enrolment.cohort.meeting_minutes,
        "delegate": current.address if current else "",
    }


def _about(enrolment: Enrolment, intake: Intake | None) -> dict[str, Any]:
    names = (
        "openness", "strengths", "self_digital", "self_ideas", "self_talk", "education", "graduated",
        "craft_missed",
    )  # fmt: skip
    return {name: getattr(intake, name) for name in names} if intake else {}


_STORED = {1: _role, 2: _topics, 3: _perspective, 4: _practical, 5: _about}
