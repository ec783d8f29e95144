"""What holds for every template, whoever writes the next one."""

from __future__ import annotations

import re

import pytest

from common.templatetags.lanterns import lead_in
from tests.house.checks import ROOT

PAGES = ROOT / "templates"
#: The frames that begin a title with "Error:" when the form of their page has errors.
FRAMES = {"base.html", "lanterns/field_error.html"}
NOTES = {"note-ok", "note-wait", "note-bad", "mt"}


def test_the_frame_says_error_in_the_title_and_no_page_says_it_again() -> None:
    """``base.html`` and no page within it, or a screen reader hears it twice; the desk has a frame of its own."""
    for path in PAGES.rglob("*.html"):
        place = str(path.relative_to(PAGES))
        if not place.startswith("admin/") and place not in FRAMES:
            assert 'translate "Error:"' not in path.read_text(), place


def test_a_note_has_one_of_the_kinds_that_there_are() -> None:
    for path in PAGES.rglob("*.html"):
        for classes in re.findall(r'class="note([^"{]*)"', path.read_text()):
            assert set(classes.split()) <= NOTES, (path, classes)


@pytest.mark.parametrize(
    ("label", "said"), [("Day", "Day:"), ("Who is it?", "Who is it?"), ("I have read it.", "I have read it.")]
)
def test_a_label_leads_in_an_error_without_a_second_mark(label: str, said: str) -> None:
    assert lead_in(label) == said
