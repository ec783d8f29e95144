"""The page on which a programme's mails get their opening and closing lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import DomainError
from common.policies import policy
from outbox.services import preview
from programmes.models import MailLines, Programme
from programmes.services import LINE_FIELDS, send_trial, settle_mail_lines


class MailLinesForm(forms.ModelForm):
    """A line before and one after, in three languages, with the version that it began with."""

    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    class Meta:
        model = MailLines
        fields = LINE_FIELDS


class MailLinesMixin:
    """The page, for the programme's own admin."""

    @policy("coordinator")
    def mail_view(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        """Opening and closing lines, how a mail reads with them, and a trial to oneself."""
        programme = self.programme_for(request, pk)
        lines = MailLines.objects.filter(programme=programme).first()
        if request.method == "POST" and "trial" in request.POST:
            self._send_trial(request, programme)
            return redirect("admin:programmes_programme_mail", pk)
        posted = request.POST if request.method == "POST" else None
        form = MailLinesForm(posted, instance=lines, initial={"seen": lines.version if lines else 0})
        if form.is_bound and form.is_valid() and self._settle_lines(request, programme, form):
            return redirect("admin:programmes_programme_mail", pk)
        status = 422 if form.is_bound else 200
        return TemplateResponse(
            request,
            "admin/programmes/mail_lines.html",
            self._lines_page(request, programme, form),
            status=status,
        )

    def _lines_page(
        self: Any, request: HttpRequest, programme: Programme, form: MailLinesForm
    ) -> dict[str, Any]:
        now = timezone.now()
        shown = [
            (label, preview(kind="mail_trial", programme_id=programme.pk, language=code, now=now))
            for code, label in settings.LANGUAGES
        ]
        return {
            **self.admin_site.each_context(request),
            "title": _("How mails begin and end"),
            "opts": self.opts,
            "programme": programme,
            "form": form,
            "shown": shown,
        }

    def _settle_lines(self: Any, request: HttpRequest, programme: Programme, form: MailLinesForm) -> bool:
        values = {name: form.cleaned_data[name] for name in LINE_FIELDS}
        try:
            settle_mail_lines(
                programme=programme, values=values, version=form.cleaned_data["seen"], by=self.acting(request)
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return False
        self.message_user(request, _("Saved. The next mails begin and end like this."))
        return True

    def _send_trial(self: Any, request: HttpRequest, programme: Programme) -> None:
        who = self.acting(request)
        try:
            sent = send_trial(programme=programme, to=who, now=timezone.now()) if who is not None else []
        except DomainError as refusal:
            self.message_user(request, refusal.message, "error")
            return
        if not sent:
            self.message_user(request, _("No mail address of yours is known."), "error")
            return
        text = ngettext("%(n)s mail is on its way to you.", "%(n)s mails are on their way to you.", len(sent))
        self.message_user(request, text % {"n": len(sent)})
