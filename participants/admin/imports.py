"""The import log: who gave which file when, what it did, and, while the file is kept, what became of each row."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin
from participants.models import ImportLog
from participants.selectors import counts_in_words, outcome_lines

ROWS_A_PAGE = 100


@admin.register(ImportLog)
class ImportLogAdmin(ScopedModelAdmin):
    """One's own imports. Rows are named by their keys, as they stand in the file that was given."""

    allows_add = allows_change = False
    fields = ("filename", "by", "imported_at")
    list_display = ("__str__", "imported_at", "by", "in_words")
    list_select_related = ("by",)
    search_fields = ("filename",)
    ordering = ("-imported_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("file__content")

    @admin.display(description=_("what it did"))
    def in_words(self, log: ImportLog) -> str:
        return counts_in_words(log.counts)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it did, and what became of each row."""
        log = self.get_object(request, object_id)
        if log is None:
            raise Http404
        rows = log.file.outcomes if log.file else []
        page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(log),
            "log": log,
            "summary": counts_in_words(log.counts),
            "page": page,
            "lines": outcome_lines(page.object_list),
        }
        return TemplateResponse(request, "admin/participants/import_log.html", context)
