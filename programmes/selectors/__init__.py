"""Reads that put several models of programmes together."""

from programmes.selectors.scope import (
    coordinated_person_ids,
    coordinated_programme_ids,
    needed_person_ids,
)

__all__ = ["coordinated_person_ids", "coordinated_programme_ids", "needed_person_ids"]
