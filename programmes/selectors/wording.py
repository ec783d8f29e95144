"""The intake's problems in words; what a roster shares with it comes from participants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants import selectors as people
from participants.engine.problems import Problem

#: What the fields of an intake are called on the mapping screen.
INTAKE_FIELD_NAMES: Final[Mapping[str, Promise]] = {
    "hr_key": _("HR key (personnel number)"),
    "email": _("e-mail address"),
    "role": _("role (mentor or mentee)"),
    "capacity": _("number of partners"),
    "languages": _("working languages"),
    "offers": _("topics offered, with a level"),
    "wants": _("topics wanted, with a priority"),
    "availability": _("weekly availability"),
    "cross_border": _("also with another country"),
    "style": _("preferred way of learning"),
    "perspectives_offered": _("perspectives offered"),
    "perspective_wanted": _("perspective looked for"),
}
_INTAKE: Final[Mapping[str, Promise]] = {
    "missing_intake_column": _("No column is chosen for: %(field)s."),
    "no_person": _("It does not say who this row is about."),
    "person_twice": _("“%(value)s” stands also in %(rows)s."),
    "unknown_person": _(
        "“%(value)s” is not known. Give the roster along, or correct the key; a wrong row of the roster also "
        "leads here."
    ),
    "person_left": _("“%(value)s” has left the company."),
    "listens": _("“%(value)s” is the named contact of this programme and takes no part in it."),
    "enrolment_over": _(
        "“%(value)s” has withdrawn or completed this cohort; a file does not bring anybody back."
    ),
    "role_settled": _("“%(value)s” has a pair in this cohort, so the role can no longer change."),
    "unknown_role": _("“%(value)s” is not a role; write “mentor” or “mentee”."),
    "bad_capacity": _("“%(value)s” is not a number of partners from 1 to %(limit)s."),
    "unknown_topic": _("“%(value)s” is not a topic of this programme."),
    "bad_rating": _(
        "“%(value)s” needs a number from %(low)s to %(high)s after a colon, such as “gen_ai:%(high)s”."
    ),
    "topic_twice": _("The topic “%(value)s” is named twice."),
    "unknown_block": _("“%(value)s” is not a weekly block; write it like “mon_am”, “tue_lunch” or “fri_pm”."),
    "not_yes_or_no": _("“%(value)s” is neither yes nor no."),
    "unknown_style": _("“%(value)s” is not a way of learning; write “hands_on”, “dialogue” or “observe”."),
    "unknown_perspective": _("“%(value)s” is not a perspective."),
}


def sentence(problem: Problem) -> str:
    """What is wrong with an intake, as one sentence, without the place."""
    if problem.code == "missing_intake_column":
        return str(_INTAKE[problem.code]) % {"field": INTAKE_FIELD_NAMES[problem.params["field"]]}
    return people.sentence(problem, _INTAKE)
