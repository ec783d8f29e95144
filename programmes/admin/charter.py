"""The page of a programme: its charter, goals, texts and cohorts, and what the next step lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.forms import Choice
from common.policies import policy
from programmes.admin.council import CouncilPages
from programmes.admin.mail_lines import MailLinesMixin
from programmes.admin.service_forms import LinesField, ServiceForm, ServiceFormAdmin, codes
from programmes.choices import BRIEFS, Dimension, Format, Hierarchy, Perspective, PresetChoice, Role, TextKey
from programmes.engine.hours import Budget
from programmes.models import Programme, ProgrammeText
from programmes.selectors import PARTS, names_for, overview, signatures, text_of
from programmes.services import begin_programme, change_programme

_START = ("name", "purpose", "language", "sender_name")
_WHY = ("name", "purpose", "ambition", "outcomes")
_SAID = ("purpose_en", "purpose_nl", "purpose_de")
_WHOM = ("scope", "scope_name", "perspectives")
_ROLE = ("lowest_grade", "highest_grade", "departments", "min_months")
_HOW = ("formats", "months", "cadence", "meeting_minutes", "has_circles", "hierarchy")
_PROMISE = ("confidentiality", "signed_by", "sender_name", "language", "budget")
_MENTORS = tuple(f"mentor_{name}" for name in _ROLE)
_MENTEES = tuple(f"mentee_{name}" for name in _ROLE)


_LEFT_EMPTY = _("Left empty, everybody reads the sentence above.")


class StartForm(ServiceForm):
    """What a programme begins with; the charter follows on its page."""

    preset = forms.ChoiceField(
        label=_("Begin with"),
        choices=[
            (
                PresetChoice.NINE.value,
                Choice(PresetChoice.NINE.label, _("monthly conversations, mentor circles")),
            ),
            (PresetChoice.SIX.value, Choice(PresetChoice.SIX.label, _("a first try, or a short run"))),
            (
                PresetChoice.TWELVE.value,
                Choice(PresetChoice.TWELVE.label, _("with a long second half")),
            ),
            (
                PresetChoice.FINANCE_PILOT.value,
                Choice(
                    PresetChoice.FINANCE_PILOT.label,
                    _("one team, six months, 10 to 15 pairs, at lunch, no circles"),
                ),
            ),
            (
                PresetChoice.PARTNERS.value,
                Choice(
                    PresetChoice.PARTNERS.label,
                    _("nine months, 122 mentors for 200 partners, circles each quarter"),
                ),
            ),
        ],
        initial=PresetChoice.NINE.value,
        required=False,
        widget=forms.RadioSelect,
    )
    scope_name = forms.CharField(
        label=_("name of the team"),
        max_length=120,
        required=False,
        help_text=_("For the finance team pilot."),
    )
    hierarchy = forms.ChoiceField(
        label=_("hierarchy"), choices=Hierarchy.choices, initial=Hierarchy.FLAT.value, required=False
    )
    first_day = forms.DateField(
        label=_("first day of the first cohort"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("Leave it empty to make the cohort later."),
    )

    given = (*_START, "preset", "scope_name", "hierarchy", "first_day")

    def clean(self) -> Any:
        """A pilot for a team needs its name."""
        cleaned = super().clean() or {}
        pilot = cleaned.get("preset") == PresetChoice.FINANCE_PILOT
        if pilot and not (cleaned.get("scope_name") or "").strip():
            self.add_error("scope_name", _("Say which department or team it is for."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Without what was left open: the preset says it."""
        return {name: value for name, value in super().values().items() if value not in (None, "")}

    class Meta:
        model = Programme
        fields = _START


