"""Translations are compiled without the system's gettext, and `doctor` can tell whether they were."""

import gettext
import os

import pytest

from mentoring.local.translations import compile_messages, out_of_date

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Pair"
msgstr "Paar – schön"

#, fuzzy
msgid "Doubtful"
msgstr "Vielleicht"

msgid "%(n)d meeting"
msgid_plural "%(n)d meetings"
msgstr[0] "%(n)d Treffen"
msgstr[1] "%(n)d Treffen!"
"""


@pytest.fixture
def folder(tmp_path):
    catalogue = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE)
    return tmp_path


def test_compiled_texts_can_be_read_and_doubtful_ones_are_left_out(folder):
    (compiled,) = compile_messages(folder)
    with compiled.open("rb") as file:
        texts = gettext.GNUTranslations(file)
    assert texts.gettext("Pair") == "Paar – schön"
    assert texts.gettext("Doubtful") == "Doubtful"
    assert texts.ngettext("%(n)d meeting", "%(n)d meetings", 2) == "%(n)d Treffen!"


def test_only_what_changed_is_compiled_again(folder):
    (compiled,) = compile_messages(folder)
    assert compile_messages(folder) == []
    catalogue = compiled.with_suffix(".po")
    os.utime(catalogue, (compiled.stat().st_mtime + 5,) * 2)
    assert compile_messages(folder) == [compiled]
    assert not list(folder.rglob("*.tmp"))


def test_the_same_texts_give_the_same_bytes_on_another_day(folder, time_machine):
    catalogue = folder / "de" / "LC_MESSAGES" / "django.po"
    catalogue.write_text(CATALOGUE.replace('"Content-Type: text/plain; charset=utf-8\\n"\n', ""))
    time_machine.move_to("2027-02-01T08:00:00Z")
    compile_messages(folder)
    time_machine.move_to("2028-03-02T09:00:00Z")
    assert out_of_date(folder) == []


def test_out_of_date_goes_by_content_not_by_dates(folder):
    catalogue = folder / "de" / "LC_MESSAGES" / "django.po"
    assert out_of_date(folder) == [catalogue]
    compile_messages(folder)
    os.utime(catalogue, (2_000_000_000,) * 2)  # newer, but the same
    assert out_of_date(folder) == []
    catalogue.write_text(CATALOGUE.replace("Paar", "Gespann"))
    os.utime(catalogue, (1_000_000_000,) * 2)  # older, but different
    assert out_of_date(folder) == [catalogue]
