"""For all tests: one throw-away PostgreSQL for every run of this checkout, and a mail server to speak to."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from mentoring.local import testserver
from mentoring.local.layout import Layout, database_name_for_tests
from mentoring.local.translations import compile_messages
from tests import dbtemplate
from tests.smtp import SmtpServer

# Held until this process ends: our test database's name, and our part in the server.
_held: list[object] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail when a test was skipped")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With `--no-skips` a suite that was partly left out is no suite that passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("no_skips") and reporter and reporter.stats.get("skipped") and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure(config: pytest.Config) -> None:
    """What all workers share: compiled translations, and a test database's name, which they inherit."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # else every request warns
    if hasattr(config, "workerinput"):
        return
    compile_messages()
    if not _uses_embedded_server():
        return
    suffix, lock = testserver.claim_database_name(Layout("test"), os.environ.get("TEST_DB_SUFFIX", ""))
    _held.append(lock)
    os.environ["TEST_DB_SUFFIX"] = suffix
    django_settings.DATABASES["default"]["TEST"]["NAME"] = database_name_for_tests()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported and collected lives to the end: nothing is won by walking it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The first test that wants the database starts the server, or joins the one that runs."""
    if _uses_embedded_server():
        _held.append(testserver.join(Layout("test")))
        if dbtemplate.exists():
            django_settings.DATABASES["default"]["TEST"]["TEMPLATE"] = dbtemplate.name()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """A database that took all migrations is kept, empty as it is, for later ones to be copied from."""
    if _uses_embedded_server():
        dbtemplate.keep()


@pytest.fixture
def smtp_server(settings: object) -> Iterator[SmtpServer]:
    """A real SMTP server in this process that Django's mail goes to; see `tests.smtp`."""
    with SmtpServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port  # type: ignore[attr-defined]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False  # type: ignore[attr-defined]
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""  # type: ignore[attr-defined]
        yield server


def _uses_embedded_server() -> bool:
    return django_settings.DATABASES["default"]["HOST"] == str(Layout("test").run)
