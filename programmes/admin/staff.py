"""Who runs a programme, stands by outside it, stands behind it or watches over it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from common.errors import DomainError
from programmes.admin.people_field import PersonField
from programmes.models import Coordinator, CouncilMember, NamedContact, Sponsor
from programmes.services import (
    check_contact,
    check_coordinator,
    check_council_member,
    check_sponsor,
    dismiss,
    dismiss_contact,
    dismiss_coordinator,
    invite_again,
    name_contact,
    name_coordinator,
    name_council_member,
    name_sponsor,
)


class StaffForm(forms.ModelForm):
    """A programme and a person named by key; why the service would refuse stands at the field."""

    who = PersonField()

    def check_person(self, programme: Any, person: Any) -> None:
        raise NotImplementedError

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.check_person(cleaned["programme"], cleaned["who"])
            except DomainError as refusal:
                self.add_error("who", refusal.message)
        return cleaned


class CoordinatorForm(StaffForm):
    class Meta:
        model = Coordinator
        fields = ("programme",)

    def check_person(self, programme: Any, person: Any) -> None:
        check_coordinator(programme=programme, person=person)


class NamedContactForm(StaffForm):
    class Meta:
        model = NamedContact
        fields = ("programme",)

    def check_person(self, programme: Any, person: Any) -> None:
        check_contact(programme=programme, person=person)


class StaffAdmin(ScopedModelAdmin):
    """Named and dismissed by services; nothing about a row changes in between."""

    list_display = ("person", "programme", "created_at")
    list_filter = ("programme",)
    search_fields = ("person__first_name", "person__last_name", "person__email")
    list_select_related = ("person", "programme")
    ordering = ("programme__name", "person__last_name", "pk")
    fields = ("programme", "who")
    actions = ("invite_once_more", "dismiss")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An existing row is looked at; changing who it is about would be another appointment."""
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("programme", "person", "created_at") if obj else ("programme", "who")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("programme", "person", "created_at") if obj else ()

    def name(self, **kwargs: Any) -> Any:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = {"programme": form.cleaned_data["programme"], "person": form.cleaned_data["who"]}
        stored = self.name(**given, by=self.acting(request), now=timezone.now())
        obj.__dict__.update(stored.__dict__)

    @admin.action(description=_("Send the invitation once more"))
    def invite_once_more(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        now, by = timezone.now(), self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda row: invite_again(row=row, by=by, now=now),
            done=lambda n: (
                ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", n)
                % {"n": n}
            ),
        )


@admin.register(Coordinator)
class CoordinatorAdmin(StaffAdmin):
    form = CoordinatorForm

    def name(self, **kwargs: Any) -> Coordinator:
        return name_coordinator(**kwargs)

    @admin.action(description=_("Take the programme out of their hands"))
    def dismiss(self, request: HttpRequest, rows: QuerySet[Coordinator]) -> None:
        by = self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda row: dismiss_coordinator(coordinator=row, by=by),
            done=lambda n: (
                ngettext("%(n)s coordinator dismissed.", "%(n)s coordinators dismissed.", n) % {"n": n}
            ),
        )


@admin.register(NamedContact)
class NamedContactAdmin(StaffAdmin):
    form = NamedContactForm

    def name(self, **kwargs: Any) -> NamedContact:
        return name_contact(**kwargs)

    @admin.action(description=_("Is no longer the named contact"))
    def dismiss(self, request: HttpRequest, rows: QuerySet[NamedContact]) -> None:
        by = self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda row: dismiss_contact(contact=row, by=by),
            done=lambda n: (
                ngettext("%(n)s named contact removed.", "%(n)s named contacts removed.", n) % {"n": n}
            ),
        )


class SponsorForm(StaffForm):
    class Meta:
        model = Sponsor
        fields = ("programme",)

    def check_person(self, programme: Any, person: Any) -> None:
        check_sponsor(programme=programme, person=person)


@admin.register(Sponsor)
class SponsorAdmin(StaffAdmin):
    form = SponsorForm

    def name(self, **kwargs: Any) -> Sponsor:
        return name_sponsor(**kwargs)

    @admin.action(description=_("Is no longer the sponsor"))
    def dismiss(self, request: HttpRequest, rows: QuerySet[Sponsor]) -> None:
        by = self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda row: dismiss(row=row, by=by),
            done=lambda n: ngettext("%(n)s sponsor removed.", "%(n)s sponsors removed.", n) % {"n": n},
        )


class CouncilMemberForm(StaffForm):
    class Meta:
        model = CouncilMember
        fields = ("programme",)

    def check_person(self, programme: Any, person: Any) -> None:
        check_council_member(programme=programme, person=person)


@admin.register(CouncilMember)
class CouncilMemberAdmin(StaffAdmin):
    form = CouncilMemberForm

    def name(self, **kwargs: Any) -> CouncilMember:
        return name_council_member(**kwargs)

    @admin.action(description=_("No longer follows it for the works council"))
    def dismiss(self, request: HttpRequest, rows: QuerySet[CouncilMember]) -> None:
        by = self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda row: dismiss(row=row, by=by),
            done=lambda n: (
                ngettext("%(n)s works-council member removed.", "%(n)s works-council members removed.", n)
                % {"n": n}
            ),
        )
