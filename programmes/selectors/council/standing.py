"""Where a programme stands with its works council."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from programmes.engine.agreement import Difference, differences, digest
from programmes.models import Agreement, Programme
from programmes.selectors.council.settings import settings_now


@dataclass(frozen=True)
class Standing:
    """What was agreed, what is set, and how the two differ.

    Args:
        agreement: the one that counts; None while nothing is recorded.
        now: the settings as wanted, in the form that agreements keep.
        digest: their fingerprint, which a form carries so that nobody agrees to what they have not seen.
    """

    agreement: Agreement | None
    now: dict[str, Any]
    digest: str
    differences: tuple[Difference, ...]

    @property
    def wider(self) -> tuple[Difference, ...]:
        """What waits for the works council, and does not hold until then."""
        return tuple(one for one in self.differences if one.is_wider)

    @property
    def is_covered(self) -> bool:
        """Whether everything that is set was agreed: what a cohort needs to open."""
        return self.agreement is not None and not self.wider


def standing_of(programme: Programme) -> Standing:
    """The programme's standing. Three queries."""
    agreement: Agreement | None = Agreement.objects.latest_of(programme.pk)
    now = settings_now(programme)
    found = differences(agreement.content, now) if agreement else []
    return Standing(agreement, now, digest(now), tuple(found))


def is_covered(programme: Programme) -> bool:
    """Whether a cohort of this programme may open as far as the works council is concerned."""
    return standing_of(programme).is_covered
