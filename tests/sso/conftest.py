"""The provider, once for all tests of single sign-on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mentoring.sso import discovery
from tests.sso.process import Provider, running_provider


@pytest.fixture(scope="session")
def _process() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(_process: Provider, settings: Any) -> Provider:
    """A truthful provider, which the site is set up for."""
    discovery._kept.clear()
    _process.lies()
    settings.OIDC = _process.configuration()
    settings.SSO_ORIGINS = [settings.OIDC.origin]
    settings.SITE_URL = "http://testserver"
    return _process
