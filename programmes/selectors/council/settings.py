"""The settings that an agreement is about: as wanted now, and as they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

from common.hooks import declare
from common.privacy import PERSONAL, RETENTION_DAYS, Line, declared_models, lines_of
from programmes.choices import OBEYED, Stage, Switch
from programmes.engine.agreement import EITHER_WAY, FORMAT, threshold
from programmes.models import Agreement, Cohort, Programme, Switches


@dataclass(frozen=True)
class Kind:
    """A kind of questionnaire that may be sent to a cohort.

    Args:
        code: a short stable name, kept in agreements.
    """

    code: str
    label: str | Promise


class _KindsSignature(Protocol):
    def __call__(self) -> Sequence[Kind]: ...


#: Upper packages name the kinds of questionnaire they can send; a kind that an agreement does not name is not sent.
evaluation_kinds = declare(
    "programmes.evaluation_kinds",
    purpose="which kinds of questionnaire an agreement with the works council covers",
    signature=_KindsSignature.__call__,
)


def switches_of(programme_id: int) -> Switches:
    """The programme's switches as wanted; a row that is not stored yet when nobody has touched them."""
    stored: Switches | None = Switches.objects.filter(programme_id=programme_id).first()
    return stored or Switches(programme_id=programme_id)


def settings_now(programme: Programme) -> dict[str, Any]:
    """Everything an agreement covers, as it is set at this moment (``programmes.engine.agreement``). Two queries."""
    switches = switches_of(programme.pk)
    cohorts = Cohort.objects.filter(programme=programme).exclude(stage=Stage.ARCHIVED).order_by("pk")
    return {
        "format": FORMAT,
        "switches": {str(switch): bool(getattr(switches, switch)) for switch in OBEYED},
        "cohorts": {
            str(one.pk): {
                "name": one.name,
                "scores": one.min_group_size,
                "comments": one.min_comment_group,
            }
            for one in cohorts
        },
        "evaluations": sorted({str(kind.code) for kinds in evaluation_kinds() for kind in kinds}),
        "register": _register(),
    }


def _register() -> dict[str, dict[str, Any]]:
    return {
        f"{model}.{field}": _plain(line)
        for model in declared_models()
        for field, line in lines_of(model).items()
        if line.category in PERSONAL
    }


def _plain(line: Line) -> dict[str, Any]:
    return {
        "purpose": line.purpose,
        "basis": line.basis,
        "category": line.category,
        "retention": line.retention,
        "days": RETENTION_DAYS[line.retention],
        "visible": sorted(line.visible),
        "erase": line.erase,
    }


def is_on(programme_id: int, switch: Switch) -> bool:
    """Whether a switch is in force: wanted, and agreed to. What is turned off is off at once. One query.

    A switch that watches one group to protect another stays as it was agreed, whatever is wanted.
    """
    agreed = Agreement.objects.select_related("programme__switches").latest_of(programme_id)
    if switch not in OBEYED or agreed is None or not agreed.content["switches"].get(switch, False):
        return False
    wanted = getattr(agreed.programme, "switches", None) or Switches()
    return switch in EITHER_WAY or bool(getattr(wanted, switch))


def thresholds(cohort: Cohort) -> tuple[int, int]:
    """The least group sizes in force for scores and comments: never below what was agreed. One query."""
    agreed = Agreement.objects.latest_of(cohort.programme_id)
    content = agreed.content if agreed else None
    return (
        threshold(content, str(cohort.pk), "scores", cohort.min_group_size),
        threshold(content, str(cohort.pk), "comments", cohort.min_comment_group),
    )


def covers_evaluation(programme_id: int, kind: str) -> bool:
    """Whether a questionnaire of this kind may be sent: nothing was agreed yet, or this was."""
    agreed = Agreement.objects.latest_of(programme_id)
    return agreed is None or kind in agreed.content["evaluations"]
