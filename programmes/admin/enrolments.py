"""The people of a cohort at the desk: role, state, seats and topics; never a perspective, never free times (B-05)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from common.errors import DomainError
from participants.models import User
from programmes.admin.people_field import PersonField
from programmes.choices import SELECTS, EnrolmentState, Role
from programmes.models import Enrolment, TopicOffer, TopicWish
from programmes.services import (
    ANSWERS,
    answer_candidate,
    change_enrolment,
    check_enrolment,
    enrol,
    invite,
    set_enrolment_state,
)

#: What the desk never reads (B-05).
_UNREAD = ("perspectives_offered", "perspective_wanted", "intake__draft", "intake__words")
_TAGS = {
    EnrolmentState.APPLIED: "tag-wait",
    EnrolmentState.WAITLISTED: "tag-wait",
    EnrolmentState.ACCEPTED: "tag-info",
    EnrolmentState.MATCHED: "tag-ok",
    EnrolmentState.ACTIVE: "tag-ok",
    EnrolmentState.COMPLETED: "tag-lit",
}


class NewEnrolmentForm(forms.ModelForm):
    """A cohort, a person named by key, a role; the service's refusal stands at the field."""

    who = PersonField()
    capacity = forms.IntegerField(
        label=_("number of partners"), required=False, min_value=1, max_value=3,
        help_text=_("Left empty, two for a mentor and one for a mentee."),
    )  # fmt: skip

    class Meta:
        model = Enrolment
        fields = ("cohort", "role", "capacity")

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_enrolment(
                    **{name: cleaned[name] for name in ("cohort", "role", "capacity")}, person=cleaned["who"]
                )
            except DomainError as refusal:
                self.add_error("who", refusal.message)
        return cleaned


