"""One-rule checks on cohorts and enrolments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from programmes.choices import Dimension, Format, Perspective, Scope

#: The matching weights of dossier 2.4; they are settings of a cohort and always add up to 100.
DEFAULT_WEIGHTS: Mapping[str, int] = {
    "knowledge": 40,
    "perspective": 15,
    "distance": 15,
    "logistics": 10,
    "style": 10,
    "return_gain": 10,
}

#: Were a perspective to weigh more, who is paired with whom would tell who has which (B-05, decision 31).
MOST_PERSPECTIVE = 25


def default_weights() -> dict[str, int]:
    """A fresh copy for the model's default."""
    return dict(DEFAULT_WEIGHTS)


def validate_weights(value: object) -> None:
    """Whole numbers from 0 to 100, one per criterion, adding up to 100; the perspective is capped."""
    if not isinstance(value, dict) or set(value) != set(DEFAULT_WEIGHTS):
        raise ValidationError(_("Give a weight for each of the six criteria."), code="criteria")
    numbers = list(value.values())
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= 100 for n in numbers):
        raise ValidationError(_("Weights are whole numbers from 0 to 100."), code="range")
    if value["perspective"] > MOST_PERSPECTIVE:
        message = _(
            "The perspective weighs %(most)s at most: pairs made by it alone would tell who has which."
        )
        raise ValidationError(message, "perspective", {"most": MOST_PERSPECTIVE})
    if sum(numbers) != 100:
        raise ValidationError(_("The weights add up to %(sum)s; make it 100."), "sum", {"sum": sum(numbers)})


def validate_work_address(address: str, domains: Sequence[str]) -> str:
    """The address in its plain form, if it is one of the company's: exactly these domains, no tag after a plus.

    A tag would let one mailbox be many people.

    Raises:
        DomainError: it is none; the words are the same whether anybody is known by it.
    """
    plain = address.strip().lower()
    name, _at, domain = plain.rpartition("@")
    try:
        validate_email(plain)
    except ValidationError as error:
        raise DomainError(_("This is not an e-mail address."), code="address") from error
    if domain not in domains or "+" in name:
        words = _("Use your plain work address; it ends in %(domains)s.")
        raise DomainError(words % {"domains": ", ".join(f"@{one}" for one in domains)}, code="domain")
    return plain


def all_outcomes() -> list[str]:
    """A fresh copy for the model's default."""
    return list(Dimension.values)


def all_perspectives() -> list[str]:
    """A fresh copy for the model's default."""
    return list(Perspective.values)


def first_format() -> list[str]:
    """A fresh copy for the model's default."""
    return [Format.ONE_TO_ONE.value]


def validate_scope(scope: str, name: str) -> None:
    """A programme for a department or a team says which one (S0.1)."""
    if scope != Scope.ORGANISATION and not name.strip():
        raise ValidationError({"scope_name": _("Say which department or team it is for.")})


def validate_grades(lowest: int | None, highest: int | None, *, field: str) -> None:
    """A range of grades that holds somebody."""
    if lowest is not None and highest is not None and lowest > highest:
        raise ValidationError({field: _("The highest grade lies below the lowest.")})
