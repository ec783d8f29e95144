"""One round at a time: every change of a round starts by holding its row."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import IllegalTransition
from evaluations.choices import RoundState
from evaluations.models import Round


def held(round: Round, *states: RoundState) -> Round:
    """The round as it is now, locked until the transaction ends.

    Raises:
        IllegalTransition: it is not in one of these states any more.
    """
    current: Round = (
        Round.objects.select_for_update(of=("self",)).select_related("cohort__programme").get(pk=round.pk)
    )
    if current.state not in states:
        raise IllegalTransition(_("This round has moved on meanwhile. Look at it again."))
    return current
