"""The import's pages. They work without JavaScript, and at every step what was chosen is kept (decision 28)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from common.errors import DomainError
from common.policies import policy
from participants.choices import FileState
from participants.models import ImportFile
from participants.selectors import LEFT_OUT_REASONS
from participants.services import put_aside
from programmes.admin.importing.forms import ConfirmForm, FilesForm
from programmes.admin.importing.preview import page_of
from programmes.admin.importing.steps import (
    address,
    are_valid,
    column_forms,
    head_of,
    intake_of,
    kept,
    lacking,
    save_choices,
    start,
    unseen_titles,
)
from programmes.models import Cohort, Enrolment
from programmes.selectors import preview_import, sources_of
from programmes.services import confirm_import, invite_all, keep_files, settle_import


@admin.register(ImportFile)
class ImportFileAdmin(ScopedModelAdmin):
    """The list leads back to wherever an import was left; its own pages do the rest."""

    allows_change = False
    fields = ("filename", "kind", "state", "created_at")
    list_display = ("what", "state_tag", "created_at", "purge_at")
    list_display_links = None
    ordering = ("-id",)
    change_list_template = "admin/participants/import_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")

    @admin.display(description=_("file"))
    def what(self, file: ImportFile) -> str:
        return format_html('<a href="{}">{}</a>', address("columns", file.goes_with_id or file.pk), file)

    @admin.display(description=_("state"), ordering="state")
    def state_tag(self, file: ImportFile) -> str:
        kind = {FileState.CONFIRMED: "tag-ok", FileState.CANCELLED: ""}.get(FileState(file.state), "tag-wait")
        return format_html('<span class="tag {}">{}</span>', kind, file.get_state_display())

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        steps = {
            "files": self.files_view,
            "columns": self.columns_view,
            "preview": self.preview_view,
            "done": self.done_view,
            "aside": self.aside_view,
        }
        own = [
            path(f"<int:file_id>/{name}/", guard(view), name=f"participants_importfile_{name}")
            for name, view in steps.items()
        ]
        return own + super().get_urls()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self.files_view(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        head = self._file(request, int(object_id) if object_id.isdigit() else 0)
        return redirect(address("columns", head.pk))

    def _file(self, request: HttpRequest, file_id: int) -> ImportFile:
        rows = ImportFile.objects.visible_to(request.user).select_related("companion", "goes_with")
        file = rows.filter(pk=file_id).first()
        if file is None:
            raise Http404
        head = head_of(file)
        intake = intake_of(head)
        mine = Cohort.objects.visible_to(request.user)
        if intake is not None and not mine.filter(pk=intake.cohort_id).exists():
            raise Http404  # whoever no longer runs the programme no longer imports into it (C-04)
        return head

    def _page(self, request: HttpRequest, name: str, step: int, **context: Any) -> TemplateResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": _("Import people"),
            "opts": self.opts,
            "step": step,
        }
        status = context.pop("status", 200)
        return TemplateResponse(
            request, f"admin/participants/import_{name}.html", {**frame, **context}, status=status
        )

    # --- 1: files -----------------------------------------------------------------------------------

    @policy("coordinator")
    def files_view(self, request: HttpRequest, file_id: int | None = None) -> HttpResponse:
        """Give a roster, an intake, or both; or put corrected files in their place."""
        head = self._file(request, file_id) if file_id else None
        if head is not None and head.state not in (FileState.UPLOADED, FileState.MAPPED):
            return redirect(address("done", head.pk))
        form = FilesForm(
            request.POST or None,
            request.FILES or None,
            user=request.user,
            kept=kept(head),
            initial=start(head, request),
        )
        if request.method == "POST" and _is_too_large(request):
            form.errors.clear()
            form.add_error(None, _("The files are too large: at most 2 MB each, and 3 MB together."))
        elif request.method == "POST" and form.is_valid():
            head = self._keep(request, form, head)
            if not form.errors and head is not None:
                return redirect(address("columns", head.pk))
        status = 422 if form.errors else 200
        return self._page(request, "files", 1, form=form, head=head, status=status)

    def _keep(self, request: HttpRequest, form: FilesForm, head: ImportFile | None) -> ImportFile | None:
        head, refusals = keep_files(
            head=head,
            roster=form.content("roster"),
            intake=form.content("intake"),
            scope=form.cleaned_data["scope"],
            cohort=form.cleaned_data.get("cohort"),
            by=self.acting(request),
            now=timezone.now(),
        )
        for part, refusal in refusals.items():
            form.refuse(part, refusal)
        form.kept = kept(head)
        return head

    # --- 2: columns and grades ------------------------------------------------------------------------

    @policy("coordinator")
    def columns_view(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Which column means what, and which grade a job title has; both are remembered."""
        head = self._file(request, file_id)
        if head.state not in (FileState.UPLOADED, FileState.MAPPED):
            return redirect(address("done", head.pk))
        sources = sources_of(head)
        forms = column_forms(head, sources, request)
        if request.method == "POST" and are_valid(forms) and save_choices(head, sources, forms):
            return redirect(self._after_columns(request, head, forms))
        status = 422 if any(form.errors for form in forms.values()) else 200
        left_out = sources.roster.left_out if sources.roster else []
        return self._page(
            request, "columns", 2, head=head, forms=forms, status=status,
            left_out=[(one.header, LEFT_OUT_REASONS[one.kind]) for one in left_out],
        )  # fmt: skip

    def _after_columns(self, request: HttpRequest, head: ImportFile, forms: dict[str, Any]) -> str:
        """On to the preview, unless the choice of columns brought up job titles that nobody was asked about."""
        unseen = unseen_titles(head, forms)
        if unseen:
            text = _("These columns bring up job titles that need a grade: %(titles)s.")
            self.message_user(request, text % {"titles": ", ".join(unseen[:5])}, messages.INFO)
        return address("columns" if unseen or "again" in request.POST else "preview", head.pk)

    # --- 3: preview -----------------------------------------------------------------------------------

    @policy("coordinator")
    def preview_view(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """What would happen, everything that is wrong, and the one button that makes it happen."""
        head = self._file(request, file_id)
        if head.state not in (FileState.UPLOADED, FileState.MAPPED):
            return redirect(address("done", head.pk))
        sources = sources_of(head, by_operator=request.user.is_superuser)
        if lacking(sources):
            return redirect(address("columns", head.pk))
        preview = preview_import(sources)
        page = page_of(preview, request.user)
        form = ConfirmForm(
            request.POST or None,
            initial={"digest": preview.digest},
            missing=[(one.id, one.name) for one in page.missing],
            has_problems=page.has_problems,
        )
        if request.method == "POST" and form.is_valid() and not page.is_blocked:
            return self._confirm(request, head, form, preview.digest)
        status = 422 if form.errors else 200
        heads = ((_("Roster"), page.figures), (_("Intake"), page.intake_figures))
        return self._page(request, "preview", 3, head=head, page=page, form=form, heads=heads, status=status)

    def _confirm(
        self, request: HttpRequest, head: ImportFile, form: ConfirmForm, digest: str
    ) -> HttpResponse:
        if form.cleaned_data["digest"] != digest:
            text = _("People have changed since the preview. Look at it once more, then confirm.")
            self.message_user(request, text, messages.WARNING)
            return redirect(address("preview", head.pk))
        try:
            job = confirm_import(
                file=settle_import(head=head),
                skips_wrong=bool(form.cleaned_data.get("skips_wrong")),
                left=form.gone,
                digest=digest,
                by=self.acting(request),
                by_operator=request.user.is_superuser,
            )
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect(address("preview", head.pk))
        return redirect("admin:operations_job_progress", job.pk)

    # --- afterwards -----------------------------------------------------------------------------------

    @policy("coordinator")
    def done_view(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """What was imported, and inviting the people who are in."""
        head = self._file(request, file_id)
        intake = intake_of(head)
        cohort = (
            Cohort.objects.filter(pk=intake.cohort_id or 0).select_related("programme").first()
            if intake
            else None
        )
        if request.method == "POST" and cohort is not None:
            count = invite_all(cohort=cohort, by=self.acting(request), now=timezone.now())
            text = ngettext("%(n)s person is invited.", "%(n)s people are invited.", count) % {"n": count}
            self.message_user(request, text, messages.SUCCESS)
            return redirect(address("done", head.pk))
        waiting = (
            Enrolment.objects.taking_part().filter(cohort=cohort, invited_at=None).count() if cohort else 0
        )
        return self._page(request, "done", 4, head=head, cohort=cohort, waiting=waiting, intake=intake)

    @policy("coordinator")
    def aside_view(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Give an import up."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        head = self._file(request, file_id)
        try:
            for file in filter(None, [head, getattr(head, "companion", None)]):
                put_aside(file=file)
            self.message_user(request, _("The import is put aside."), messages.SUCCESS)
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        return redirect("admin:participants_importfile_changelist")


def _is_too_large(request: HttpRequest) -> bool:
    """Whether the upload handler has let the files go unread: what is left of the form then looks empty."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
