"""Rounds at the coordinators' desk. Ledger, answers and snapshots have no page of their own (A-20)."""

from evaluations.admin.rounds import RoundAdmin

__all__ = ["RoundAdmin"]
