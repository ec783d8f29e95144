"""What every page's frame needs, in a constant number of queries."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor of the frame."""
    return {"shell": {"installation_name": settings.INSTALLATION_NAME}}
