"""The catalogue of topics at the desk, and what people miss in it (S0.24, S4.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin
from programmes.admin.service_forms import ServiceForm, ServiceFormAdmin
from programmes.admin.supply import SupplyPages
from programmes.choices import Direction, SuggestionState
from programmes.models import Programme, ProgrammeTopic, Topic, TopicSuggestion
from programmes.services import add_topic, change_topic, decide_suggestion, hide_topic, review_topic

_NAMES = ("name_en", "name_nl", "name_de")


class TopicForm(ServiceForm):
    given = ("programme", "code", *_NAMES, "direction", "perspective", "is_retired", "reviewed_on")

    class Meta:
        model = Topic
        fields = ("programme", "code", *_NAMES, "direction", "perspective", "is_retired", "reviewed_on")
        widgets = {"reviewed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


@admin.register(Topic)
class TopicAdmin(SupplyPages, ServiceFormAdmin):
    """The shipped catalogue to read, hide and review; a programme's own topics to write."""

    form = TopicForm
    fields = ("programme", "code", *_NAMES, "direction", "perspective", "is_retired", "reviewed_on")
    list_display = ("name", "code", "programme", "direction", "shown", "reviewed")
    list_filter = ("programme", "direction", "is_retired")
    list_select_related = ("programme",)
    search_fields = ("code", *_NAMES)
    ordering = ("code",)
    actions = ("reviewed_today", "hide", "show_again")

    def get_urls(self) -> list[URLPattern]:
        return [*self.supply_urls(), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        said = ProgrammeTopic.objects.filter(
            topic=OuterRef("pk"), programme__in=Programme.objects.visible_to(request.user)
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                hidden_here=Exists(said.filter(is_hidden=True)),
                reviewed_here=Subquery(
                    said.exclude(reviewed_on=None).order_by("-reviewed_on").values("reviewed_on")[:1]
                ),
            )
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        shared = obj is not None and obj.programme_id is None
        return super().has_change_permission(request, obj) and (not shared or request.user.is_superuser)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "programme" in form.base_fields and not request.user.is_superuser:
            form.base_fields["programme"].required = True
        return form

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Topic:
        if obj is None:
            return add_topic(**{"programme": values.pop("programme")}, values=values, by=self.acting(request))
        return change_topic(topic=obj, values=values, by=self.acting(request))

    @admin.display(description=_("name"), ordering="name_en")
    def name(self, topic: Topic) -> str:
        return str(topic)

    @admin.display(description=_("can be chosen"))
    def shown(self, topic: Any) -> str:
        if topic.is_retired:
            return format_html('<span class="tag">{}</span>', _("retired"))
        kind, word = ("tag-wait", _("hidden")) if topic.hidden_here else ("tag-ok", _("yes"))
        return format_html('<span class="tag {}">{}</span>', kind, word)

    @admin.display(description=_("reviewed on"))
    def reviewed(self, topic: Any) -> Any:
        return max((day for day in (topic.reviewed_on, topic.reviewed_here) if day), default=None)

    # --- actions ------------------------------------------------------------------------------------

    @admin.action(description=_("I looked at it today, it still fits"), permissions=["view"])
    def reviewed_today(self, request: HttpRequest, rows: QuerySet[Topic]) -> None:
        now, by = timezone.now(), self.acting(request)
        self._each(request, rows, lambda own, row: review_topic(programme=own, topic=row, by=by, now=now))

    @admin.action(description=_("Hide it in my programmes"), permissions=["view"])
    def hide(self, request: HttpRequest, rows: QuerySet[Topic]) -> None:
        by = self.acting(request)
        self._each(
            request, rows, lambda own, row: hide_topic(programme=own, topic=row, is_hidden=True, by=by)
        )

    @admin.action(description=_("Show it again in my programmes"), permissions=["view"])
    def show_again(self, request: HttpRequest, rows: QuerySet[Topic]) -> None:
        by = self.acting(request)
        self._each(
            request, rows, lambda own, row: hide_topic(programme=own, topic=row, is_hidden=False, by=by)
        )

    def _each(
        self, request: HttpRequest, rows: QuerySet[Topic], act: Callable[[Programme, Topic], None]
    ) -> None:
        """A shipped topic in each of one's programmes, a programme's own topic in that one."""
        mine = list(Programme.objects.visible_to(request.user))

        def one(row: Topic) -> None:
            for programme in mine:
                if row.programme_id in (None, programme.pk):
                    act(programme, row)

        done: Callable[[int], str] = lambda n: (  # noqa: E731
            ngettext("%(n)s topic is noted.", "%(n)s topics are noted.", n) % {"n": n}
        )
        self.act_on_each(request, rows, one, done=done)


class SuggestionForm(forms.ModelForm):
    """What becomes of a suggestion; the fields that the answer needs, checked where they stand."""

    decision = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            (SuggestionState.ACCEPTED, _("Take it up as a topic of this programme")),
            (SuggestionState.MERGED, _("It stands there already under another name")),
            (SuggestionState.DECLINED, _("Not taken up")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    name_en = forms.CharField(label=_("name in English"), max_length=120, required=False)
    name_nl = forms.CharField(label=_("name in Dutch"), max_length=120, required=False)
    name_de = forms.CharField(label=_("name in German"), max_length=120, required=False)
    direction = forms.ChoiceField(
        label=_("usual direction"), choices=Direction.choices, initial=Direction.BOTH, required=False
    )
    into = forms.ModelChoiceField(
        label=_("the topic that is meant"), queryset=Topic.objects.none(), required=False
    )

    class Meta:
        model = TopicSuggestion
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "into" not in self.fields:
            return
        into: Any = self.fields["into"]
        into.queryset = Topic.objects.offered_in(self.instance.programme_id)
        for name in _NAMES:
            self.fields[name].initial = self.instance.name

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == SuggestionState.ACCEPTED:
            for name in _NAMES:
                if not cleaned.get(name):
                    self.add_error(name, _("Give the name in all three languages."))
        if cleaned.get("decision") == SuggestionState.MERGED and not cleaned.get("into"):
            self.add_error("into", _("Choose the topic that is meant."))
        return cleaned

    def decided(self) -> dict[str, Any]:
        """What the service asks for."""
        given = self.cleaned_data
        values = {name: given[name] for name in (*_NAMES, "direction") if given.get(name)}
        accepted = given["decision"] == SuggestionState.ACCEPTED
        return {"to": given["decision"], "into": given.get("into"), "values": values if accepted else None}


@admin.register(TopicSuggestion)
class TopicSuggestionAdmin(ScopedModelAdmin):
    """What people miss, decided by a coordinator; the answer stands on its author's page."""

    form = SuggestionForm
    allows_add = False
    fields = ("name", "why", "person", "programme", "state", "topic")
    list_display = ("name", "why", "person", "programme", "state_tag")
    list_filter = ("state", "programme")
    list_select_related = ("person", "programme")
    search_fields = ("name", "why")
    ordering = ("created_at", "pk")
    _asked = ("decision", *_NAMES, "direction", "into")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or obj.state == SuggestionState.OPEN
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        is_open = obj is not None and obj.state == SuggestionState.OPEN
        return ("name", "why", "person", "programme", *self._asked) if is_open else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("name", "why", "person", "programme", "state", "topic")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        stored = decide_suggestion(suggestion=obj, by=self.acting(request), **form.decided())
        obj.__dict__.update(stored.__dict__)

    @admin.display(description=_("state"), ordering="state")
    def state_tag(self, suggestion: TopicSuggestion) -> str:
        kind = "tag-wait" if suggestion.state == SuggestionState.OPEN else "tag-info"
        return format_html('<span class="tag {}">{}</span>', kind, suggestion.get_state_display())
