"""Which grade a job title has, remembered from import to import."""

from __future__ import annotations

from django.contrib import admin

from common.admin import ScopedModelAdmin
from participants.models import TitleGrade


@admin.register(TitleGrade)
class TitleGradeAdmin(ScopedModelAdmin):
    allows_delete = True
    fields = ("title", "grade")
    list_display = ("title", "grade")
    search_fields = ("title",)
