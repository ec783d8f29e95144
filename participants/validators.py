"""One-rule checks on people's fields, shared by models, forms and services."""

from __future__ import annotations

import re
import zoneinfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_LINK_LIKE = re.compile(r"https?:|www\.|\.(com|net|org|nl|de|eu|io)\b", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def validate_name(value: str) -> None:
    """Names go into mail headers and greetings: no line breaks, nothing that turns into a link (C-19)."""
    if _CONTROL.search(value):
        raise ValidationError(_("A name cannot contain a line break or control character."), code="control")
    if _LINK_LIKE.search(value):
        raise ValidationError(_("A name cannot contain a web address."), code="link")


def validate_time_zone(value: str) -> None:
    """An IANA zone that this installation's time zone data knows."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a known time zone."), code="zone", params={"value": value}
        )
