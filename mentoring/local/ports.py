"""Listening sockets, bound before anything starts and inherited, so that nobody takes a port in between."""

import socket

HOST = "127.0.0.1"
USUAL_PORTS = range(8000, 8030)


class PortTaken(Exception):
    """No port to listen on; the message says what to do."""


def listen_for_web(wanted: str) -> socket.socket:
    """A listening socket on the `wanted` port, or, when that is empty, on the first free one from 8000 up.

    Raises:
        PortTaken: the wanted port is no port, is not allowed, or is in use; or none is free.
    """
    if wanted:
        return _listen_on(_port_number(wanted))
    for port in USUAL_PORTS:
        try:
            return _listen(port)
        except OSError:
            continue
    raise PortTaken(f"No free port from {USUAL_PORTS[0]} to {USUAL_PORTS[-1]}. Name one: make run PORT=9000")


def listen_anywhere(preferred: int = 0) -> socket.socket:
    """A listening socket on the preferred port if that is free, else on any."""
    try:
        return _listen(preferred)
    except OSError:
        return _listen(0)


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def _port_number(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise PortTaken(f"PORT={text} is not a port. Use a number from 1024 to 65535: make run PORT=8000")
    return int(text)


def _listen_on(port: int) -> socket.socket:
    try:
        return _listen(port)
    except PermissionError:
        raise PortTaken(f"Port {port} is reserved for root. Use one above 1023: make run PORT=8000") from None
    except OSError:
        raise PortTaken(
            f"Port {port} is already taken. Try another: make run PORT={port % 65535 + 1}"
        ) from None


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
