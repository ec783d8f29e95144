"""Suggesting a topic, and naming one that a colleague has something to say about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from common.privacy import who_sees
from programmes.models import Topic


class SuggestionForm(forms.Form):
    """A name, and a line about it if one likes."""

    name = forms.CharField(
        label=_("Which topic is missing?"),
        max_length=80,
        error_messages={"required": _("Give the topic a name.")},
    )
    why = forms.CharField(
        label=_("What it is about, in one line"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.who = Who(*who_sees("programmes.TopicSuggestion", name))  # type: ignore[attr-defined]


class NameTopicForm(forms.Form):
    """A topic from the list or in own words, and one sentence."""

    topic = forms.ChoiceField(
        label=_("Topic"),
        required=False,
        error_messages={"invalid_choice": _("Choose a topic from the list.")},
    )
    own_words = forms.CharField(
        label=_("Or in your own words, if it is not in the list"), max_length=80, required=False
    )
    sentence = forms.CharField(
        label=_("In one sentence: what could you tell or show?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in one sentence what you could tell about it.")},
    )

    def __init__(self, *args: Any, programme_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = sorted(Topic.objects.offered_in(programme_id), key=lambda topic: str(topic).casefold())
        chosen: Any = self.fields["topic"]
        chosen.is_one_of = True  # this or the next: calling both optional would mislead
        chosen.choices = [("", _("Choose a topic")), *((topic.code, str(topic)) for topic in topics)]
        for name, source in (("topic", "topic"), ("sentence", "sentence")):
            self.fields[name].who = Who(*who_sees("programmes.ColleagueTopic", source))  # type: ignore[attr-defined]
        self.fields["own_words"].who = Who(*who_sees("programmes.TopicSuggestion", "name"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code, own = data.get("topic"), (data.get("own_words") or "").strip()
        if not code and not own and "topic" not in self.errors:
            self.add_error("topic", _("Choose a topic from the list, or name one in your own words."))
        elif code and own:
            self.add_error("own_words", _("Choose one from the list or write your own, one at a time."))
        return data
