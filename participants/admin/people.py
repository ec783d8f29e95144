"""The roster as the desk shows it: who somebody is in the company, never what they bring or when they are free."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from common.policies import policy
from participants.choices import PersonState
from participants.models import BarrierGroup, Person
from participants.selectors import org_chart
from participants.services import change_person, mark_left, set_groups


def _has_log_in(person: Person) -> bool:
    user = getattr(person, "user", None)
    return bool(user and user.is_active)


def _how_known(above: Person | None) -> Any:
    """Somebody above, without a name: who it is stands in the chart, as far as the reader may know."""
    if above is None:
        return _("nobody")
    return _("kept as a key only") if above.is_chain_only else _("known")


class PersonForm(forms.ModelForm):
    """The roster row, and the barrier groups that the person belongs to."""

    barrier_groups = forms.ModelMultipleChoiceField(BarrierGroup.objects.none(), required=False)


@admin.register(Person)
class PersonAdmin(ScopedModelAdmin):
    """Corrections hold until the next roster. Opaque links of manager chains are nobody to look at."""

    form = PersonForm
    fieldsets = (
        (None, {"fields": ("hr_key", "first_name", "last_name", "email", "log_in")}),
        (
            _("In the company"),
            {
                "fields": (
                    "job_title", "grade", "department", "team", "discipline", "city", "office", "country", "chart",
                    "above",                    "appraised_by", "dotted", "barrier_groups", "state", "left_on",
                )
            },
        ),
        (_("Language and time"), {"fields": ("language", "time_zone", "spoken")}),
    )  # fmt: skip
    readonly_fields = ("log_in", "chart", "above", "appraised_by", "dotted", "left_on", "spoken")
    list_display = ("full_name", "job_title", "grade", "department", "city", "log_in", "state_tag")
    list_filter = ("state", "department", "country")
    list_per_page = 25
    search_fields = ("first_name", "last_name", "email", "hr_key")
    ordering = ("last_name", "first_name", "pk")
    actions = ("leave",)
    record_page = "person"

    def people_of(self, row: Person) -> list[int]:
        return [row.pk]

    def get_queryset(self, request: HttpRequest) -> Any:
        # Log-ins are fetched for the page's rows alone: a column of the query would be worked out for every row
        # that a later page skips.
        return super().get_queryset(request).known().prefetch_related("user")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        chart = path("<int:person_id>/chart/", guard(self.chart_view), name="participants_person_chart")
        return [chart, *super().get_urls()]

    @policy("coordinator")
    def chart_view(self, request: HttpRequest, person_id: int) -> HttpResponse:
        """Who stands above somebody, up to the top, and who reports to them; names within one's programmes."""
        request._record_page = "chart"  # type: ignore[attr-defined]
        person = self.get_object(request, str(person_id))
        if person is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Organisation chart"),
            "chart": org_chart(person, request.user, page=request.GET.get("page")),
        }
        return TemplateResponse(request, "admin/participants/chart.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By hand only where there is no roster yet: the first coordinator of an installation."""
        return super().has_add_permission(request) and request.user.is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(super().get_readonly_fields(request, obj))
        if obj is not None:
            fields.append("hr_key")
            if _has_log_in(obj) and not request.user.is_superuser:
                fields.append("email")
        return fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "barrier_groups" in form.base_fields:
            form.base_fields["barrier_groups"] = forms.ModelMultipleChoiceField(
                BarrierGroup.objects.visible_to(request.user),
                label=_("Barrier groups"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[] if obj is None else list(obj.memberships.values_list("group_id", flat=True)),
                help_text=_("Nobody of a group is ever paired with somebody behind a barrier to it."),
            )
        return form

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        if not change:
            obj.email = (obj.email or "").lower() or None
            super().save_model(request, obj, form, change)
            self._save_groups(request, obj, form)
            return
        values = {
            name: form.cleaned_data[name]
            for name in form.changed_data
            if name not in ("seen_version", "barrier_groups")
        }
        is_operator = request.user.is_superuser
        change_person(person=obj, values=values, by=self.acting(request), is_operator=is_operator)
        self._save_groups(request, obj, form)

    def _save_groups(self, request: HttpRequest, obj: Person, form: Any) -> None:
        if "barrier_groups" in form.changed_data:
            groups = form.cleaned_data["barrier_groups"]
            set_groups(person=obj, groups=groups, by=self.acting(request), now=timezone.now())

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, person: Person) -> str:
        return str(person)

    @admin.display(description=_("log-in"))
    def log_in(self, person: Any) -> Any:
        return _("yes") if _has_log_in(person) else _("not yet")

    @admin.display(description=_("organisation chart"))
    def chart(self, person: Person) -> Any:
        if person.pk is None:
            return "–"
        where = reverse("admin:participants_person_chart", args=[person.pk])
        return format_html('<a href="{}">{}</a>', where, _("Who stands above and below"))

    @admin.display(description=_("manager"))
    def above(self, person: Person) -> Any:
        return _how_known(person.manager)

    @admin.display(description=_("appraiser"))
    def appraised_by(self, person: Person) -> Any:
        return _how_known(person.appraiser)

    @admin.display(description=_("dotted lines"))
    def dotted(self, person: Person) -> int:
        return person.dotted_lines.count()

    @admin.display(description=_("working languages"))
    def spoken(self, person: Person) -> str:
        return ", ".join(person.languages) or "–"

    @admin.display(description=_("state"), ordering="state")
    def state_tag(self, person: Person) -> str:
        kind = "tag-ok" if person.state == PersonState.ACTIVE else "tag-wait"
        return format_html('<span class="tag {}">{}</span>', kind, person.get_state_display())

    @admin.action(description=_("Has left the company"))
    def leave(self, request: HttpRequest, rows: QuerySet[Person]) -> None:
        now, by = timezone.now(), self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda person: mark_left(person=person, by=by, now=now),
            done=lambda n: ngettext("%(n)s person has left.", "%(n)s people have left.", n) % {"n": n},
        )
