"""The base of every list and form on the coordinators' site: nothing outside the user's programmes (C-05).

An admin states its ``fields`` or ``fieldsets``, and its model's queryset offers ``visible_to(user)``. Everything
else follows: rows, choices, filters, search, autocomplete, history, actions, the confirmation of a deletion.
"""

from common.admin.inlines import LabelledFormSet, ScopedStackedInline, ScopedTabularInline
from common.admin.lists import ScopedModelAdmin, record_opened
from common.admin.moments import NO_BREAK, short_day, short_moment
from common.admin.scope import STATE_FIELDS, ScopedRelatedFilter, ScopedValuesFilter, scoped
from common.admin.versions import VersionCheck

__all__ = [
    "NO_BREAK",
    "STATE_FIELDS",
    "LabelledFormSet",
    "ScopedModelAdmin",
    "ScopedRelatedFilter",
    "ScopedStackedInline",
    "ScopedTabularInline",
    "ScopedValuesFilter",
    "VersionCheck",
    "record_opened",
    "scoped",
    "short_day",
    "short_moment",
]
