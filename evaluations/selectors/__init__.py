"""Reads for screens: what somebody may answer, who is to be asked, what may be shown."""

from evaluations.selectors.answering import rounds_of_person

__all__ = ["rounds_of_person"]
