"""No package older than the release that mended what could be used against us."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from packaging.version import Version

#: The least version of each package, and what it mended that this program would have been open to.
FLOORS = {
    "Django": "5.2.19",  # formsets, cached private pages, header and query injection
    "django-allauth": "65.21.1",  # second factors that could be walked past, rate limits, passkey verification
    "celery": "5.7.0",  # the broker's password in logs
    "kombu": "5.7.0",
    "redis": "5.0.0",  # answers of one connection read by another
    "psycopg2-binary": "2.9.13",  # the client library and OpenSSL inside
    "oauthlib": "4.0.0",  # checks of the single sign-on
}


@pytest.mark.covers_part("C-31")
@pytest.mark.parametrize("package", sorted(FLOORS))
def test_no_package_is_older_than_its_floor(package: str) -> None:
    assert Version(version(package)) >= Version(FLOORS[package])
