"""The components of the look as template tags (docs/look.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from common.browsers import browser_name
from common.charts import Chart
from common.forms import Choice, Week, Who
from common.icons import ARC, ICONS, MARK

register = template.Library()

_ROLE_CLASS = {"mentor": " av-m", "mentee": " av-e"}
_SIZE_CLASS = {"small": " av-s", "large": " av-l"}
#: Own drawings, constants of this project: the only markup that is not escaped.
_SAFE_ICONS = {name: SafeString(drawing) for name, drawing in ICONS.items()}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon; decoration, so hidden from screen readers. An unknown name draws nothing."""
    drawing = _SAFE_ICONS.get(str(name), SafeString(""))
    return format_html('<svg class="ic" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', drawing)


@register.simple_tag
def mark() -> SafeString:
    """The sign of the two lamps."""
    return format_html('<svg class="mark" viewBox="0 0 36 36" aria-hidden="true">{}</svg>', SafeString(MARK))


@register.simple_tag
def art(kind: str = "") -> SafeString:
    """The drawing of the two lamps: for a hero, an empty state ("off"), the log-in. Nowhere else."""
    classes, step = {"off": (" art-s art-off", 26), "small": (" art-s", 26)}.get(kind, ("", 14))
    reach = range(step, 127 if step == 14 else 123, step)
    arcs = format_html_join("", '<path class="{}" d="{}"/>', [arc for r in reach for arc in _arcs(r)])
    glow = format_html_join(
        "", '<circle class="g" cx="{}" cy="{}" r="{}"/>', [(x, y, r) for x, y in _LAMPS for r in (20, 34)]
    )
    lamps = format_html_join("", '<circle class="l" cx="{}" cy="{}" r="9"/>', _LAMPS)
    return format_html(
        '<svg class="art{}" viewBox="-2 70 404 260" aria-hidden="true">{}{}{}</svg>',
        classes,
        glow,
        arcs,
        lamps,
    )


_LAMPS = ((130, 196), (270, 204))


def _arcs(radius: int) -> list[tuple[str, str]]:
    """The cup around one lamp and the dome around the other: one line turned by 180 degrees."""
    other = 140 - radius
    cup = ("m", f"M{130 - radius} 200a{radius} {radius} 0 00{2 * radius} 0")
    dome = ("e", f"M{270 - other} 200a{other} {other} 0 01{2 * other} 0")
    return [cup, dome]


@register.simple_tag
def arc() -> SafeString:
    """The line that joins two people on their pair's page."""
    return format_html('<svg class="arc" viewBox="0 0 48 24" aria-hidden="true">{}</svg>', SafeString(ARC))


@register.simple_tag
def avatar(person: Any, role: str = "", size: str = "") -> SafeString:
    """Initials in a circle: the crescent lies below for a mentor, above for a mentee.

    Args:
        person: something with ``initials``, or a name.
        role: "mentor", "mentee" or nothing.
        size: "small", "large" or nothing.
    """
    return format_html(
        '<span class="av{}{}" aria-hidden="true">{}</span>',
        _ROLE_CLASS.get(str(role), ""),
        _SIZE_CLASS.get(size, ""),
        initials_of(person),
    )


def initials_of(person: Any) -> str:
    """Two letters for a person: theirs, or those of the first two capitalised words of a name."""
    own = getattr(person, "initials", None)
    if own is not None:
        return str(own)
    words = [word for word in str(person).split() if word[:1].isupper()]
    return "".join(word[0] for word in words[:2])


@register.simple_tag
def band(level: str) -> SafeString:
    """A reason's strength in lamps and a word: strong, some, none."""
    number, word = {
        "strong": (3, _("Strong")),
        "some": (1, _("Some")),
        "none": (0, _("None")),
    }[str(level)]
    return format_html('<span class="band band-{}"><i></i><i></i><i></i><b>{}</b></span>', number, word)


@register.simple_tag
def tag(kind: str, text: str, icon_name: str = "") -> SafeString:
    """A state in a word or two. Kinds: ok, wait, bad, info, lit, m (mentor), e (mentee), or "" for plain."""
    look = format_html(" tag-{}", kind) if kind else ""
    return format_html('<span class="tag{}">{}{}</span>', look, icon(icon_name) if icon_name else "", text)


@register.simple_tag
def hush() -> SafeString:
    """A cell that is not shown. It takes no argument: the same bytes whatever is behind (A-18)."""
    return format_html('<span class="hush">{}</span>', _("Too few answers"))


