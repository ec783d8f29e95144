"""The five steps of the intake, at most seven questions each; every field says who sees it (decision 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Choice, Week, Who
from common.privacy import who_sees
from participants.choices import PARTS_OF_DAY, Block
from portal.forms.calls import OWN_RATINGS, OWN_VIEWS
from portal.forms.profile import WORKING_LANGUAGES
from portal.selectors.intake import Known
from programmes.choices import (
    BEGUN,
    LEVELS,
    Channel,
    Criterion,
    Direction,
    Perspective,
    Place,
    Role,
    Strength,
    Style,
)
from programmes.selectors import hours_of
from programmes.services import NamedTopic


class StepForm(forms.Form):
    """One step. ``sources`` names for each field the stored field whose privacy line is its badge."""

    sources: Mapping[str, str] = {}
    template = "portal/intake_step.html"

    def __init__(self, *args: Any, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.enrolment = known, known.enrolment
        self.is_mentor = self.enrolment.role == Role.MENTOR
        self.fit()
        for name, source in self.sources.items():
            if name in self.fields:
                model, _dot, field = source.rpartition(".")
                self.fields[name].who = Who(*who_sees(model, field))  # type: ignore[attr-defined]

    def fit(self) -> None:
        """Leave out what the other role is asked."""

    def drop(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    def values(self) -> dict[str, Any]:
        """What the service asks for."""
        return self.cleaned_data

    def told(self) -> list[tuple[Any, str]]:
        """Each question with its answer in words, to read through before sending."""
        return [(bound.label, words) for bound in self if (words := _words(bound))]


def _words(bound: forms.BoundField) -> str:
    value: Any = bound.value()
    field: Any = bound.field
    if value in (None, "", [], False):
        return ""
    if isinstance(field, forms.BooleanField):
        return str(_("yes"))
    if hasattr(field, "choices"):
        names = {
            str(code): str(label.title if isinstance(label, Choice) else label)
            for key, options in field.choices
            for code, label in (options if isinstance(options, (list, tuple)) else [(key, options)])
        }
        many = value if isinstance(value, (list, tuple)) else [value]
        return ", ".join(names.get(str(one), str(one)) for one in many)
    return str(value)


class RoleForm(StepForm):
    """What the role means, the time it takes, and the privacy notice."""

    sources = {
        "capacity": "programmes.Enrolment.capacity",
        "is_ready": "programmes.Intake.is_ready",
        "notice": "programmes.Intake.notice_version",
    }
    template = "portal/intake_role.html"
    capacity = forms.TypedChoiceField(
        label=_("How many seniors would you like to accompany at a time?"), coerce=int,
        choices=[(1, _("One")), (2, _("Two")), (3, _("Three"))], widget=forms.RadioSelect,
    )  # fmt: skip
    is_ready = forms.BooleanField(
        label=_("I can keep this time free, and I take part of my own will."),
        error_messages={
            "required": _("Say that you can keep the time free, or talk to a coordinator first.")
        },
    )
    notice = forms.BooleanField(
        label=_("I have read what is kept about me and who sees it."),
        error_messages={"required": _("Read the privacy notice first, then tick this box.")},
    )

    def fit(self) -> None:
        if not self.is_mentor:
            return self.drop("capacity")
        one, two = (hours_of(self.enrolment.cohort, Role.MENTOR, partners=number).hours for number in (1, 2))
        text = _("Two is usual, and one is fine. A second one takes about %(hours)s hours more.")
        self.fields["capacity"].help_text = text % {"hours": two - one}
        return None


class TopicsForm(StepForm):
    """Up to four topics to show, up to three to learn about in the order of the wishes, and the way of learning."""

    template = "portal/intake_topics.html"
    OFFERS, WISHES = 4, 3
    style = forms.ChoiceField(
        label=_("How do you like to learn?"),
        choices=[
            (Style.HANDS_ON, Choice(_("Hands-on"), _("Trying it out together"))),
            (Style.DIALOGUE, Choice(_("In dialogue"), _("Asking and talking it through"))),
            (Style.OBSERVE, Choice(_("By observing"), _("Watching somebody do it"))),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one way of learning.")},
    )

    @property
    def brought(self) -> str:
        """What the role asks for at least one of: a mentor offers, a mentee wants."""
        return "offer" if self.is_mentor else "wish"

    def fit(self) -> None:
        self.choices = self._catalogue()
        for kind, count, model in (("offer", self.OFFERS, "TopicOffer"), ("wish", self.WISHES, "TopicWish")):
            for number in range(1, count + 1):
                self._slot(f"{kind}_{number}", number, kind, f"programmes.{model}")
        self.fields["style"].who = Who(*who_sees("programmes.Enrolment", "style"))  # type: ignore[attr-defined]
        self.order_fields([name for name in self.fields if name != "style"])

    def _slot(self, prefix: str, number: int, kind: str, model: str) -> None:
        names = {"n": number}
        what = _("Topic %(n)s that you could show") if kind == "offer" else _("Wish %(n)s")
        self.fields[f"{prefix}_topic"] = forms.ChoiceField(
            label=what % names, choices=self.choices, required=False,
            error_messages={"invalid_choice": _("Choose a topic from the list.")},
        )  # fmt: skip
        self.fields[f"{prefix}_level"] = forms.ChoiceField(
            label=_("Your level") if kind == "offer" else _("Your level now"), required=False,
            choices=[("", _("Choose a level")), *((str(n), f"{n} – {word}") for n, word in LEVELS)],
        )  # fmt: skip
        self.fields[f"{prefix}_example"] = forms.CharField(
            label=_("One example, in a line") if kind == "offer" else _("What you would use it for, in a line"),
            max_length=160, required=False,
        )  # fmt: skip
        if number == 1 and kind == self.brought:
            for part, missing in (
                ("topic", _("Name at least one topic.")),
                ("level", _("Choose your level.")),
            ):
                self.fields[f"{prefix}_{part}"].required = True
                self.fields[f"{prefix}_{part}"].error_messages["required"] = missing
        self.fields[f"{prefix}_example"].who = Who(*who_sees(model, "example"))  # type: ignore[attr-defined]

    def _catalogue(self) -> list[Any]:
        """Grouped by direction, what one's own role usually brings first; a topic chosen earlier stays."""
        order = ["up", "both", "down"] if self.is_mentor else ["down", "both", "up"]
        groups: dict[str, list[tuple[str, str]]] = {way: [] for way in order}
        for topic in sorted(self.known.topics, key=str):
            groups[topic.direction].append((topic.code, str(topic)))
        named = [(Direction(way).label, options) for way, options in groups.items() if options]
        return [("", _("Choose a topic")), *named]

    def slots(self, kind: str) -> list[dict[str, Any]]:
        """The fields of a kind by slot, for the template; ``is_open`` where something stands or is wrong."""
        count = self.OFFERS if kind == "offer" else self.WISHES
        return [self._fields_of(f"{kind}_{number}", number) for number in range(1, count + 1)]

    def _fields_of(self, prefix: str, number: int) -> dict[str, Any]:
        bound = {part: self[f"{prefix}_{part}"] for part in ("topic", "level", "example")}
        filled = any(one.value() for one in bound.values()) or any(one.errors for one in bound.values())
        return {**bound, "number": number, "is_open": number == 1 or filled}

    @property
    def offered(self) -> list[dict[str, Any]]:
        return self.slots("offer")

    @property
    def wanted(self) -> list[dict[str, Any]]:
        return self.slots("wish")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for kind, count in (("offer", self.OFFERS), ("wish", self.WISHES)):
            data[kind] = self._named(kind, count, data)
        return data

    def _named(self, kind: str, count: int, data: Mapping[str, Any]) -> list[NamedTopic]:
        found: list[NamedTopic] = []
        for number in range(1, count + 1):
            prefix = f"{kind}_{number}"
            code, level = data.get(f"{prefix}_topic"), data.get(f"{prefix}_level")
            if not code:
                is_told = f"{prefix}_topic" in self.errors
                if not is_told and (level or data.get(f"{prefix}_example")):
                    self.add_error(f"{prefix}_topic", _("Choose the topic that this belongs to."))
                continue
            if any(one.code == code for one in found):
                self.add_error(f"{prefix}_topic", _("You have named this topic already."))
            elif not level and f"{prefix}_level" not in self.errors:
                self.add_error(f"{prefix}_level", _("Choose your level."))
            elif level:
                found.append(NamedTopic(code, int(level), data.get(f"{prefix}_example", "").strip()))
        return found

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"offers": data["offer"], "wants": data["wish"], "style": data["style"]}

    def told(self) -> list[tuple[Any, str]]:
        kinds = [(_("You could show"), self.offered), (_("You want to learn"), self.wanted)]
        rows: list[tuple[Any, str]] = [
            (label, ", ".join(filter(None, (_words(one["topic"]) for one in part)))) for label, part in kinds
        ]
        rows.append((self["style"].label, _words(self["style"])))
        return [(label, words) for label, words in rows if words]


