"""The port: respected, and when it cannot be had, the message says so."""

import socket

import pytest

from mentoring.local.ports import USUAL_PORTS, PortTaken, listen_anywhere, listen_for_web, port_of


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_the_wanted_port_is_used(taken):
    with socket.create_server(("127.0.0.1", 0)) as finder:
        free = finder.getsockname()[1]
    with listen_for_web(str(free)) as listener:
        assert port_of(listener) == free


def test_a_taken_port_is_named(taken):
    with pytest.raises(PortTaken, match=rf"Port {taken} is already taken.*make run PORT={taken + 1}"):
        listen_for_web(str(taken))


@pytest.mark.parametrize("nonsense", ["web", "0", "65536", "-1", "80 80"])
def test_what_is_no_port_is_named(nonsense):
    with pytest.raises(PortTaken, match="is not a port"):
        listen_for_web(nonsense)


def test_without_a_wish_the_first_free_one_is_taken():
    with listen_for_web("") as first, listen_for_web("") as second:
        assert port_of(first) in USUAL_PORTS
        assert port_of(first) < port_of(second)


def test_a_service_port_falls_back_to_any(taken):
    with listen_anywhere(taken) as listener:
        assert port_of(listener) not in (0, taken)
