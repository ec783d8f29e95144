"""What was agreed on data protection, held against what is set now: has anything become wider? No Django.

The content of an agreement is plain data, so that it can be kept as it was, and compared years later::

    {"format": 1,
     "switches": {"pulses": false},
     "cohorts": {"12": {"name": "2027", "scores": 5, "comments": 10}},
     "evaluations": ["baseline", "quarterly"],
     "register": {"programmes.enrolment.role": {"purpose": "run", "basis": "interest", "category": "process",
                  "retention": "programme", "days": 365, "visible": ["coordinator", "self"], "erase": "keep"}}}

Whatever cannot be shown to be narrower counts as wider: a false alarm costs a conversation, a miss costs trust.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Content = Mapping[str, Any]
FORMAT: Final = 1
#: What holds for a cohort that no agreement has seen, where none says less: five for scores, ten for comments.
USUAL: Final[Mapping[str, int]] = {"scores": 5, "comments": 10}
#: Switches that watch over one group to protect another: turning them either way is for the agreement to say.
EITHER_WAY: Final = ("read_log",)
#: What erasing a person does to a field, the weakest first.
_ERASURES: Final = ("keep", "detach", "tombstone", "blank", "delete_row")
#: Readers that are none.
_NOBODY: Final = frozenset({"nobody"})
#: Aspects of a field of which any change may be wider.
_FIXED: Final = ("purpose", "basis", "category")


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was agreed.

    Args:
        part: "format", "switch", "scores", "comments", "evaluation", "field", "purpose", "basis", "category",
            "visible", "retention" or "erase".
        subject: the switch, the cohort's number, the kind of questionnaire, or "app.model.field".
        before, after: plain values; None where there is none.
        is_wider: whether more is processed, shown, asked or kept than was agreed.
    """

    part: str
    subject: str
    before: Any
    after: Any
    is_wider: bool


def digest(content: Content) -> str:
    """A fingerprint of a content: the same for the same settings, whatever their order."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def differences(agreed: Content, now: Content) -> list[Difference]:
    """Everything that differs, in the order one reads it."""
    if agreed.get("format") != now.get("format"):
        return [Difference("format", "", agreed.get("format"), now.get("format"), True)]
    return [
        *_switches(agreed["switches"], now["switches"]),
        *_thresholds(agreed["cohorts"], now["cohorts"]),
        *_evaluations(agreed["evaluations"], now["evaluations"]),
        *_register(agreed["register"], now["register"]),
    ]


def widenings(agreed: Content, now: Content) -> list[Difference]:
    """What has become wider since; empty while the agreement covers what is set."""
    return [one for one in differences(agreed, now) if one.is_wider]


def threshold(agreed: Content | None, cohort: str, part: str, wanted: int) -> int:
    """The least group size in force: what the cohort wants, and never less than was agreed.

    Args:
        part: "scores" or "comments".
    """
    if agreed is None:
        return wanted
    cohorts: Mapping[str, Any] = agreed["cohorts"]
    floor: int = cohorts[cohort][part] if cohort in cohorts else _floor(cohorts, part)
    return max(wanted, floor)


def _floor(cohorts: Mapping[str, Any], part: str) -> int:
    """The least that was agreed for any cohort: a new one may do the same without asking."""
    return min((cohort[part] for cohort in cohorts.values()), default=USUAL[part])


def _switches(agreed: Mapping[str, bool], now: Mapping[str, bool]) -> Iterator[Difference]:
    for name in sorted({*agreed, *now}):
        before, after = agreed.get(name, False), now.get(name, False)
        if before != after:
            yield Difference("switch", name, before, after, after or name in EITHER_WAY)


def _thresholds(agreed: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for cohort in sorted(now, key=lambda key: (len(key), key)):
        for part in ("scores", "comments"):
            known = cohort in agreed
            before: int = agreed[cohort][part] if known else _floor(agreed, part)
            after: int = now[cohort][part]
            if after < before or (known and after > before):
                yield Difference(part, cohort, before, after, after < before)


def _evaluations(agreed: list[str], now: list[str]) -> Iterator[Difference]:
    for kind in sorted({*agreed, *now}):
        before, after = kind in agreed, kind in now
        if before != after:
            yield Difference("evaluation", kind, before, after, after)


def _register(agreed: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted({*agreed, *now}):
        before, after = agreed.get(name), now.get(name)
        if before is None or after is None:
            yield Difference("field", name, before, after, after is not None)
        else:
            yield from _line(name, before, after)


def _line(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for part in _FIXED:
        if before[part] != after[part]:
            yield Difference(part, name, before[part], after[part], True)
    if set(before["visible"]) != set(after["visible"]):
        gained = set(after["visible"]) - set(before["visible"]) - _NOBODY
        yield Difference("visible", name, before["visible"], after["visible"], bool(gained))
    if (before["retention"], before["days"]) != (after["retention"], after["days"]):
        yield Difference("retention", name, _term(before), _term(after), _is_longer(before, after))
    if before["erase"] != after["erase"]:
        yield Difference("erase", name, before["erase"], after["erase"], _is_weaker(before, after))


def _term(line: Mapping[str, Any]) -> list[Any]:
    return [line["retention"], line["days"]]


def _is_longer(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Days count from different events under different rules, so only the same rule can be shown to be shorter."""
    if before["days"] is None:
        return False
    if after["days"] is None or before["retention"] != after["retention"]:
        return True
    return bool(after["days"] > before["days"])


def _is_weaker(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    known = before["erase"] in _ERASURES and after["erase"] in _ERASURES
    return not known or _ERASURES.index(after["erase"]) < _ERASURES.index(before["erase"])
