"""Message catalogues without the system's gettext: found, merged and checked with Babel (decision 38)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

#: Functions that mark a text, and the names they go by here when two of them meet in one module.
KEYWORDS = frozenset(
    [
        "_",
        "_lazy",
        "_now",
        "gettext",
        "gettext_lazy",
        "gettext_noop",
        "ngettext",
        "ngettext_lazy",
        "pgettext",
        "pgettext_lazy",
        "npgettext",
        "npgettext_lazy",
    ]
)
#: Marks an entry that overrides another package's text and so stands in no source of ours.
FOREIGN = "overrides another package"
_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(npgettext|ngettext|pgettext|gettext|_)\(\s*((?:{_STRING}\s*,?\s*)+)", re.DOTALL)
_LITERAL = re.compile(_STRING, re.DOTALL)
_NAMED = re.compile(r"%\((\w+)\)[sdif]")

Found = tuple[str | None, str | tuple[str, str], str]


def sources(root: Path) -> Iterator[Path]:
    """Python files of the packages and all templates."""
    packages = sorted(path.parent for path in root.glob("*/__init__.py") if path.parent.name != "tests")
    for package in packages:
        yield from sorted(p for p in package.rglob("*.py") if "migrations" not in p.parts)
    yield from sorted(p for p in (root / "templates").rglob("*") if p.suffix in (".html", ".txt"))


def found_in(path: Path, root: Path) -> Iterator[Found]:
    """(context, message or (singular, plural), place) of each translatable text in one file."""
    place = str(path.relative_to(root))
    if path.suffix == ".py":
        yield from _in_python(path, place)
    else:
        yield from _in_template(path.read_text(), place)


def _in_python(path: Path, place: str) -> Iterator[Found]:
    """Calls with literal texts, those inside f-strings included; the same on every Python."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and (function := _function_of(node)) in KEYWORDS:
            literals = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            found = _read_call(function, literals)
            if found:
                yield (*found, place)


def _function_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _in_template(text: str, place: str) -> Iterator[Found]:
    for match in _CALL.finditer(templatize(text, origin=place)):
        literals = [ast.literal_eval(literal) for literal in _LITERAL.findall(match.group(2))]
        found = _read_call(match.group(1), literals)
        if found:
            yield (*found, place)


def _read_call(function: str, texts: list[str]) -> tuple[str | None, str | tuple[str, str]] | None:
    context = texts.pop(0) if "pgettext" in function and texts else None
    if not texts or not texts[0]:
        return None
    if function.startswith(("ngettext", "npgettext")) and len(texts) > 1:
        return context, (texts[0], texts[1])
    return context, texts[0]


def template_catalogue(root: Path) -> Catalog:
    """Everything that is to be translated, in the order of its text so that differences stay small."""
    places: dict[tuple[str | None, str | tuple[str, str]], list[str]] = {}
    for path in sources(root):
        for context, text, place in found_in(path, root):
            names = places.setdefault((context, text), [])
            if place not in names:
                names.append(place)
    catalogue = Catalog(charset="utf-8")
    for (context, text), names in sorted(
        places.items(), key=lambda item: (str(item[0][1]), item[0][0] or "")
    ):
        catalogue.add(text, locations=[(name, 0) for name in names], context=context)
    return catalogue


def catalogue_path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    """The stored catalogue; an empty one when there is none yet."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def merged(language: str, template: Catalog) -> Catalog:
    """The stored translations for what the sources say now; texts no longer used are dropped."""
    stored = read_catalogue(language)
    result = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in template:
        if message.id:
            known = stored.get(message.id, message.context)
            if known and known.pluralizable != message.pluralizable:
                known = None  # the text has got a plural, or lost it: it is said anew
            result.add(
                message.id,
                string=known.string if known else "",
                locations=message.locations,
                context=message.context,
                flags=known.flags if known else (),
            )
    for message in stored:
        if (
            message.id
            and FOREIGN in message.auto_comments
            and result.get(message.id, message.context) is None
        ):
            result.add(message.id, string=message.string, auto_comments=[FOREIGN], context=message.context)
    return result


def as_po(catalogue: Catalog) -> bytes:
    """The file's bytes: sorted, without dates or line numbers, the same for the same texts."""
    out = BytesIO()
    write_po(out, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header.encode() + out.getvalue()


def problems(catalogue: Catalog) -> list[str]:
    """What keeps a catalogue from being shipped: missing or fuzzy texts, placeholders that differ."""
    return [problem for message in catalogue if message.id for problem in _problems_of(message)]


def _problems_of(message: Message) -> Iterator[str]:
    texts: list[Any] = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
    name = message.id[0] if isinstance(message.id, tuple | list) else message.id
    if not texts or not all(texts):
        yield f"missing: {name!r}"
    elif "fuzzy" in message.flags:
        yield f"fuzzy: {name!r}"
    else:
        source = " ".join(message.id) if isinstance(message.id, tuple | list) else message.id
        wanted = set(_NAMED.findall(source))
        for text in texts:
            if not set(_NAMED.findall(text)) <= wanted or (
                len(texts) == 1 and set(_NAMED.findall(text)) != wanted
            ):
                yield f"placeholders differ: {name!r}"
