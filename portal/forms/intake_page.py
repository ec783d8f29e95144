"""What the steps of an intake begin with: the draft, else what is stored, so that nothing is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict

from portal.forms.intake import FORMS, StepForm, TopicsForm
from portal.selectors.intake import Known
from programmes.choices import Criterion, Role
from programmes.models import Enrolment, Intake
from programmes.selectors import hours_of


@dataclass(frozen=True)
class IntakePage:
    """One step.

    Args:
        told: for the last step, what the others say, to read through before sending.
        hours: what the role takes in all, for the first.
    """

    known: Known
    step: int
    steps: Sequence[int]
    told: Sequence[tuple[int, Sequence[tuple[Any, str]]]]
    hours: int

    @property
    def enrolment(self) -> Enrolment:
        return self.known.enrolment

    @property
    def intake(self) -> Intake | None:
        return self.known.intake

    @property
    def is_sent(self) -> bool:
        return self.known.is_sent

    @property
    def before(self) -> int | None:
        return self.step - 1 if self.step > 1 else None


def intake_page(known: Known, step: int) -> IntakePage:
    """The frame of a step."""
    role = Role(known.enrolment.role)
    is_last = step == len(FORMS) and not known.is_sent
    told = [(n, step_form(known, n).told()) for n in range(1, step)] if is_last else []
    hours = hours_of(known.enrolment.cohort, role).hours if step == 1 else 0
    return IntakePage(known, step, range(1, len(FORMS) + 1), told, hours)


def step_form(known: Known, step: int) -> StepForm:
    """A step as one left it, without a word about what is still missing."""
    form = FORMS[step - 1](known=known)
    form.initial = _STORED[step](known)
    typed = known.draft.get(step) if not known.is_sent else None
    if typed is not None:
        form.initial |= {name: _typed(field, typed.get(name, [])) for name, field in form.fields.items()}
    return form


def checked_form(known: Known, step: int) -> StepForm:
    """A step of the draft, checked."""
    data = QueryDict(mutable=True)
    for name, values in known.draft.get(step, {}).items():
        data.setlist(name, list(values))
    return FORMS[step - 1](data, known=known)


def _typed(field: forms.Field, values: Sequence[str]) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        return list(values)
    return values[0] if values else ("" if not isinstance(field, forms.BooleanField) else False)


def _role(known: Known) -> dict[str, Any]:
    intake = known.intake
    acknowledged = bool(intake and intake.notice_version)
    is_ready = bool(intake and intake.is_ready)
    return {"capacity": known.enrolment.capacity, "is_ready": is_ready, "notice": acknowledged}


def _topics(known: Known) -> dict[str, Any]:
    """What is offered and wanted; whoever named topics in a topic call finds them here (S4.9)."""
    found: dict[str, Any] = {"style": known.enrolment.style}
    offered = sorted(
        (one for one in known.topics if one.offer_pk), key=lambda one: (-one.offer_level, one.offer_pk)
    )
    wanted = sorted(
        (one for one in known.topics if one.wish_pk), key=lambda one: (-one.wish_priority, one.wish_pk)
    )
    rows = [(one, one.offer_level, one.offer_example) for one in offered]
    if not rows and not known.is_sent:
        rows = [(one, None, one.named[:160]) for one in known.topics if one.named][: TopicsForm.OFFERS]
    found |= _slots("offer", rows)
    return found | _slots("wish", [(one, one.wish_level, one.wish_example) for one in wanted])


def _slots(kind: str, rows: Sequence[tuple[Any, int | None, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, (topic, level, example) in enumerate(rows, 1):
        found |= {
            f"{kind}_{number}_topic": topic.code,
            f"{kind}_{number}_level": "" if level is None else str(level),
            f"{kind}_{number}_example": example,
        }
    return found


def _perspective(known: Known) -> dict[str, Any]:
    return {
        "offered": known.enrolment.perspectives_offered,
        "wanted": known.enrolment.perspective_wanted,
        "words": known.words,
        "consent": bool(known.intake and known.intake.consent_on),
    }


def _practical(known: Known) -> dict[str, Any]:
    enrolment, intake = known.enrolment, known.intake
    person = enrolment.person
    return {
        "languages": person.languages,
        "availability": person.availability,
        "is_cross_border": enrolment.is_cross_border,
        "place": intake.place if intake else "",
        "channel": intake.channel if intake else "",
        "minutes": (intake.minutes if intake else None) or enrolment.cohort.meeting_minutes,
        "delegate": known.delegate if enrolment.role == Role.MENTEE else "",
    }


def _about(known: Known) -> dict[str, Any]:
    names = ("openness", "strengths", "education", "graduated", "craft_missed")
    found = {name: getattr(known.intake, name) for name in names} if known.intake else {}
    if known.enrolment.role == Role.MENTOR:
        found |= {f"own_{name}": getattr(known.assessment, f"own_{name}", "") for name in Criterion.values}
    return found


_STORED: Final[Mapping[int, Callable[[Known], dict[str, Any]]]] = {
    1: _role, 2: _topics, 3: _perspective, 4: _practical, 5: _about,
}  # fmt: skip