class CharterForm(ServiceForm):
    """All of the charter, in the order in which one thinks it through."""

    outcomes = codes(Dimension, _("what it is to bring"))
    perspectives = codes(Perspective, _("perspectives on offer"))
    formats = codes(Format, _("ways of meeting"))
    mentor_departments = LinesField(label=_("mentors: departments"))
    mentee_departments = LinesField(label=_("mentees: departments"))

    given = (*_WHY, *_SAID, *_WHOM, *_MENTORS, *_MENTEES, *_HOW, *_PROMISE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whoever stands behind the programme signs its letter: chosen, as soon as there is somebody to choose."""
        super().__init__(*args, **kwargs)
        names = signatures(self.instance) if self.instance.pk else []
        if names:
            current = self.instance.signed_by
            names += [current] if current and current not in names else []
            self.fields["signed_by"] = forms.ChoiceField(
                label=self.fields["signed_by"].label,
                choices=[("", "–"), *((name, name) for name in names)],
                required=False,
                help_text=_("The sponsors of this programme; name them under “Sponsors”."),
            )

    class Meta:
        model = Programme
        fields = (*_WHY, *_SAID, *_WHOM, *_MENTORS, *_MENTEES, *_HOW, *_PROMISE)
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("purpose", *_SAID)}


@admin.register(Programme)
class ProgrammeAdmin(CouncilPages, MailLinesMixin, ServiceFormAdmin):
    """A list whose rows lead to the programme's page; the charter's form behind it."""

    form = CharterForm
    fieldsets = (
        (_("Why"), {"fields": _WHY}),
        (_("The purpose in other languages"), {"fields": _SAID, "description": _LEFT_EMPTY}),
        (_("For whom"), {"fields": _WHOM}),
        (_("Who may be a mentor"), {"fields": _MENTORS}),
        (_("Who may be a mentee"), {"fields": _MENTEES}),
        (_("How"), {"fields": _HOW}),
        (_("Promise and sender"), {"fields": _PROMISE}),
    )
    change_form_template = "admin/programmes/charter_form.html"
    list_display = ("page", "purpose", "cohorts")
    list_display_links = None
    search_fields = ("name",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(cohort_count=Count("cohorts", distinct=True))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else ((None, {"fields": StartForm.given}),)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = StartForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """A programme speaks the language of whoever begins it, until they say otherwise."""
        own = getattr(self.acting(request), "language", "") or (get_language() or "en")[:2]
        return {"language": own, **super().get_changeform_initial_data(request)}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """One button: what comes next stands on the programme's own page."""
        alone = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**alone, **(extra_context or {})})

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Programme:
        if obj is None:
            return begin_programme(**values, by=self.acting(request))
        return change_programme(programme=obj, values=values, by=self.acting(request))

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:programmes_programme_overview", obj.pk)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:programmes_programme_overview", obj.pk)

    @admin.display(description=_("name"), ordering="name")
    def page(self, programme: Programme) -> str:
        address = reverse("admin:programmes_programme_overview", args=[programme.pk])
        return format_html('<a href="{}"><strong>{}</strong></a>', address, programme.name)

    @admin.display(description=_("cohorts"), ordering="cohort_count")
    def cohorts(self, programme: Any) -> int:
        count: int = programme.cohort_count
        return count

    # --- pages of its own --------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/overview/", guard(self.overview_view), name="programmes_programme_overview"),
            path("<int:pk>/texts/<slug:key>/", guard(self.text_view), name="programmes_programme_text"),
            path(
                "<int:pk>/texts/<slug:key>/edit/",
                guard(self.edit_text_view),
                name="programmes_programme_text_edit",
            ),
            path("<int:pk>/mail/", guard(self.mail_view), name="programmes_programme_mail"),
            *super().get_urls(),
        ]

    def programme_for(self, request: HttpRequest, pk: int) -> Programme:
        """This user's programme, or 404 as for one that is not there (C-01)."""
        programme: Programme | None = self.get_queryset(request).filter(pk=pk).first()
        if programme is None:
            raise Http404
        return programme

    @policy("coordinator")
    def overview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One clear page: the charter, what the next step lacks, the texts, and the cohorts side by side."""
        programme = self.programme_for(request, pk)
        page = overview(programme, now=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": programme.name,
            "opts": self.opts,
            "programme": programme,
            "page": page,
            "budget_rows": _budget_rows(page.budgets),
            "staff": [row.person for row in programme.coordinators.select_related("person")],
            "contacts": [row.person for row in programme.contacts.select_related("person")],
        }
        return TemplateResponse(request, "admin/programmes/overview.html", context)

    @policy("coordinator")
    def text_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        """A text as it is read, in the three languages, with what the curly brackets stand for."""
        programme = self.programme_for(request, pk)
        if key not in TextKey.values:
            raise Http404
        role = next((role for role, brief in BRIEFS.items() if brief == key), Role.MENTEE)
        values = names_for(programme, role=role)
        stored = ProgrammeText.objects.filter(programme=programme, key=key).first()
        shown = [
            (label, text_of(programme, key, code, stored=stored).filled(values))
            for code, label in _language_names()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": str(TextKey(key).label),
            "opts": self.opts,
            "programme": programme,
            "key": key,
            "shown": shown,
            "is_settled": stored is not None,
        }
        return TemplateResponse(request, "admin/programmes/text.html", context)

    @policy("coordinator")
    def edit_text_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        """To the form of a text: the settled one, or a new one that begins with the shipped words."""
        programme = self.programme_for(request, pk)
        if key not in TextKey.values:
            raise Http404
        stored = ProgrammeText.objects.filter(programme=programme, key=key).first()
        if stored is not None:
            return redirect("admin:programmes_programmetext_change", stored.pk)
        query = urlencode({"programme": str(programme.pk), "key": key})
        return redirect(f"{reverse('admin:programmes_programmetext_add')}?{query}")


def _budget_rows(budgets: Mapping[str, Budget]) -> list[dict[str, Any]]:
    """The hours part by part, both roles side by side."""
    of = {
        role: {part.code: number_format(round(part.minutes / 15) / 4) for part in budget.parts}
        for role, budget in budgets.items()
    }
    return [
        {"name": name, "mentor": of[Role.MENTOR].get(code, "–"), "mentee": of[Role.MENTEE].get(code, "–")}
        for code, name in PARTS.items()
        if code in of[Role.MENTOR] or code in of[Role.MENTEE]
    ]


def _language_names() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]