@register.inclusion_tag("components/who.html")
def who(name: str, text: str, ident: str = "") -> dict[str, str]:
    """Who reads this: an eye for readers, a lock for what is sealed or yours alone."""
    return {"icon_name": name, "text": text, "ident": ident}


@register.inclusion_tag("components/person.html")
def person(whom: Any, role: str = "", sub: str = "", size: str = "") -> dict[str, Any]:
    """A person with their circle, their name and a line about them."""
    return {"whom": whom, "role": role, "sub": sub, "size": size}


@register.inclusion_tag("components/figs.html")
def figs(figures: Any) -> dict[str, Any]:
    """Counts: each (figure, what it counts) or (figure, what it counts, a note with group or date)."""
    rows = [(*figure, "")[:3] for figure in figures]
    return {"rows": [{"value": value, "label": label, "note": note} for value, label, note in rows]}


@register.inclusion_tag("components/stages.html")
def stages(steps: Any, label: str = "") -> dict[str, Any]:
    """A programme's life: each step (name, state), the state "done", "now" or "later"."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("components/chart.html")
def chart(drawing: Chart) -> dict[str, Chart]:
    """Bars in two drawings with their key and their table (``common.charts.bars``)."""
    return {"chart": drawing}


@register.inclusion_tag("components/path.html")
def path(lamps: Any, label: str, key: bool = False) -> dict[str, Any]:
    """A pair's periods as lamps: lit, glowing, to confirm, outline. Nothing else is shown this way.

    Args:
        lamps: each with ``kind`` ("held", "next", "ask" or "later"), ``label`` (short) and ``text`` (a sentence).
        label: whose months these are.
        key: say under the drawing what the lamps mean, for the kinds that occur.
    """
    lamps = list(lamps)
    return {"lamps": lamps, "label": label, "kinds": {lamp.kind for lamp in lamps} if key else set()}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """Links to the pages of a list; other parts of the query stay."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {"page": page, "query": query.urlencode()}


# --- form fields --------------------------------------------------------------------------------------


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's input, tied to its hint, its error and the line that says who reads it.

    A placeholder repeats the label and disappears when one needs it: dropped, also where a package sets one.
    """
    own = field.field.widget.attrs
    own.pop("placeholder", None)
    attrs: dict[str, str | bool] = {}
    attrs |= {"aria-describedby": ids} if (ids := described_by(field)) and not field.use_fieldset else {}
    if own.get("autocomplete") == "one-time-code":
        attrs["class"] = "code"
    return SafeString(field.as_widget(attrs=attrs))


@register.filter
def names(words: Sequence[Any]) -> str:
    """Names as a sentence holds them: "Ann, Bo and Cem"."""
    return get_text_list([str(word) for word in words], _("and"))


@register.filter
def browser(user_agent: str) -> str:
    """The browser and its system as people call them: "Firefox on Windows"."""
    return browser_name(str(user_agent))


@register.filter
def lead_in(label: str) -> str:
    """A label before what is said about it: with a colon, unless it ends a sentence of its own."""
    return str(label) if str(label).endswith((".", "?", "!", ":", "…")) else f"{label}:"


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of what stands beside the input, those that exist."""
    who_reads: Who | None = getattr(field.field, "who", None)
    parts = (("helptext", field.help_text), ("error", field.errors), ("who", who_reads))
    return " ".join(f"{field.auto_id}_{suffix}" for suffix, there in parts if there)


@register.filter
def first_input(field: BoundField) -> str:
    """The id to jump to from an error summary: the first input, also of radios and check boxes."""
    return field.subwidgets[0].id_for_label if field.use_fieldset and field.subwidgets else field.id_for_label


@register.filter
def hint_below(field: BoundField) -> bool:
    """Under a password one knows stands a link for who does not: after it, so that Tab goes on to the field."""
    return field.field.widget.attrs.get("autocomplete") == "current-password"


@register.filter
def week_rows(field: BoundField) -> list[tuple[str, Sequence[Any]]]:
    """The days of a field whose answers are parts of a week (``common.forms.Week``); none for any other."""
    week: Week | None = getattr(field.field, "week", None)
    return week.rows(list(field)) if week else []


@register.filter
def has_consequences(field: BoundField) -> bool:
    """Whether the answers are cards to pick, with what follows from each."""
    choices = getattr(field.field, "choices", ())
    return any(isinstance(label, Choice) for _value, label in choices if not isinstance(label, (list, tuple)))
