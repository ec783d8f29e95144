"""A problem as JSON and back, and its digest. The names are those of the dataclasses (``docs/matching.md``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from matching.engine.errors import EngineError
from matching.engine.model import Link, Person, Policy, Problem, Rules, Weights

#: One JSON object.
Json = dict[str, Any]

_SETS = ("perspectives_offered", "languages", "barrier_groups", "availability", "superiors")
_TEXTS = ("perspective_wanted", "style", "site", "country", "department", "discipline", "team", "time_zone")
_PLAIN = ("key", "capacity", "cross_border", "grade")
_LINKS = ("pins", "rejects", "current", "past", "blocked")


def input_digest(problem: Problem) -> str:
    """``sha256:`` and the digest of everything that decides the plan, whatever the order of rows."""
    text = json.dumps(problem_to_json(problem), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def problem_to_json(problem: Problem) -> Json:
    """The problem in canonical order. Two problems that mean the same give the same object."""
    data: Json = {
        "mentors": [_person_to_json(p) for p in sorted(problem.mentors, key=lambda p: p.key)],
        "mentees": [_person_to_json(p) for p in sorted(problem.mentees, key=lambda p: p.key)],
        "policy": _policy_to_json(problem.policy),
        "week": problem.week.isoformat() if problem.week else None,
    }
    for name in ("pins", "rejects", "current"):
        data[name] = [list(link) for link in sorted(set(getattr(problem, name)))]
    for name in ("past", "blocked"):
        data[name] = [list(link) for link in sorted({_sorted(link) for link in getattr(problem, name)})]
    if problem.scores is not None:
        data["scores"] = [list(entry) for entry in sorted(problem.scores)]
    return data


def problem_from_json(data: object) -> Problem:
    """A problem from parsed JSON. Unknown names are refused: a mistyped one would silently change the plan.

    Raises:
        EngineError: ``json`` with the name of what is not understood.
    """
    known = {item.name for item in fields(Problem)}
    source = _object(data, "the problem", known)
    return Problem(
        mentors=tuple(_person(item, "mentors") for item in _list(source.get("mentors", []), "mentors")),
        mentees=tuple(_person(item, "mentees") for item in _list(source.get("mentees", []), "mentees")),
        policy=_policy(source.get("policy", {})),
        scores=_scores(source.get("scores")),
        week=_week(source.get("week")),
        **{name: _links(source.get(name, []), name) for name in _LINKS},
    )


def parse(text: str) -> Problem:
    """A problem from JSON text.

    Raises:
        EngineError: ``json`` for text that is no JSON, that holds NaN or names something twice.
    """
    try:
        return problem_from_json(json.loads(text, parse_constant=_no_number, object_pairs_hook=_once))
    except (ValueError, RecursionError) as error:
        raise EngineError("json", f"this is no JSON: {' '.join(str(error).split())}") from None


def _person_to_json(person: Person) -> Json:
    data: Json = {name: getattr(person, name) for name in _PLAIN}
    for name in _SETS:
        data[name] = sorted(set(getattr(person, name)))
    for name in _TEXTS:
        data[name] = getattr(person, name) or None
    data["offers"] = dict(sorted(person.offers.items()))
    data["wants"] = dict(sorted(person.wants.items()))
    data["managers"] = list(person.managers)
    return data


def _policy_to_json(policy: Policy) -> Json:
    data: Json = {item.name: getattr(policy, item.name) for item in fields(policy)}
    rules = {item.name: getattr(policy.rules, item.name) for item in fields(policy.rules)}
    rules["barriers"] = [list(link) for link in sorted({_sorted(link) for link in policy.rules.barriers})]
    weights = {item.name: _plain(getattr(policy.weights, item.name)) for item in fields(policy.weights)}
    return data | {"rules": rules, "weights": weights}


def _plain(number: float) -> float:
    """40.0 and 40 mean the same."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _sorted(link: Link) -> Link:
    one, other = sorted(link)
    return one, other


