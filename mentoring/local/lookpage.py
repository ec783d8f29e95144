"""`/local/look/`: every component and state of the look with fixed examples, in local mode only.

It is where the look is judged by eye, and where the tests hold it against axe and the content security policy.
The examples are English sentences of no programme, so they are not translated.
"""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from common.charts import Line, Series, bars, slide
from common.forms import Choice, Who
from common.icons import ICONS
from mentoring.local.mailpage import local_page
from portal.context import NavEntry, Shell

ROLES: Final = ("mentor", "mentee", "staff")
LEVELS = [
    ("", "Choose a level"),
    ("1", "1 – heard of it"),
    ("3", "3 – use it"),
    ("5", "5 – others come to me"),
]


@dataclass(frozen=True)
class Lamp:
    """One period of the example pair."""

    kind: str
    label: str
    text: str


YEAR = [
    Lamp("held", "Jul", "held on 9 July"),
    Lamp("held", "Aug", "held on 20 August"),
    Lamp("held", "Sep", "held on 17 September"),
    Lamp("held", "Oct", "held on 15 October"),
    Lamp("ask", "Nov", "19 November, to be confirmed"),
    Lamp("next", "Dec", "planned for 17 December"),
    Lamp("later", "Jan", "still to come"),
    Lamp("later", "Feb", "still to come"),
    Lamp("later", "Mar", "still to come, closing"),
]


class ExampleForm(forms.Form):
    """One field of every kind."""

    topic = forms.CharField(label="Topic", help_text="In a few words.", max_length=80)
    level = forms.ChoiceField(label="Your level now", choices=LEVELS, required=False)
    example = forms.CharField(label="One example, in a sentence", widget=forms.Textarea, required=False)
    answer = forms.ChoiceField(
        label="Your answer",
        help_text="Change it freely until both have answered.",
        widget=forms.RadioSelect,
        choices=[
            ("yes", Choice("Yes, let us start", "Nine months, monthly, 60 minutes.")),
            ("taster", Choice("A taster first", "One 30-minute talk. Then both of you answer again.")),
            ("no", Choice("Not this one", "No reason needed. The other is not told.")),
        ],
    )
    languages = forms.MultipleChoiceField(
        label="Languages you can work in",
        choices=[("en", "English"), ("nl", "Nederlands"), ("de", "Deutsch"), ("pl", "Polski")],
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time"}))
    code = forms.CharField(label="Code", widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))
    roster = forms.FileField(label="The file from HR", help_text="CSV or XLSX, at most 2 MB.", required=False)
    agreed = forms.BooleanField(label="We have both read the agreement")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["example"].who = Who("eye", "The coordinator, for matching.")  # type: ignore[attr-defined]
        self.fields["answer"].who = Who("lock", "Sealed. Only the two of you can open it.")  # type: ignore[attr-defined]


@local_page
def look(request: HttpRequest) -> HttpResponse:
    """The style page, in the colour of ``?as=mentor``, ``mentee`` or ``staff``."""
    role = request.GET.get("as", "mentor")
    return render(request, "local/look.html", _examples(request, role if role in ROLES else "mentor"))


app_name = "look"
urlpatterns = [path("look/", look, name="page")]


def _examples(request: HttpRequest, role: str) -> dict[str, Any]:
    return {
        "shell": _shell(request, role),
        "role": role,
        "roles": ROLES,
        "year": YEAR,
        "icons": sorted(ICONS),
        "blank": ExampleForm(prefix="blank"),
        "wrong": ExampleForm(
            {"wrong-topic": "", "wrong-level": "9", "wrong-answer": "taster"}, prefix="wrong"
        ),
        "chart": _chart(),
        "slides": [
            ("We speak as equals.", "Quality of the relation, all", slide(3.8, 4.2), "ok", "+0.4"),
            (
                "Something happens with what I bring.",
                "Acts of leaders, mentors",
                slide(3.5, 3.1),
                "wait",
                "−0.4",
            ),
        ],
        "figures": [
            (38, "pairs active", "1 paused, 1 ended"),
            (131, "meetings held", "of 152 expected"),
            (31, "have a next date", "7 reminded on Thursday"),
            (5, "ideas waiting"),
        ],
        "steps": [
            *((name, "done") for name in ("Mandate", "Topic call", "Select", "Match", "Prepare", "Kick-off")),
            ("Meet", "now"),
            *((name, "later") for name in ("Half-way", "Close", "Follow up")),
        ],
    }


def _shell(request: HttpRequest, role: str) -> Shell:
    names = [
        ("Home", "home"),
        ("My pair", "pair"),
        ("Learn", "book"),
        ("Changes", "bulb"),
        ("Profile", "person"),
    ]
    entries = [NavEntry(label, f"?as={role}", icon, current=icon == "home") for label, icon in names]
    shell = Shell(request)
    shell.installation_name, shell.programme_line = "Second Light", "Noordhaven · 2026"
    shell.role, shell.nav, shell.language = role, entries, "en"
    return shell


def _chart() -> Any:
    held, moved = Series("held", [33, 27, 35, 36]), Series("moved or missed", [4, 9, 3, None])
    months = ["July", "August", "September", "October"]
    short = [month[:3] for month in months]
    return bars("Meetings each month", short, [held, moved], full_names=months, line=Line("expected", 38))
