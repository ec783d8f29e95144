"""Texts that coordinators write: paragraphs, headings and lists out of plain lines, and names in curly brackets."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Block:
    """A piece of a text: "p" and "h" have one line, "ul" one line for each entry."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def blocks(text: str) -> list[Block]:
    """Paragraphs apart by empty lines; "# " begins a heading, "- " an entry of a list."""
    found: list[Block] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        _take(line.strip(), found)
    return [block for block in found if block.lines]


def _take(line: str, found: list[Block]) -> None:
    last = found[-1] if found else Block("", ())
    if line.startswith("# "):
        found.append(Block("h", (line[2:].strip(),)))
    elif line.startswith("- "):
        entry = line[2:].strip()
        if last.kind == "ul":
            found[-1] = Block("ul", (*last.lines, entry))
        else:
            found.append(Block("ul", (entry,)))
    elif not line:
        found.append(Block("", ()))
    elif last.kind == "p":
        found[-1] = Block("p", (*last.lines, line))
    else:
        found.append(Block("p", (line,)))


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with what the names in curly brackets stand for; one that nobody knows stays as it is."""
    return _NAME.sub(lambda name: str(values.get(name[1], name[0])), text)


def unknown_names(text: str, known: Collection[str]) -> list[str]:
    """Names in curly brackets that stand for nothing, in the order in which they appear."""
    return [name for name in dict.fromkeys(_NAME.findall(text)) if name not in known]
