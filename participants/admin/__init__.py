"""People and grades at the desk. The import's pages stand with programmes, whose cohorts it fills."""

from participants.admin.barriers import BarrierAdmin, BarrierGroupAdmin
from participants.admin.grades import TitleGradeAdmin
from participants.admin.imports import ImportLogAdmin
from participants.admin.people import PersonAdmin

__all__ = ["BarrierAdmin", "BarrierGroupAdmin", "ImportLogAdmin", "PersonAdmin", "TitleGradeAdmin"]
