"""Coordinators' list of pairs: process only, and what a coordinator may do about a pair (decisions 10, 33)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.admin import NO_BREAK, ScopedModelAdmin, short_day
from pairings.models import Hold, Pairing
from pairings.services import complete_pairing, end_pairing, pause_pairing, resume_pairing
from participants.models import Person

Done = Callable[[int], str]
END_WORDS = _(
    "No reason is asked or kept. Both people are told separately, at nine o’clock on the next day "
    "on which both work, in the words that any ending has; their dates leave both calendars then. "
    "This cannot be undone; they can be matched anew."
)


class PauseForm(forms.Form):
    """Until when; empty for until further notice."""

    resume_on = forms.DateField(
        label=_("First day after the pause"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty to pause until further notice."),
    )


class _Asking(ScopedModelAdmin):
    """Actions with a page between choosing and doing."""

    def _ask(
        self,
        request: HttpRequest,
        rows: Any,
        *,
        action: str,
        title: str | Promise,
        words: str | Promise,
        button: str | Promise,
        form: forms.Form | None = None,
    ) -> HttpResponse:
        """A page between choosing and doing: which pairs, what happens, one button."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "words": words,
            "button": button,
            "action": action,
            "form": form,
            "pairings": rows,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/pairings/pairing/confirm.html", context)


