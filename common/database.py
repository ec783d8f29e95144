"""Telling a database that is away from one that says no."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, OperationalError


def is_away(error: Exception) -> bool:
    """Whether the database could not be asked at all: it restarts, or the line to it broke.

    A server that ends in the middle of an answer leaves no error code, and the driver then raises the very base
    class of its errors; every no of a database that is there has a class of its own.
    """
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
