"""Open calls at the desk: set up, and announced to whom a coordinator chooses, by number and never by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.policies import policy
from operations.admin import JobPage, describe_job
from operations.models import Job
from programmes.admin.programmes import ServiceForm, ServiceFormAdmin
from programmes.admin.selection import SelectionPages
from programmes.models import OpenCall
from programmes.selectors import Audience, call_state, people_to_ask, places_of_company
from programmes.services import ANNOUNCE_JOB, announce_call, change_call, publish_call

_STATES = {
    "open": ("tag-lit", _("one can sign up")),
    "over": ("tag-wait", _("its last day has passed")),
    "closed": ("", _("closed")),
}


class LinesField(forms.CharField):
    """Several values, one a line or between commas."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [part for line in text.replace(",", "\n").splitlines() if (part := line.strip())]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value


class OpenCallForm(ServiceForm):
    given = (
        "cohort", "closes_on", "mentor_seats", "mentee_seats", "mentor_grade_to", "mentee_grade_from",
        "departments",
        "lets_in",
    )  # fmt: skip
    departments = LinesField(
        label=_("only these departments"),
        required=False,
        help_text=_("One a line, as they stand in the roster. Empty: all of them."),
    )

    class Meta:
        model = OpenCall
        fields = (
            "cohort", "closes_on", "mentor_seats", "mentee_seats", "mentor_grade_to", "mentee_grade_from",
            "departments",
        "lets_in",
        )  # fmt: skip
        widgets = {"closes_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "lets_in" in self.fields:
            domains = ", ".join(f"@{domain}" for domain in settings.OPEN_CALL_DOMAINS)
            known = _("A code goes to their address, which ends in %(domains)s.") % {"domains": domains}
            none = _("Not possible here: the operators have named no mail domain (OPEN_CALL_DOMAINS).")
            self.fields["lets_in"].help_text = known if domains else none
            self.fields["lets_in"].disabled = not domains

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        low, high = cleaned.get("mentee_grade_from"), cleaned.get("mentor_grade_to")
        if low is not None and high is not None and low <= high:
            self.add_error("mentee_grade_from", _("Mentees come from grades above those of the mentors."))
        self._check_charter(
            cleaned.get("cohort") or (self.instance.cohort_id and self.instance.cohort), low, high
        )
        return cleaned

    def _check_charter(self, cohort: Any, low: int | None, high: int | None) -> None:
        """What would widen the charter is told where it stands; it would not hold anyway."""
        if not cohort:
            return
        most, least = cohort.programme.mentor_highest_grade, cohort.programme.mentee_lowest_grade
        if high is not None and most is not None and high > most:
            words = _("The charter lets mentors take part up to grade %(grade)s.")
            self.add_error("mentor_grade_to", words % {"grade": most})
        if low is not None and least is not None and low < least:
            words = _("The charter lets mentees take part from grade %(grade)s on.")
            self.add_error("mentee_grade_from", words % {"grade": least})


class AudienceForm(forms.Form):
    """Whom to write to; nothing chosen is everybody in the roster."""

    departments = forms.MultipleChoiceField(
        label=_("Departments"), required=False, widget=forms.CheckboxSelectMultiple
    )
    cities = forms.MultipleChoiceField(
        label=_("Offices"), required=False, widget=forms.CheckboxSelectMultiple
    )
    grade_from = forms.IntegerField(label=_("From grade"), required=False, min_value=1, max_value=99)
    grade_to = forms.IntegerField(label=_("Up to grade"), required=False, min_value=1, max_value=99)
    named = LinesField(
        label=_("Or only these people"),
        required=False,
        max_length=20_000,
        help_text=_("Their addresses or HR keys, one a line. What you chose above does not count then."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments, cities = places_of_company()
        for name, values in (("departments", departments), ("cities", cities)):
            field: Any = self.fields[name]
            field.choices = [(value, value) for value in values]
            if not values:
                del self.fields[name]

    def audience(self) -> Audience:
        """What was chosen, for the service."""
        chosen = self.cleaned_data
        return Audience(
            departments=tuple(chosen.get("departments", ())),
            cities=tuple(chosen.get("cities", ())),
            grade_from=chosen["grade_from"],
            grade_to=chosen["grade_to"],
            named=tuple(chosen["named"]),
        )


@admin.register(OpenCall)
class OpenCallAdmin(SelectionPages, ServiceFormAdmin):
    """One call a cohort; its announcement is a page of its own."""

    form = OpenCallForm
    change_form_template = "admin/programmes/opencall_form.html"
    fieldsets = (
        (None, {"fields": ("cohort", "closes_on", "mentor_seats", "mentee_seats")}),
        (
            _("Who may sign up"),
            {
                "fields": ("mentor_grade_to", "mentee_grade_from", "departments", "lets_in"),
                "description": _(
                    "The charter of the programme says who may take part. What you fill in here narrows it for this "
                    "cohort; it never widens it."
                ),
            },
        ),
    )
    list_display = ("cohort", "state_tag", "closes_on", "mentor_seats", "mentee_seats", "page_link")
    list_filter = ("cohort__programme",)
    list_select_related = ("cohort__programme",)
    search_fields = ("cohort__name", "cohort__programme__name")
    ordering = ("-closes_on", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = list(super().get_readonly_fields(request, obj))
        return [*own, "cohort"] if obj else own

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> OpenCall:
        if obj is None:
            return publish_call(cohort=values.pop("cohort"), values=values, by=self.acting(request))
        return change_call(call=obj, values=values, by=self.acting(request))

    @admin.display(description=_("state"))
    def state_tag(self, call: OpenCall) -> str:
        look, words = _STATES[call_state(call, timezone.now())]
        return format_html('<span class="tag {}">{}</span>', look, words)

    @admin.display(description=_("page"))
    def page_link(self, call: OpenCall) -> str:
        if call.cohort.stage == "draft":
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("portal:call", args=[call.pk]), _("as colleagues see it")
        )

    # --- announcing -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        announce = self.admin_site.admin_view(self.announce_view)
        return [
            path("<int:call_id>/announce/", announce, name="programmes_opencall_announce"),
            *self.selection_urls(),
            *super().get_urls(),
        ]

    def call_of(self, request: HttpRequest, call_id: int) -> OpenCall:
        """A call of the user's own programmes.

        Raises:
            Http404: there is none, or it is somebody else's.
        """
        call: OpenCall | None = (
            self.get_queryset(request).select_related("cohort__programme").filter(pk=call_id).first()
        )
        if call is None:
            raise Http404
        return call

    @policy("coordinator")
    def announce_view(self, request: HttpRequest, call_id: int) -> HttpResponse:
        """Choose an audience, see how many people that is, then let a worker write to them."""
        call = self.call_of(request, call_id)
        form = AudienceForm(request.POST if request.method == "POST" else None)
        count = None
        if form.is_bound and form.is_valid():
            if "send" in request.POST and (sent := self._announce(request, call, form)):
                return sent
            count = people_to_ask(call, form.audience()).count()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Announce it"),
            "opts": self.opts,
            "call": call,
            "form": form,
            "count": count,
            "can_send": call_state(call, timezone.now()) == "open",
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/programmes/opencall_announce.html", context, status=status)

    def _announce(self, request: HttpRequest, call: OpenCall, form: AudienceForm) -> HttpResponse | None:
        try:
            job = announce_call(
                call=call, audience=form.audience(), by=self.acting(request), now=timezone.now()
            )
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return None
        return redirect("admin:operations_job_progress", job.pk)


def _told(job: Job) -> list[str]:
    found = [str(_("%(told)s mails are on their way.")) % job.result]
    if job.result["before"]:
        found.append(str(_("%(before)s people had been told before and are left in peace.")) % job.result)
    return found


describe_job(
    ANNOUNCE_JOB,
    JobPage(
        title=_("Announcing the open call"),
        summary=_told,
        next_step=lambda job: (
            reverse("admin:programmes_opencall_change", args=[job.params["call"]]),
            _("Back to the call"),
        ),
        back=lambda job: (
            reverse("admin:programmes_opencall_announce", args=[job.params["call"]]),
            _("Back to the audience"),
        ),
    ),
)
