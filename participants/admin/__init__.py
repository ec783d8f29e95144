"""People and grades at the desk. The import's pages stand with programmes, whose cohorts it fills."""

from participants.admin.barriers import BarrierAdmin, BarrierGroupAdmin
from participants.admin.grades import TitleGradeAdmin
from participants.admin.imports import ImportLogAdmin
from participants.admin.people import PersonAdmin
from participants.admin.requests import ErasureRequestAdmin

__all__ = [
    "BarrierAdmin",
    "BarrierGroupAdmin",
    "ErasureRequestAdmin",
    "ImportLogAdmin",
    "PersonAdmin",
    "TitleGradeAdmin",
]
