"""What a page weighs on the wire, and what we took over from Django's templates."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import brotli
import django
import django.contrib.admin
import django_htmx
import pytest
from django.template import loader
from django.test import Client

from tests.house.checks import ROOT

STATIC = ROOT / "static"
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
ADMIN = Path(django.contrib.admin.__file__).parent / "templates/admin"
#: Django's templates that ours replace or lean on, by the digest of the version ours was compared with.
COMPARED = {
    "base.html": "49c62197ece3d8a3",
    "change_list.html": "20b8d0e45467ccd3",
    "change_form.html": "e85dacd09dd7731a",
    "filter.html": "72f8dacc61259f70",
    "search_form.html": "18898ee2576bda25",
}


def wire(*files: Path) -> int:
    """Bytes after compression as the static storage does it; fonts are compressed already."""
    return sum(
        len(file.read_bytes() if file.suffix == ".woff2" else brotli.compress(file.read_bytes()))
        for file in files
    )


CSS = [STATIC / "css" / f"{name}.css" for name in ("tokens", "base", "portal")]
SCRIPTS = [HTMX, STATIC / "js/portal.js"]
BOLD = STATIC / "fonts/lamp-bold.woff2"


def test_styles_of_a_portal_page_stay_below_ten_kilobytes() -> None:
    assert wire(*CSS) <= 10_000


def test_scripts_of_a_page_stay_below_twenty_five_kilobytes() -> None:
    assert wire(*SCRIPTS) <= 25_000
    assert wire(*SCRIPTS, STATIC / "js/desk.js") <= 25_000


def test_the_serif_stays_below_thirty_kilobytes() -> None:
    assert wire(*(STATIC / "fonts").glob("*.woff2")) <= 30_000


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/code/", "/help/"])
def test_a_cold_page_stays_below_sixty_kilobytes(client: Client, address: str) -> None:
    html = client.get(address).content
    assert len(html) + wire(*CSS, *SCRIPTS, BOLD, STATIC / "img/mark.svg") <= 60_000


@pytest.mark.covers_part("C-32", "B-13")
def test_style_files_ask_nothing_from_elsewhere() -> None:
    for file in (STATIC / "css").glob("*.css"):
        assert not re.search(r"https?:|//", re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)), (
            file.name
        )


@pytest.mark.covers("C-25")
def test_no_template_carries_inline_style_or_script_outside_mail() -> None:
    for file in (ROOT / "templates").rglob("*.html"):
        if "email" in file.relative_to(ROOT / "templates").parts:
            continue
        text = file.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text), file
        assert all(
            "src=" in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", text)
        ), file


@pytest.mark.parametrize("name", COMPARED)
def test_django_s_template_is_the_one_that_ours_was_compared_with(name: str) -> None:
    """Red after an upgrade of Django: compare its template with ours, then write the new digest here."""
    assert hashlib.sha256((ADMIN / name).read_bytes()).hexdigest()[:16] == COMPARED[name], django.__version__


def test_every_template_can_be_read() -> None:
    """A slip in a template is found here, not by the first reader of its page."""
    names = [str(file.relative_to(ROOT / "templates")) for file in (ROOT / "templates").rglob("*.html")]
    assert "portal/home.html" in names
    for name in names:
        assert loader.get_template(name).template.name == name  # type: ignore[attr-defined]
