"""The tags and the form pack, without a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.template import Context, Template

from common import charts
from common.forms import Choice, Week, Who
from common.icons import ICONS
from common.templatetags import lanterns


def drawn(template: str, **values: Any) -> str:
    return Template("{% load lanterns crispy_forms_tags crispy_forms_filters %}" + template).render(
        Context(values)
    )


class Ids(HTMLParser):
    """Ids that exist, and ids that are pointed at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.there: list[str] = []
        self.wanted: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.there += [values["id"]] if "id" in values else []
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.wanted |= set(values.get(name, "").split())
        if values.get("href", "").startswith("#"):
            self.wanted.add(values["href"][1:])


class TwoForm(forms.Form):
    name = forms.CharField(
        help_text="As on your badge.", widget=forms.TextInput(attrs={"placeholder": "Name"})
    )
    note = forms.CharField(required=False)
    answer = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            ("yes", Choice("Yes", "You both get a date.")),
            ("no", Choice("No", "<b>Nobody</b> is told.")),
        ],
    )
    days = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("mo", "Monday")])
    agreed = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].who = Who("eye", "Your partner <reads> this.")  # type: ignore[attr-defined]
        self.fields["answer"].who = Who("lock", "Sealed.")  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", [TwoForm(), TwoForm({})], ids=["blank", "wrong"])
@pytest.mark.parametrize("how", ["{{ form|crispy }}", "{% crispy form %}"])
def test_whatever_a_field_points_at_is_there_once(form: forms.Form, how: str) -> None:
    ids = Ids(drawn(how, form=form))
    assert ids.wanted <= set(ids.there)
    assert len(ids.there) == len(set(ids.there))


def test_a_field_names_hint_error_and_reader_in_this_order() -> None:
    html = drawn("{{ form|crispy }}", form=TwoForm({}))
    assert 'aria-describedby="id_name_helptext id_name_error id_name_who"' in html
    assert re.search(
        r'<fieldset id="div_id_answer"[^>]*aria-describedby="id_answer_error id_answer_who"', html
    )
    parts = [
        html.index(part) for part in ('for="id_name"', "id_name_helptext", "id_name_error", 'name="name"')
    ]
    first = html.index('id="div_id_name"')
    assert (
        html.index('for="id_name"', first)
        < html.index('id="id_name_helptext"')
        < html.index('id="id_name_error"')
    )
    assert all(part > 0 for part in parts)
    assert "Your partner &lt;reads&gt; this." in html


def test_optional_is_said_in_words_and_placeholders_are_dropped() -> None:
    html = drawn("{{ form|crispy }}", form=TwoForm())
    assert html.count("(optional)") == 1
    assert "placeholder" not in html
    assert "*" not in html


def test_answers_with_consequences_become_cards_and_are_escaped() -> None:
    html = drawn("{{ form|crispy }}", form=TwoForm())
    assert html.count('class="pick"') == 2
    assert "<strong>Yes</strong>You both get a date." in html
    assert "&lt;b&gt;Nobody&lt;/b&gt;" in html


def test_the_error_summary_counts_links_and_can_take_focus() -> None:
    html = drawn("{{ form|crispy }}", form=TwoForm({}))
    assert "4 things need your attention" in html
    assert 'class="errsum" tabindex="-1" role="alert"' in html
    for target in ("#id_name", "#id_answer_0", "#id_days_0", "#id_agreed"):
        assert f'href="{target}"' in html


def test_a_helper_s_form_has_its_tag_and_a_button() -> None:
    form = TwoForm()
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.add_input(Submit("save", "Save"))  # type: ignore[attr-defined]
    html = drawn("{% crispy form %}", form=form)
    assert html.startswith("<form")
    assert '<button type="submit" name="save"' in html


def test_bars_say_their_numbers_and_hide_what_may_not_be_shown() -> None:
    held = charts.Series("held", [3, 12, None])
    chart = charts.bars("Meetings", ["Jul", "Aug", "Sep"], [held], line=charts.Line("expected", 10))
    assert chart.description == "Meetings. held: Jul 3, Aug 12, Sep too few to show. expected: 10."
    assert chart.wide.count("<rect") == 2
    assert 'viewBox="0 0 330 240"' in chart.narrow
    html = drawn("{% chart chart %}", chart=chart)
    assert html.count('class="hush"') == 1
    assert "style=" not in html


def test_names_in_a_chart_are_escaped() -> None:
    chart = charts.bars("<i>T</i>", ["<b>"], [charts.Series('"x"', [1])])
    assert "<b>" not in chart.wide
    assert "<i>" not in drawn("{% chart chart %}", chart=chart)


@pytest.mark.parametrize(("highest", "expected"), [(0, [0, 1]), (3, [0, 1, 2, 3]), (38, [0, 10, 20, 30, 40])])
def test_a_scale_has_round_steps(highest: int, expected: list[int]) -> None:
    assert charts.steps(highest) == expected


@pytest.mark.parametrize("highest", [1, 7, 19, 99, 1001, 54321])
def test_a_scale_reaches_its_highest_value_in_few_steps(highest: int) -> None:
    scale = charts.steps(highest)
    assert scale[-1] >= highest
    assert len(scale) <= 6


def test_bars_refuse_what_they_cannot_draw() -> None:
    with pytest.raises(ValueError, match="one or two series"):
        charts.bars("T", ["a"], [charts.Series("s", [1, 2])])


def test_a_slide_puts_the_later_round_s_lamp_at_its_mean() -> None:
    drawing = charts.slide(3.0, 5.0)
    assert 'class="a" cx="150.0"' in drawing
    assert 'class="b" cx="292.0"' in drawing
    assert "too few" in charts.slide(None, 4.2)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Noor El Amrani", "NE"), ("Heleen de Graaf", "HG"), ("Şahin", "Ş"), ("", "")],
)
def test_initials_come_from_the_words_that_carry_a_name(name: str, letters: str) -> None:
    assert lanterns.initials_of(name) == letters


def test_a_hidden_cell_is_the_same_whatever_is_behind() -> None:
    assert drawn("{% hush %}") == drawn("{% hush %}", value=4)
    with pytest.raises(Exception, match="too many positional"):
        drawn("{% hush 4 %}")


def test_tags_escape_what_people_typed() -> None:
    html = drawn('{% tag "ok" text %}{% who "eye" text %}{% person text "mentor" text %}', text="<script>")
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 4


def test_every_icon_that_a_template_names_is_drawn() -> None:
    """An unknown name leaves a hole where the drawing should be."""
    named = re.compile(r'\{% (?:icon|who) "([\w-]+)"|\{% tag "\w*" [^%]*? "([\w-]+)" %\}')
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    found = {name for path in templates for pair in named.findall(path.read_text()) for name in pair if name}
    assert len(found) > 20
    assert found - ICONS.keys() == set()


def test_parts_of_a_week_stand_a_row_a_day_and_say_their_whole_name() -> None:
    class Free(forms.Form):
        free = forms.MultipleChoiceField(
            choices=[(f"{day}{part}", f"{day} {part}") for day in ("Mon", "Tue") for part in ("am", "pm")],
            widget=forms.CheckboxSelectMultiple,
        )

    form = Free()
    form.fields["free"].week = Week(("Morning", "Afternoon"))  # type: ignore[attr-defined]
    rows = lanterns.week_rows(form["free"])
    assert [(day, [str(one.choice_label) for one in options]) for day, options in rows] == [
        ("Monday", ["Mon am", "Mon pm"]),
        ("Tuesday", ["Tue am", "Tue pm"]),
    ]
    page = Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(Context({"form": form}))
    assert page.count('<span class="vh">') == 4
