"""People as the HR file knows them, their log-ins, and the files they came from."""

from participants.models.delegates import Delegation
from participants.models.imports import ColumnMapping, ImportFile, TitleGrade
from participants.models.logins import User, UserManager
from participants.models.people import DottedLine, Person

__all__ = [
    "ColumnMapping",
    "Delegation",
    "DottedLine",
    "ImportFile",
    "Person",
    "TitleGrade",
    "User",
    "UserManager",
]
