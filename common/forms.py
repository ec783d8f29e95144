"""What forms of any door may carry beside their fields."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Who:
    """The badge under a field: an eye for who reads it, a lock for what is sealed or yours alone (decision 9)."""

    icon: str
    text: str | Promise
