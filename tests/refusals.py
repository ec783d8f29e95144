"""What a test says of a step that must be refused."""

from __future__ import annotations

import pytest

from common.errors import DomainError


def refused(code: str, *words: str, kind: type[DomainError] = DomainError):
    """Expect a refusal with this code, of this kind, whose text names each of the words."""
    return pytest.raises(
        kind, check=lambda error: error.code == code and all(word in str(error) for word in words)
    )
