"""One-rule checks on people's fields, shared by models, forms and services."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from participants.engine.cells import name_fault
from participants.engine.places import time_zones

_NAME_FAULTS = {
    "control": _("A name cannot contain a line break or control character."),
    "link": _("A name cannot contain a web address."),
}


def validate_name(value: str) -> None:
    """Names go into mail headers and greetings: no line breaks, nothing that turns into a link (C-19)."""
    fault = name_fault(value)
    if fault is not None:
        raise ValidationError(_NAME_FAULTS[fault], code=fault)


def validate_time_zone(value: str) -> None:
    """An IANA zone that this installation's time zone data knows."""
    if value not in time_zones():
        raise ValidationError(
            _("“%(value)s” is not a known time zone."), code="zone", params={"value": value}
        )
