"""Who may enter the coordinators' site, asked anew on each request (C-04)."""

from __future__ import annotations

from typing import Any

from programmes.models import Coordinator


def is_staff_member(user: Any) -> bool:
    """A superuser, or a person who coordinates at least one programme."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    return user.person_id is not None and Coordinator.objects.filter(person_id=user.person_id).exists()
