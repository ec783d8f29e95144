"""A site with one of everything that Django's own pages can show: chips, search, dates, actions, rows in a form."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.urls import path

from common.admin import ScopedTabularInline
from mentoring.urls import handler500  # noqa: F401  (Django looks for it here)
from mentoring.urls import urlpatterns as real_patterns
from participants.models import Person
from programmes.models import Cohort, Enrolment, Programme

trial = AdminSite(name="trial")


class EnrolmentRows(ScopedTabularInline):
    model = Enrolment
    fields = ("person", "role", "capacity", "is_cross_border")
    autocomplete_fields = ("person",)
    allows_delete = True


class PersonAdmin(admin.ModelAdmin):
    list_display = ("hr_key", "first_name", "last_name", "department", "city", "language", "is_chain_only")
    list_filter = ("language", "department", "is_chain_only")
    search_fields = ("first_name", "last_name")
    search_help_text = "By first or last name."
    list_per_page = 20
    fieldsets = (
        (None, {"fields": ("hr_key", ("first_name", "last_name"), "email", "manager")}),
        ("Where", {"fields": ("department", "city", "time_zone", "is_chain_only")}),
    )
    autocomplete_fields = ("manager",)


class CohortAdmin(admin.ModelAdmin):
    list_display = ("name", "programme", "stage", "starts_on")
    date_hierarchy = "starts_on"
    fields = ("programme", "name", "starts_on", "ends_on", "cadence", "weights")
    inlines = (EnrolmentRows,)


trial.register(Person, PersonAdmin)
trial.register(Cohort, CohortAdmin)
trial.register(Programme, fields=("name", "purpose", "language"))

urlpatterns = [path("trial/", trial.urls), *real_patterns]
