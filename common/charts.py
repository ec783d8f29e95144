"""Charts drawn on the server: SVG with classes only, so that they obey the content security policy and the theme.

Each drawing comes twice, wide and narrow, and with the table that says the same in numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Text = str | Promise
Number = int | float
#: Room around the bars: left for the scale, right, top, bottom for the names. In units of the drawing.
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 4, 22, 30
_WIDE, _NARROW = (900, 230), (330, 240)
_SERIES_AT_MOST: Final = 2


@dataclass(frozen=True)
class Series:
    """What one colour of bars shows: a value for each name on the axis; None where it may not be shown."""

    label: Text
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Line:
    """A dashed line across the drawing, such as what was expected."""

    label: Text
    value: Number


@dataclass(frozen=True)
class Chart:
    """Bars, ready for ``{% chart %}``.

    Attributes:
        names: what stands under the bars, short; ``full_names`` is read aloud and stands in the table.
    """

    title: Text
    names: Sequence[Text]
    full_names: Sequence[Text]
    series: Sequence[Series]
    line: Line | None

    @property
    def wide(self) -> SafeString:
        return _draw(self, "chart wide", *_WIDE)

    @property
    def narrow(self) -> SafeString:
        return _draw(self, "chart narrow", *_NARROW)

    @property
    def description(self) -> str:
        """The numbers in words, for whoever does not see the drawing."""
        parts = [
            f"{one.label}: " + ", ".join(f"{n} {_shown(v)}" for n, v in self._pairs(one))
            for one in self.series
        ]
        if self.line:
            parts.append(f"{self.line.label}: {_shown(self.line.value)}")
        return f"{self.title}. {'. '.join(parts)}."

    @property
    def rows(self) -> list[tuple[Text, list[Number | None]]]:
        """The table: each name with its values, the line's value last."""
        extra = [self.line.value] if self.line else []
        return [
            (name, [*(one.values[i] for one in self.series), *extra])
            for i, name in enumerate(self.full_names)
        ]

    def _pairs(self, one: Series) -> Iterable[tuple[Text, Number | None]]:
        return zip(self.full_names, one.values, strict=True)


def bars(
    title: Text,
    names: Sequence[Text],
    series: Sequence[Series],
    *,
    full_names: Sequence[Text] | None = None,
    line: Line | None = None,
) -> Chart:
    """Bars side by side, one or two colours.

    Args:
        title: what is counted, where and when.
        names: one for each place on the axis.
        series: one or two, each with as many values as there are names, none below zero.
        full_names: the names in full, when those on the axis are shortened.
        line: a level to compare with.

    Raises:
        ValueError: more than two series, or a series of another length.
    """
    if not 1 <= len(series) <= _SERIES_AT_MOST or any(len(one.values) != len(names) for one in series):
        raise ValueError("bars() takes one or two series with a value for each name")
    return Chart(title, names, full_names or names, series, line)


def steps(highest: Number) -> list[int]:
    """The scale: round steps from zero to the first at or above ``highest``, at most six of them."""
    rough = max(highest, 1) / 4
    size = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    return list(range(0, math.ceil(max(highest, 1) / step) * step + 1, step))


def slide(before: Number | None, after: Number | None, *, low: Number = 1, high: Number = 5) -> SafeString:
    """Two group means on one scale: an open circle for the earlier round, a lamp for the later one.

    Either may be None: nothing is drawn for it.
    """

    def place(value: Number) -> float:
        return round(8 + 284 * (value - low) / (high - low), 1)

    parts = []
    if before is not None and after is not None:
        moved = '<line class="mv" x1="{}" x2="{}" y1="24" y2="24"/>'
        parts.append(format_html(moved, place(before), place(after)))
    if before is not None:
        parts.append(format_html('<circle class="a" cx="{}" cy="24" r="6"/>', place(before)))
    if after is not None:
        lamp = (
            '<circle class="b" cx="{0}" cy="24" r="8"/><text x="{0}" y="10" text-anchor="middle">{1}</text>'
        )
        parts.append(format_html(lamp, place(after), _shown(after)))
    words = [
        _("earlier round: %(value)s") % {"value": _shown(before)},
        _("this round: %(value)s") % {"value": _shown(after)},
    ]
    return format_html(
        '<svg viewBox="0 0 300 40" role="img" aria-label="{}"><line class="tr" x1="8" x2="292" y1="24" y2="24"/>'
        "{}</svg>",
        ", ".join(words),
        _joined(parts),
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _shown(value: Number | None) -> str:
    if value is None:
        return _("too few to show")
    return str(number_format(value, decimal_pos=None if isinstance(value, int) else 1))


def _draw(chart: Chart, classes: str, width: int, height: int) -> SafeString:
    values = [v for one in chart.series for v in one.values if v is not None]
    scale = steps(max([*values, chart.line.value if chart.line else 0], default=1))
    room = (height - _TOP - _BOTTOM) / scale[-1]
    ground = height - _BOTTOM
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        classes,
        width,
        height,
        chart.description,
        _grid(scale, ground, room, width),
        _groups(chart, ground, room, width),
        _names(chart, height, width),
        _level(chart.line, ground, room, width),
    )


def _grid(scale: list[int], ground: int, room: float, width: int) -> SafeString:
    form = '<line class="g" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/><text x="{3}" y="{4}" text-anchor="end">{5}</text>'
    heights = [(step, round(ground - step * room, 1)) for step in scale]
    return format_html_join(
        "", form, ((_LEFT, width - _RIGHT, y, _LEFT - 8, y + 4, _shown(step)) for step, y in heights)
    )


def _groups(chart: Chart, ground: int, room: float, width: int) -> SafeString:
    part = _part(chart, width)
    first = min(54.0, part * 0.36) if len(chart.series) > 1 else min(72.0, part * 0.55)
    second = first * 0.8
    shapes = []
    for index in range(len(chart.names)):
        left = _LEFT + part * (index + 0.5) - (first + second + 2 if len(chart.series) > 1 else first) / 2
        for number, (one, size) in enumerate(zip(chart.series, (first, second), strict=False)):
            value = one.values[index]
            if value is not None:
                shapes.append(_bar(number, value, left, size, ground, ground - value * room))
            left += size + 2
    return _joined(shapes)


def _bar(number: int, value: Number, left: float, size: float, ground: int, top: float) -> SafeString:
    """One bar with its number: inside a tall ink bar, above every other."""
    inside = number == 0 and ground - top > 24 and size >= 20
    rect = format_html(
        '<rect class="s{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>',
        number,
        round(left, 1),
        round(top, 1),
        round(size, 1),
        round(ground - top, 1),
    )
    return format_html(
        '{}<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>',
        rect if value else "",
        "w" if inside else "v",
        round(left + size / 2, 1),
        round(top + 18 if inside else top - 6, 1),
        _shown(value),
    )


def _names(chart: Chart, height: int, width: int) -> SafeString:
    part = _part(chart, width)
    form = '<text x="{}" y="{}" text-anchor="middle">{}</text>'
    places = ((round(_LEFT + part * (i + 0.5), 1), height - 9, name) for i, name in enumerate(chart.names))
    return format_html_join("", form, places)


def _level(line: Line | None, ground: int, room: float, width: int) -> SafeString:
    if line is None:
        return SafeString("")
    y = round(ground - line.value * room, 1)
    return format_html('<line class="x" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>', _LEFT, width - _RIGHT, y)


def _part(chart: Chart, width: int) -> float:
    return (width - _LEFT - _RIGHT) / max(len(chart.names), 1)
