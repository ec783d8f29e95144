"""The works council's page of a programme: switches, what has changed since, and the answer that is recorded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.forms import Choice
from common.policies import policy
from programmes.choices import OBEYED, SWITCH_WORDS, Outcome, Switch
from programmes.models import Programme, Switches
from programmes.selectors import Standing, changes, standing_of, switches_of
from programmes.services import record_agreement, set_switches


class SwitchesForm(forms.Form):
    """One box for each switch that this version obeys; the others stand below it and cannot be turned."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stored: Switches, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for switch in OBEYED:
            self.fields[switch.value] = forms.BooleanField(
                label=switch.label,
                help_text=SWITCH_WORDS[switch],
                required=False,
                initial=getattr(stored, switch),
            )

    def values(self) -> dict[str, bool]:
        return {switch.value: self.cleaned_data[switch] for switch in OBEYED}


class AgreementForm(forms.Form):
    """What the works council said, on which day."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    outcome = forms.ChoiceField(
        label=_("What do you record?"),
        choices=[
            (
                Outcome.AGREED.value,
                Choice(
                    _("The works council has agreed"),
                    _("to the settings as they stand on this page and on the information sheet."),
                ),
            ),
            (
                Outcome.NO_COUNCIL.value,
                Choice(
                    _("There is no works council"),
                    _("in this organisation; whoever answers for data protection has seen the settings."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the works council has agreed, or that there is none.")},
    )
    agreed_on = forms.DateField(
        label=_("Day of the agreement"), widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For instance the number of the minutes. The works council’s members read it too."),
        max_length=300,
        required=False,
    )


class CouncilPages:
    """Adds the page to the programmes' admin."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.council_view)
        own = path("<int:programme_id>/council/", page, name="programmes_programme_council")
        return [own, *super().get_urls()]  # type: ignore[misc]

    @policy("coordinator")
    def council_view(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        """Where the programme stands with its works council; turn a switch, or record an agreement."""
        programme = self.get_queryset(request).filter(pk=programme_id).first()  # type: ignore[attr-defined]
        if programme is None:
            raise Http404
        sent = request.POST.get("part") if request.method == "POST" else ""
        switches = SwitchesForm(
            request.POST if sent == "switches" else None, stored=switches_of(programme.pk)
        )
        agreement = AgreementForm(request.POST if sent == "agreement" else None)
        done = self._turn(request, programme, switches) or self._record(request, programme, agreement)
        if done:
            self.message_user(request, done, messages.SUCCESS)  # type: ignore[attr-defined]
            return redirect("admin:programmes_programme_council", programme.pk)
        return self._page(request, programme, switches, agreement)

    def _turn(self, request: HttpRequest, programme: Programme, form: SwitchesForm) -> Any:
        if not form.is_bound or not form.is_valid():
            return ""
        given = {"values": form.values(), "seen_version": form.cleaned_data["seen_version"]}
        try:
            set_switches(programme=programme, by=self._acting(request), **given)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return ""
        return _("The switches are saved. What you turned off is off now.")

    def _record(self, request: HttpRequest, programme: Programme, form: AgreementForm) -> Any:
        if not form.is_bound or not form.is_valid():
            return ""
        by, now = self._acting(request), timezone.now()
        try:
            record_agreement(programme=programme, by=by, now=now, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("agreed_on" if refusal.code == "ahead" else None, refusal.message)
            return ""
        return _("It is recorded, with a copy of the settings as they stand.")

    def _acting(self, request: HttpRequest) -> Any:
        return getattr(request.user, "person", None)

    def _page(
        self,
        request: HttpRequest,
        programme: Programme,
        switches: SwitchesForm,
        agreement: AgreementForm,
    ) -> HttpResponse:
        """The page as things stand now: a form that was refused keeps what was typed, and knows what has changed."""
        standing, stored = standing_of(programme), switches_of(programme.pk)
        _bring_up_to_date(switches, "seen_version", stored.version if stored.pk else 0)
        _bring_up_to_date(agreement, "digest", standing.digest)
        bound = [form for form in (switches, agreement) if form.is_bound]
        before = standing.agreement.content if standing.agreement else {}
        words = changes(standing.differences, standing.now, before)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Works council"),
            "opts": self.opts,
            "programme": programme,
            "standing": standing,
            "wider": [one for one in words if one.is_wider],
            "narrower": [one for one in words if not one.is_wider],
            "states": _states(standing),
            "switches": switches,
            "idle": [(s.label, SWITCH_WORDS[s]) for s in Switch if s not in OBEYED],
            "agreement": agreement,
            "form": bound[0] if bound else None,
            "agreements": programme.agreements.select_related("recorded_by"),
        }
        status = 422 if bound else 200
        return TemplateResponse(request, "admin/programmes/council.html", context, status=status)


def _bring_up_to_date(form: forms.Form, name: str, value: object) -> None:
    """Let a form state what its page shows."""
    form.initial[name] = value
    if form.is_bound:
        data: Any = form.data
        form.data = data = data.copy()
        data[form.add_prefix(name)] = str(value)


def _states(standing: Standing) -> list[tuple[Any, str, Any]]:
    """Each switch with the kind of its tag and its state in a word: in force, waiting, off."""
    agreed = standing.agreement.content["switches"] if standing.agreement else {}
    states = []
    for switch in OBEYED:
        if not standing.now["switches"][switch]:
            states.append((switch.label, "", _("off")))
        elif agreed.get(switch):
            states.append((switch.label, "ok", _("in force")))
        else:
            states.append((switch.label, "wait", _("waits for the agreement")))
    return states
