"""People as the HR file knows them, their log-ins, and the files they came from."""

from participants.models.barriers import Barrier, BarrierGroup, GroupMembership, NeverWith
from participants.models.delegates import Delegation
from participants.models.imports import ColumnMapping, ImportFile, ImportLog, TitleGrade
from participants.models.logins import User, UserManager
from participants.models.people import DottedLine, Person
from participants.models.requests import DataExport, ErasureRequest

__all__ = [
    "Barrier",
    "BarrierGroup",
    "ColumnMapping",
    "DataExport",
    "Delegation",
    "DottedLine",
    "ErasureRequest",
    "GroupMembership",
    "ImportFile",
    "ImportLog",
    "NeverWith",
    "Person",
    "TitleGrade",
    "User",
    "UserManager",
]
