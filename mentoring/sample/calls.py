"""The sample's open call: a cohort that looks for people, so that its page and its mails can be seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from participants.models import Person
from programmes.choices import Stage
from programmes.models import Cohort, OpenCall, Programme
from programmes.services import create_cohort, move_stage, publish_call


def open_cohort(*, programme: Programme, by: Person, now: datetime, months: int) -> OpenCall:
    """A cohort that opened last week and takes applications for another three."""
    begins = now + timedelta(weeks=16)
    cohort: Cohort = create_cohort(
        programme=programme,
        name=f"{begins.year} · 3",
        starts_on=begins.date(),
        ends_on=(begins + relativedelta(months=months)).date(),
        by=by,
    )
    values = {"closes_on": (now + timedelta(weeks=3)).date(), "mentor_seats": 12, "mentee_seats": 16}
    call = publish_call(cohort=cohort, values=values, by=by)
    move_stage(cohort=cohort, to=Stage.OPEN, by=by, now=now - timedelta(weeks=1))
    return call
