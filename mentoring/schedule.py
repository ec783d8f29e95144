"""The clock's table: a few idempotent interval jobs in UTC; the database decides what is due (decision 20)."""

from __future__ import annotations

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {}