@admin.register(Enrolment)
class EnrolmentAdmin(ScopedModelAdmin):
    """Moved along its states by actions; each row goes through one service call."""

    list_display = (
        "full_name",
        "role_tag",
        "state_tag",
        "cohort",
        "place",
        "grade",
        "capacity",
        "invitation",
    )
    list_filter = ("cohort", "role", "state")
    search_fields = ("person__first_name", "person__last_name", "person__email", "person__department")
    ordering = ("person__last_name", "person__first_name", "pk")
    fields = ("cohort", "who", "role", "capacity")
    actions = ("invite", "accept", "take_back_in", "waitlist", "decline", "pause", "withdraw")
    record_page = "part"

    def people_of(self, row: Enrolment) -> list[int]:
        return [row.person_id]

    def get_queryset(self, request: HttpRequest) -> Any:
        log_in = User.objects.filter(person=OuterRef("person_id"), is_active=True)
        rows = super().get_queryset(request).select_related("person", "cohort__programme", "intake")
        return rows.annotate(has_log_in=Exists(log_in)).defer(
            "perspectives_offered", "perspective_wanted", "intake__draft", "intake__words"
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            offers = Prefetch("offers", TopicOffer.objects.select_related("topic"))
            wishes = Prefetch("wishes", TopicWish.objects.select_related("topic"))
            prefetch_related_objects([found], offers, wishes)
        return found

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("cohort", "who", "role", "capacity")
        return (
            "person", "cohort", "state", "role", "capacity", "is_cross_border", "style", "offered", "wanted",
            "openness", "intake_sent", "invitation",
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = list(super().get_readonly_fields(request, obj))
        return (
            [*own, "person", "cohort", "offered", "wanted", "openness", "intake_sent", "invitation"]
            if obj
            else own
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewEnrolmentForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Enrolment, form: Any, change: bool) -> None:
        if not change:
            given = {name: form.cleaned_data[name] for name in ("cohort", "role", "capacity")}
            stored = enrol(**given, person=form.cleaned_data["who"], by=self.acting(request))
            obj.__dict__.update(stored.__dict__)
            return
        values = {name: form.cleaned_data[name] for name in form.changed_data if name != "seen_version"}
        change_enrolment(enrolment=obj, values=values, by=self.acting(request))

    # --- columns ------------------------------------------------------------------------------------

    @admin.display(description=_("name"), ordering="person__last_name")
    def full_name(self, enrolment: Enrolment) -> str:
        return str(enrolment.person)

    @admin.display(description=_("role"), ordering="role")
    def role_tag(self, enrolment: Enrolment) -> str:
        kind = "tag-m" if enrolment.role == Role.MENTOR else "tag-e"
        return format_html('<span class="tag {}">{}</span>', kind, enrolment.get_role_display())

    @admin.display(description=_("state"), ordering="state")
    def state_tag(self, enrolment: Enrolment) -> str:
        kind = _TAGS.get(EnrolmentState(enrolment.state), "")
        return format_html('<span class="tag {}">{}</span>', kind, enrolment.get_state_display())

    @admin.display(description=_("place in the company"), ordering="person__department")
    def place(self, enrolment: Enrolment) -> str:
        return enrolment.person.place_line or "–"

    @admin.display(description=_("grade"), ordering="person__grade")
    def grade(self, enrolment: Enrolment) -> Any:
        return enrolment.person.grade

    @admin.display(description=_("invitation"), ordering="invited_at")
    def invitation(self, enrolment: Any) -> Any:
        if enrolment.has_log_in:
            return _("has come in")
        return _("sent") if enrolment.invited_at else _("not sent yet")

    @admin.display(description=_("openness statement"))
    def openness(self, enrolment: Enrolment) -> str:
        """What a candidate says of their openness, for the selection (S0.28)."""
        intake = getattr(enrolment, "intake", None)
        return intake.openness if intake and intake.completed_at else "–"

    @admin.display(description=_("intake"))
    def intake_sent(self, enrolment: Enrolment) -> Any:
        intake = getattr(enrolment, "intake", None)
        return _("complete") if intake and intake.completed_at else _("not sent yet")

    @admin.display(description=_("topics offered"))
    def offered(self, enrolment: Enrolment) -> Any:
        rows = ((str(offer.topic), offer.level) for offer in enrolment.offers.all())
        return format_html_join(", ", "{} ({})", rows) or "–"

    @admin.display(description=_("topics wanted"))
    def wanted(self, enrolment: Enrolment) -> Any:
        rows = ((str(wish.topic), wish.priority) for wish in enrolment.wishes.all())
        return format_html_join(", ", "{} ({})", rows) or "–"

    # --- actions ------------------------------------------------------------------------------------

    @admin.action(description=_("Invite by mail"))
    def invite(self, request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
        now, by = timezone.now(), self.acting(request)
        self.act_on_each(
            request,
            rows,
            lambda row: invite(enrolment=row, by=by, now=now),
            done=lambda n: ngettext("%(n)s person is invited.", "%(n)s people are invited.", n) % {"n": n},
        )

    @admin.action(description=_("Accept"))
    def accept(self, request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
        self._move(request, rows, EnrolmentState.ACCEPTED)

    @admin.action(description=_("Take back in who had left"))
    def take_back_in(self, request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
        self._move(request, rows.filter(state=EnrolmentState.WITHDRAWN), EnrolmentState.ACCEPTED)

    @admin.action(description=_("Put on the waiting list"))
    def waitlist(self, request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
        self._move(request, rows, EnrolmentState.WAITLISTED)

    @admin.action(description=_("Not this time"))
    def decline(self, request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
        self._move(request, rows, EnrolmentState.DECLINED)

    @admin.action(description=_("Pause"))
    def pause(self, request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
        self._move(request, rows, EnrolmentState.PAUSED)

    @admin.action(description=_("Withdraw"))
    def withdraw(self, request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
        self._move(request, rows, EnrolmentState.WITHDRAWN)

    def _move(self, request: HttpRequest, rows: QuerySet[Enrolment], to: EnrolmentState) -> None:
        now, by = timezone.now(), self.acting(request)

        def move(row: Any) -> object:
            if (
                to in ANSWERS and row.cohort.stage in SELECTS
            ):  # as on the page of the selection, with its mail
                return answer_candidate(enrolment=row, to=to, seen=row.state, by=by, now=now)
            return set_enrolment_state(enrolment=row, to=to, by=by, now=now)

        self.act_on_each(
            request,
            rows,
            move,
            done=lambda n: (
                ngettext("%(n)s person: %(state)s.", "%(n)s people: %(state)s.", n)
                % {"n": n, "state": to.label}
            ),
        )
