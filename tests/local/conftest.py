"""A layout of its own for each test, far from the checkout's, and a real broker in it."""

import time
from collections.abc import Iterator

import pytest
from redis import RedisError

from mentoring import heartbeat
from mentoring.local.folders import make_folders, remove_data
from mentoring.local.layout import Layout
from mentoring.local.valkey import start_valkey


@pytest.fixture
def layout(tmp_path) -> Iterator[Layout]:
    made = Layout("try", root=tmp_path)
    make_folders(made)
    yield made
    remove_data(made)


@pytest.fixture
def no_broker(layout, settings) -> Iterator[None]:
    """The site's broker is one that is not there."""
    settings.CELERY_BROKER_URL = layout.broker_url
    heartbeat.client.cache_clear()
    yield
    heartbeat.client.cache_clear()


@pytest.fixture
def valkey(no_broker, layout) -> Iterator[Layout]:
    """A real broker, and the site's heartbeats speak to it."""
    with layout.log_file("valkey").open("wb") as log:
        process = start_valkey(layout, log)
        _wait_for_answer()
        yield layout
        process.terminate()
        process.wait(10)


def _wait_for_answer() -> None:
    end = time.monotonic() + 10
    while True:
        try:
            heartbeat.client().ping()
        except (RedisError, OSError):
            assert time.monotonic() < end, "the broker does not start"
            time.sleep(0.02)
        else:
            return