class PerspectiveForm(StepForm):
    """Which view a mentor brings or a mentee looks for; of one's own accord, and never a question of age (S2.4)."""

    template = "portal/intake_perspective.html"
    sources = {
        "offered": "programmes.Enrolment.perspectives_offered",
        "wanted": "programmes.Enrolment.perspective_wanted",
        "words": "programmes.Intake.words",
        "consent": "programmes.Intake.consent_on",
    }
    offered = forms.MultipleChoiceField(
        label=_("Which of these views could you bring?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("As many as you like, or none."),
    )  # fmt: skip
    wanted = forms.ChoiceField(
        label=_("Which view would help you most?"), required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Write only what your future partner may know. It is sealed: nobody reads it, no coordinator either, "
            "unless you say yes for one person."
        ),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("I offer this of my own accord. I can stop at any time, without giving a reason."),
        required=False,
    )

    def fit(self) -> None:
        offered: Any = self.fields["offered"]
        offered.choices = _VIEWS
        wanted: Any = self.fields["wanted"]
        wanted.choices = [("", _("No preference")), *_VIEWS]
        self.drop(*(("wanted",) if self.is_mentor else ("offered", "words", "consent")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_mentor and (data.get("offered") or data.get("words")) and not data.get("consent"):
            self.add_error(
                "consent", _("Tick this if you want to offer it; otherwise leave the answers empty.")
            )
        return data


_VIEWS = [
    (Perspective.CONSUMER, _("Consumer: how younger customers choose, use and leave")),
    (Perspective.DIVERSITY, _("Diversity: how work here looks from another background or place")),
    (Perspective.INNOVATION, _("Innovation: what is new outside, and what it could change")),
    (Perspective.CRAFT, _("Craft: the profession itself, fresh from study or practice")),
]


class PracticalForm(StepForm):
    """Where, when, how; what the roster knows stands there already."""

    template = "portal/intake_practical.html"
    sources = {
        "languages": "participants.Person.languages",
        "availability": "participants.Person.availability",
        "place": "programmes.Intake.place",
        "is_cross_border": "programmes.Enrolment.is_cross_border",
        "minutes": "programmes.Intake.minutes",
        "channel": "programmes.Intake.channel",
        "delegate": "participants.Delegation.address",
    }
    languages = forms.MultipleChoiceField(
        label=_("Languages you can work in"), choices=WORKING_LANGUAGES, widget=forms.CheckboxSelectMultiple,
        help_text=_("At the level of a good discussion (B2)."),
        error_messages={"required": _("Choose at least one language.")},
    )  # fmt: skip
    availability = forms.MultipleChoiceField(
        label=_("When you could usually meet"), choices=Block.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("In your own time zone. Suggested dates come from here."),
        error_messages={"required": _("Choose at least one time of the week.")},
    )  # fmt: skip
    place = forms.ChoiceField(
        label=_("Where would you like to meet?"), choices=Place.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    is_cross_border = forms.BooleanField(
        label=_("Also with somebody in another country"), required=False,
        help_text=_("Such a pair comes about only when both have said yes here."),
    )  # fmt: skip
    minutes = forms.TypedChoiceField(
        label=_("How long should a conversation be?"), coerce=int, choices=[(n, str(n)) for n in (30, 45, 60, 75)],
        widget=forms.RadioSelect, help_text=_("In minutes."), error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=_("How do you like to agree dates?"), choices=Channel.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    delegate = forms.EmailField(
        label=_("E-mail address of your assistant"), required=False, max_length=254,
        help_text=_("If somebody plans your dates: they see the dates and nothing else."),
        error_messages={"invalid": _("Give an address as name@company.com.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def fit(self) -> None:
        if self.is_mentor:
            self.drop("delegate")
        known = dict(WORKING_LANGUAGES)
        languages: Any = self.fields["languages"]
        extra = [(code, code.upper()) for code in self.enrolment.person.languages if code not in known]
        languages.choices = [*WORKING_LANGUAGES, *extra]
        languages.is_short = True
        self.fields["minutes"].is_short = True  # type: ignore[attr-defined]
        self.fields["availability"].week = Week(PARTS_OF_DAY)  # type: ignore[attr-defined]

    def clean_delegate(self) -> str:
        address: str = self.cleaned_data["delegate"].strip().lower()
        if address and address == (self.enrolment.person.email or "").lower():
            raise forms.ValidationError(_("This is your own address. Name somebody else, or nobody."))
        return address


class AboutForm(StepForm):
    """Openness of both; what a mentor is strong in, or the craft that a mentee misses."""

    template = "portal/intake_about.html"
    sources = {
        **{f"own_{name}": f"programmes.Assessment.own_{name}" for name in Criterion.values},
        "openness": "programmes.Intake.openness",
        "strengths": "programmes.Intake.strengths",
        "education": "programmes.Intake.education",
        "graduated": "programmes.Intake.graduated",
        "craft_missed": "programmes.Intake.craft_missed",
    }
    openness = forms.CharField(
        label=_("When did somebody at another stage of their career last change your mind?"),
        max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences. It says how open you are to the other’s view."),
        error_messages={"required": _("Write one sentence.")},
    )  # fmt: skip
    strengths = forms.MultipleChoiceField(
        label=_("Which of these could you show a colleague tomorrow?"), choices=Strength.choices,
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    own_digital = forms.ChoiceField(label=OWN_VIEWS[Criterion.DIGITAL], choices=OWN_RATINGS, required=False)
    own_innovative = forms.ChoiceField(
        label=OWN_VIEWS[Criterion.INNOVATIVE], choices=OWN_RATINGS, required=False
    )
    own_communication = forms.ChoiceField(
        label=OWN_VIEWS[Criterion.COMMUNICATION], choices=OWN_RATINGS, required=False
    )
    education = forms.CharField(label=_("Education and recent subjects"), max_length=160, required=False)
    graduated = forms.IntegerField(
        label=_("Year of graduation"), required=False, min_value=1950, max_value=2100,
        error_messages={"invalid": _("Give the year as in 2024.")},
    )  # fmt: skip
    craft_missed = forms.CharField(
        label=_("Which part of your craft do you miss?"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def fit(self) -> None:
        own = tuple(f"own_{name}" for name in Criterion.values)
        self.drop(*(("craft_missed",) if self.is_mentor else ("strengths", *own, "education", "graduated")))
        if self.is_mentor and self.enrolment.cohort.stage in BEGUN:
            self.drop(*own)  # it was for the selection, and went with it


FORMS: Sequence[type[StepForm]] = (RoleForm, TopicsForm, PerspectiveForm, PracticalForm, AboutForm)
