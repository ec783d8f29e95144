"""The figures of a whole round: which groups each reader may see, and what may be printed about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from evaluations.engine.disclosure import ALL, Atom, Cut, cuts, role_cut, shown
from evaluations.engine.figures import NPS_KEY, cell, comparable, recommendation, scores
from evaluations.engine.instruments import STEPS, TEXT

#: Who reads a page: somebody who could not answer, or somebody who knows one of the answers (A-08).
STAFF: Final = "staff"
PARTICIPANTS: Final = "participants"
VIEWS: Final = (STAFF, PARTICIPANTS)

View = dict[str, Any]
Item = Mapping[str, Any]


@dataclass
class Answers:
    """Sealed answers, by question and by the atom they may be counted in."""

    of: dict[str, dict[Atom, list[Any]]] = field(default_factory=dict)

    def add(self, question: str, atom: Atom, value: Any) -> None:
        self.of.setdefault(question, {}).setdefault(atom, []).append(value)

    def to(self, item: Item) -> dict[Atom, list[Any]]:
        """The answers to a question; a question of one role is about everybody who was asked it."""
        found = self.of.get(item["key"], {})
        if len(item["roles"]) > 1:
            return found
        return {("", ""): [value for values in found.values() for value in values]}


def view(sheet: Mapping[str, Any], answers: Answers, atoms: Collection[Atom], k: int, reader: str) -> View:
    """Everything one kind of reader may see, suppressed groups left out.

    Args:
        sheet: the frozen questions.
        atoms: the frozen groups that invited people fall into, those nobody answered from included.
        reader: one of ``VIEWS``.

    Returns:
        ``figures`` (question → cut → cell), ``scores`` (code → cut → 0 to 100), ``recommendation`` (cut → score).
    """
    printed: View = {"figures": {}, "scores": {}, "recommendation": {}}
    for item in sheet["items"]:
        scale = sheet["scales"][item["scale"]]
        if scale["kind"] != TEXT:
            given = _with_silent(answers.to(item), atoms, item)
            printed["figures"][item["key"]] = _cells(given, item, scale, k, reader)
            if item["key"] == NPS_KEY:
                printed["recommendation"] = _recommendations(given, k, reader)
    means = {key: _means(cells) for key, cells in printed["figures"].items()}
    printed["scores"] = scores([item for item in sheet["items"] if _has_five(sheet, item)], means)
    return printed


def _with_silent(
    given: Mapping[Atom, list[Any]], atoms: Collection[Atom], item: Item
) -> dict[Atom, list[Any]]:
    known = atoms if len(item["roles"]) > 1 else [("", "")]
    return {atom: given.get(atom, []) for atom in {*known, *given}}


def _allowed(given: Mapping[Atom, list[Any]], k: int, reader: str) -> frozenset[Cut]:
    """What a participant may see is never more than what staff may, so that two pages together tell no more."""
    sizes = {atom: len(values) for atom, values in given.items()}
    allowed = shown(sizes, k)
    return allowed & shown(sizes, k, insider=True) if reader == PARTICIPANTS else allowed


def _cells(
    given: Mapping[Atom, list[Any]], item: Item, scale: Mapping[str, Any], k: int, reader: str
) -> dict[Cut, Any]:
    """The printed cells of a question. A distribution needs twice as many people, also by subtraction (A-09).

    How many of one role answered a question of their own stays out: beside the total it would count the others,
    who may be few (A-10).
    """
    spread = _allowed(given, 2 * k, reader)
    made = {}
    for cut in _allowed(given, k, reader):
        one = cell(_values(given, cut), scale, spread=cut in spread)
        if one is not None:
            is_of_all = len(item["roles"]) > 1
            made[_named(cut, item)] = {**one, "n": one["n"] if is_of_all else None}
    return made


def _values(given: Mapping[Atom, list[Any]], cut: Cut) -> list[Any]:
    atoms = cuts({atom: len(values) for atom, values in given.items()})[cut]
    return [value for atom in sorted(atoms) for value in given[atom]]


def _named(cut: Cut, item: Item) -> Cut:
    return role_cut(item["roles"][0]) if cut == ALL and len(item["roles"]) == 1 else cut


def _recommendations(given: Mapping[Atom, list[Any]], k: int, reader: str) -> dict[Cut, Any]:
    return {cut: recommendation(_values(given, cut)) for cut in _allowed(given, 2 * k, reader)}


def _means(cells: Mapping[Cut, Any]) -> dict[Cut, float]:
    return {cut: one["mean"] for cut, one in cells.items() if one["mean"] is not None}


def _has_five(sheet: Mapping[str, Any], item: Item) -> bool:
    scale = sheet["scales"][item["scale"]]
    return bool(scale["kind"] == STEPS and len(scale["values"]) == 5)


def comments(
    sheet: Mapping[str, Any], answers: Answers, respondents: Mapping[str, Mapping[str, int]], comment_k: int
) -> dict[str, list[str]]:
    """People's own words per question, only where enough people *of the roles asked* answered (A-02).

    Args:
        respondents: part → role → how many handed it in, whether or not they wrote anything.
    """
    made = {}
    for item in sheet["items"]:
        if sheet["scales"][item["scale"]]["kind"] != TEXT:
            continue
        asked = respondents.get(str(item["part"]), {})
        texts = [text for values in answers.to(item).values() for text in values]
        if sum(asked.get(role, 0) for role in item["roles"]) >= comment_k and texts:
            made[item["key"]] = texts
    return made


@dataclass(frozen=True)
class Earlier:
    """An earlier round of the cohort, as its snapshot has it, and who was invited to it by cut."""

    round: int
    view: View
    members: Mapping[Cut, frozenset[int]]


def trends(
    now: View, members: Mapping[Cut, frozenset[int]], earlier: Sequence[Earlier], k: int
) -> dict[str, dict[Cut, dict[str, Any]]]:
    """Printed means beside those of the last round that asked the same, made of snapshots alone (A-07).

    Args:
        earlier: newest first.

    Returns:
        Question → cut → ``{"round", "before", "after", "change"}``. A group that changed by fewer than ``k``
        people has none, nor has a mean whose end is coded.
    """
    made: dict[str, dict[Cut, dict[str, Any]]] = {}
    for key, cells in now["figures"].items():
        before = next((one for one in earlier if key in one.view["figures"]), None)
        if before is None:
            continue
        for cut, after in cells.items():
            old = before.view["figures"][key].get(cut)
            same = comparable(before.members.get(cut, frozenset()), members.get(cut, frozenset()), k)
            if same and old is not None and _is_plain(old) and _is_plain(after):
                made.setdefault(key, {})[cut] = _change(before.round, old["mean"], after["mean"])
    return made


def _is_plain(one: Mapping[str, Any]) -> bool:
    return one["mean"] is not None and not one["bound"]


def _change(number: int, before: float, after: float) -> dict[str, Any]:
    return {"round": number, "before": before, "after": after, "change": round(after - before, 1)}


def members(audience: Iterable[Mapping[str, Any]]) -> dict[Cut, frozenset[int]]:
    """Invited people by cut, from a frozen audience."""
    found: dict[Cut, set[int]] = {ALL: set()}
    for one in audience:
        for cut in (ALL, role_cut(one["role"]), f"department:{one['in']}"):
            found.setdefault(cut, set()).add(one["person"])
    return {cut: frozenset(people) for cut, people in found.items()}
