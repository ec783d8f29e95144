"""What is deleted when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from evaluations.choices import KEEP_SEALED_DAYS
from evaluations.models import Round, SealedAnswer


def erase_expired_answers(*, now: datetime) -> int:
    """Delete sealed answers of rounds sealed two years ago; their published figures stay (decision 25).

    Returns:
        How many rounds lost their answers.
    """
    old = Round.objects.filter(
        sealed_at__lt=now - timedelta(days=KEEP_SEALED_DAYS),
        pk__in=SealedAnswer.objects.values("round_id"),
        snapshot__isnull=False,
    )
    keys = list(old.values_list("pk", flat=True))
    SealedAnswer.objects.filter(round_id__in=keys).delete()
    return len(keys)
