"""The components of the look as template tags (docs/look.md)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.icons import ICONS, MARK

register = template.Library()

_ROLE_CLASS = {"mentor": "av-m", "mentee": "av-e"}
_SIZE_CLASS = {"small": " av-s", "large": " av-l"}
#: Own drawings, constants of this project: the only markup that is not escaped.
_SAFE_ICONS = {name: SafeString(drawing) for name, drawing in ICONS.items()}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon; decoration, so hidden from screen readers. An unknown name draws nothing."""
    drawing = _SAFE_ICONS.get(name, SafeString(""))
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
def avatar(person: Any, role: str = "", size: str = "") -> SafeString:
    """Initials in a circle: the crescent lies below for a mentor, above for a mentee."""
    return format_html(
        '<span class="av {}{}" aria-hidden="true">{}</span>',
        _ROLE_CLASS.get(role, ""),
        _SIZE_CLASS.get(size, ""),
        person.initials,
    )


@register.simple_tag
def band(level: str) -> SafeString:
    """A reason's strength in lamps and a word: strong, some, none."""
    number, word = {
        "strong": (3, _("Strong")),
        "some": (1, _("Some")),
        "none": (0, _("None")),
    }[str(level)]
    return format_html('<span class="band band-{}"><i></i><i></i><i></i><b>{}</b></span>', number, word)


@register.inclusion_tag("components/who.html")
def who(name: str, text: str, ident: str = "") -> dict[str, str]:
    """Who reads this: an eye for readers, a lock for what is sealed or yours alone."""
    return {"icon_name": name, "text": text, "ident": ident}


@register.inclusion_tag("components/path.html")
def path(lamps: Any, label: str) -> dict[str, Any]:
    """A pair's periods as lamps: lit, glowing, to confirm, outline. Nothing else is shown this way."""
    return {"lamps": lamps, "label": label}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """Links to the pages of a list; other parts of the query stay."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {"page": page, "query": query.urlencode()}