def _person(data: object, where: str) -> Person:
    source = _object(data, f"a person in {where}", {item.name for item in fields(Person)})
    if not isinstance(source.get("key"), str):
        raise EngineError("json", f"{where}: a person needs a key that is a text")
    key: str = source["key"]
    read: dict[str, Any] = {}
    for name, value in source.items():
        read[name] = _person_field(key, name, value)
    return Person(**read)


def _person_field(key: str, name: str, value: object) -> object:
    where = f"{key!r}: {name}"
    if name in ("offers", "wants"):
        return dict(_object(value, where, None))
    if name in _SETS or name == "managers":
        return tuple(_text(item, where, (key,)) for item in _list(value, where))
    if name in _TEXTS:
        return None if value is None else _text(value, where, (key,))
    if name == "cross_border" and not isinstance(value, bool):
        raise EngineError("json", f"{where} is {value!r}, not true or false", keys=(key,))
    return value


def _policy(data: object) -> Policy:
    source = dict(_object(data, "policy", {item.name for item in fields(Policy)}))
    weights = _object(source.pop("weights", {}), "policy.weights", {item.name for item in fields(Weights)})
    rules = dict(_object(source.pop("rules", {}), "policy.rules", {item.name for item in fields(Rules)}))
    if "barriers" in rules:
        rules["barriers"] = _links(rules["barriers"], "policy.rules.barriers")
    for name in ("same_team", "other_department", "language", "availability", "cross_border", "past_pairs"):
        if not isinstance(rules.get(name, True), bool):
            raise EngineError("json", f"policy.rules.{name} is {rules[name]!r}, not true or false")
    if rules.get("assumed_time_zone") is not None:
        _text(rules["assumed_time_zone"], "policy.rules.assumed_time_zone")
    return Policy(weights=Weights(**weights), rules=Rules(**rules), **source)


def _scores(data: object) -> tuple[tuple[str, str, int], ...] | None:
    if data is None:
        return None
    read = []
    for item in _list(data, "scores"):
        entry = _list(item, "scores")
        if len(entry) != 3:
            raise EngineError("json", f"scores: {item!r} is not a mentee, a mentor and a score")
        read.append((_text(entry[0], "scores"), _text(entry[1], "scores"), entry[2]))
    return tuple(read)


def _links(data: object, where: str) -> tuple[Link, ...]:
    read = []
    for item in _list(data, where):
        entry = _list(item, where)
        if len(entry) != 2:
            raise EngineError("json", f"{where}: {item!r} is not two keys")
        read.append((_text(entry[0], where), _text(entry[1], where)))
    return tuple(read)


def _week(data: object) -> date | None:
    if data is None:
        return None
    try:
        return date.fromisoformat(_text(data, "week"))
    except ValueError:
        raise EngineError("json", f"week is {data!r}, not a day such as 2026-11-02") from None


def _object(data: object, where: str, known: set[str] | None) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise EngineError("json", f"{where}: an object is wanted here")
    unknown = sorted(set(data) - known) if known is not None else []
    if unknown:
        raise EngineError("json", f"{where}: {unknown[0]!r} is not known")
    return data


def _list(data: object, where: str) -> list[Any]:
    if not isinstance(data, list | tuple):
        raise EngineError("json", f"{where}: a list is wanted here")
    return list(data)


def _text(data: object, where: str, keys: tuple[str, ...] = ()) -> str:
    if not isinstance(data, str):
        raise EngineError("json", f"{where}: {data!r} is no text", keys=keys)
    return data


def _no_number(name: str) -> float:
    raise EngineError("json", f"{name} is no number")


def _once(pairs: Iterable[tuple[str, Any]]) -> Json:
    found: Json = {}
    for name, value in pairs:
        if name in found:
            raise EngineError("duplicate_key", f"{name!r} is there twice in one object", keys=(name,))
        found[name] = value
    return found