@admin.register(Pairing)
class PairingAdmin(_Asking):
    """Pairs come about by two yeses, so nothing is added or typed here; actions call services."""

    allows_add = allows_change = False
    fields = ("cohort", "mentor", "mentee", "state", "is_taster", "confirmed_at", "ended_at")
    list_display: tuple[str, ...] = (
        "mentor_name", "mentee_name", "cohort", "state", "confirmed_at",
    )  # fmt: skip
    list_display_links = ("mentor_name", "mentee_name")
    list_filter = ("state", "cohort")
    list_select_related = ("cohort__programme", "mentor__person", "mentee__person")
    search_fields = (
        "mentor__person__first_name",
        "mentor__person__last_name",
        "mentee__person__first_name",
        "mentee__person__last_name",
    )
    ordering = ("-confirmed_at", "-id")
    actions = ("pause", "resume", "complete", "end")
    record_page = "pair"

    def people_of(self, row: Pairing) -> list[int]:
        return [row.mentor.person_id, row.mentee.person_id]

    @admin.display(description=_("mentor"), ordering="mentor__person__last_name")
    def mentor_name(self, pairing: Pairing) -> str:
        return str(pairing.mentor)

    @admin.display(description=_("mentee"), ordering="mentee__person__last_name")
    def mentee_name(self, pairing: Pairing) -> str:
        return str(pairing.mentee)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_agreement().with_goal_counts()

    @admin.display(description=_("agreement"), ordering="agreed_at")
    def agreed(self, pairing: Any) -> str:
        """Accepted by both and since when; of its words a coordinator sees none (decision 34)."""
        return short_day(timezone.localtime(pairing.agreed_at)) if pairing.agreed_at else gettext("not yet")

    @admin.display(description=_("goals"))
    def goals_set(self, pairing: Any) -> str:
        """How many each of the two has set; a number stays with its word."""
        counts = {"mentor": pairing.mentor_goals, "mentee": pairing.mentee_goals}
        words = gettext("mentor %(mentor)s, mentee %(mentee)s") % counts
        return words.replace(" ", NO_BREAK).replace(f",{NO_BREAK}", ", ")

    @admin.action(description=_("Pause…"))
    def pause(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        form = PauseForm(request.POST if "confirm" in request.POST else None)
        if not form.is_valid():
            return self._ask(
                request,
                rows,
                action="pause",
                title=_("Pause these pairs"),
                words=_(
                    "Their clock stands still: no reminders, and the days do not count. Both people are told at "
                    "once; dates that lie in the pause leave their calendars. Their seats stay taken."
                ),
                button=_("Pause"),
                form=form,
            )
        resume_on = form.cleaned_data["resume_on"]
        self._do(
            request,
            rows,
            lambda pairing, by, now: pause_pairing(pairing=pairing, by=by, resume_on=resume_on, now=now),
            lambda n: ngettext("%d pair is paused.", "%d pairs are paused.", n) % n,
        )
        return None

    @admin.action(description=_("Let go on"))
    def resume(self, request: HttpRequest, rows: Any) -> None:
        self._do(
            request,
            rows,
            lambda pairing, by, now: resume_pairing(pairing=pairing, by=by, now=now),
            lambda n: ngettext("%d pair goes on.", "%d pairs go on.", n) % n,
        )

    @admin.action(description=_("Complete…"))
    def complete(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        if "confirm" not in request.POST:
            return self._ask(
                request,
                rows,
                action="complete",
                title=_("Complete these pairs"),
                words=_(
                    "They have gone their way to the end. Dates still to come leave both calendars. This cannot be "
                    "undone."
                ),
                button=_("Complete"),
            )
        self._do(
            request,
            rows,
            lambda pairing, by, now: complete_pairing(pairing=pairing, by=by, now=now),
            lambda n: ngettext("%d pair is completed.", "%d pairs are completed.", n) % n,
        )
        return None

    @admin.action(description=_("End…"))
    def end(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        if "confirm" not in request.POST:
            return self._ask(
                request,
                rows,
                action="end",
                title=_("End these pairs"),
                words=END_WORDS,
                button=_("End"),
            )
        self._do(
            request,
            rows,
            lambda pairing, by, now: end_pairing(pairing=pairing, by=by, now=now),
            lambda n: ngettext("%d pair has ended.", "%d pairs have ended.", n) % n,
        )
        return None

    def _do(
        self,
        request: HttpRequest,
        rows: Any,
        act: Callable[[Pairing, Person | None, Any], object],
        done: Done,
    ) -> None:
        by, now = getattr(request.user, "person", None), timezone.now()
        self.act_on_each(request, rows, lambda pairing: act(pairing, by, now), done=done)


@admin.register(Hold)
class HoldAdmin(_Asking):
    """Pairs that paused by themselves because the two can no longer be one: what a coordinator has to look at."""

    allows_add = allows_change = False
    fields = ("pairing", "cause", "found_at")
    list_display = ("two", "cohort", "cause", "found_at")
    list_filter = ("cause",)
    list_select_related = (
        "pairing__cohort__programme", "pairing__mentor__person", "pairing__mentee__person",
    )  # fmt: skip
    search_fields = ("pairing__mentor__person__last_name", "pairing__mentee__person__last_name")
    ordering = ("found_at", "pk")
    actions = ("resume", "end")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).open()

    @admin.display(description=_("pair"), ordering="pairing__mentor__person__last_name")
    def two(self, hold: Hold) -> str:
        return str(hold.pairing)

    @admin.display(description=_("cohort"))
    def cohort(self, hold: Hold) -> str:
        return str(hold.pairing.cohort)

    @admin.action(description=_("Let go on, once nothing stands between the two any more"))
    def resume(self, request: HttpRequest, rows: Any) -> None:
        by, now = self.acting(request), timezone.now()
        self.act_on_each(
            request,
            rows,
            lambda hold: resume_pairing(pairing=hold.pairing, by=by, now=now),
            done=lambda n: ngettext("%d pair goes on.", "%d pairs go on.", n) % n,
        )

    @admin.action(description=_("End…"))
    def end(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        if "confirm" not in request.POST:
            return self._ask(
                request, rows, action="end", title=_("End these pairs"), words=END_WORDS, button=_("End")
            )
        by, now = self.acting(request), timezone.now()
        self.act_on_each(
            request,
            rows,
            lambda hold: end_pairing(pairing=hold.pairing, by=by, now=now),
            done=lambda n: ngettext("%d pair has ended.", "%d pairs have ended.", n) % n,
        )
        return None
