"""The coordinators' matching pages: runs with their workbench, and proposals."""

from matching.admin.proposals import ProposalAdmin
from matching.admin.workbench import MatchingRunAdmin

__all__ = ["MatchingRunAdmin", "ProposalAdmin"]
