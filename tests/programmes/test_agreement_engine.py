"""Comparing what was agreed with what is set: a widening is never missed, a narrowing never asks.

The oracle knows nothing of the comparing code. It spells a content out as single permissions ("coordinators may
read the grade", "a score of a group of seven may be shown"); settings are wider when they permit anything that was
not agreed.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programmes.engine.agreement import EITHER_WAY, USUAL, differences, digest, threshold, widenings

KEEPS = {"pair_90": 90, "programme": 365, "forever": None}
ERASURES = ["keep", "detach", "tombstone", "blank", "delete_row"]
LARGEST = 14

LINES = st.builds(
    lambda purpose, basis, category, keeps, visible, erase: {
        "purpose": purpose, "basis": basis, "category": category, "retention": keeps, "days": KEEPS[keeps],
        "visible": sorted(visible), "erase": erase,
    },
    st.sampled_from(["run", "match"]), st.sampled_from(["interest", "agreement"]),
    st.sampled_from(["contact", "process"]), st.sampled_from(sorted(KEEPS)),
    st.sets(st.sampled_from(["self", "partner", "coordinator", "sponsor", "nobody"]), min_size=1),
    st.sampled_from(ERASURES),
)  # fmt: skip
#: What is agreed to is large, and drawing it on a busy machine is slow; neither is a fault.
LARGE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONTENTS = st.builds(
    lambda switches, cohorts, evaluations, register: {
        "format": 1, "switches": switches, "cohorts": cohorts, "evaluations": sorted(evaluations),
        "register": register,
    },
    st.dictionaries(st.sampled_from(["pulses", "attention", *EITHER_WAY]), st.booleans()),
    st.dictionaries(
        st.sampled_from(["1", "2", "10"]),
        st.builds(lambda s, c: {"name": "x", "scores": s, "comments": c}, st.integers(5, 9), st.integers(8, 12)),
    ),
    st.sets(st.sampled_from(["baseline", "quarterly", "final"])),
    st.dictionaries(st.sampled_from(["a.b.c", "a.b.d", "a.e.f"]), LINES, max_size=3),
)  # fmt: skip


def permissions(content: dict[str, Any], cohorts: set[str]) -> set[tuple[Any, ...]]:
    """Everything that a content lets happen, one by one."""
    found: set[tuple[Any, ...]] = set()
    for name in ("pulses", "attention", *EITHER_WAY):
        on = content["switches"].get(name, False)
        if name in EITHER_WAY:
            found.add(("switch", name, on))
        elif on:
            found.add(("switch", name))
    for part in ("scores", "comments"):
        least = min((c[part] for c in content["cohorts"].values()), default=USUAL[part])
        for cohort in cohorts:
            known = content["cohorts"].get(cohort)
            start = known[part] if known else least
            found |= {(part, cohort, size) for size in range(start, LARGEST)}
    found |= {("evaluation", kind) for kind in content["evaluations"]}
    for field, line in content["register"].items():
        found |= {
            (field, "stored"),
            *((field, aspect, line[aspect]) for aspect in ("purpose", "basis", "category")),
        }
        found |= {(field, "read", viewer) for viewer in line["visible"] if viewer != "nobody"}
        found |= {(field, "survives", erasure) for erasure in ERASURES[ERASURES.index(line["erase"]) :]}
        days = 400 if line["days"] is None else line["days"] + 1
        rules = KEEPS if line["days"] is None else [line["retention"]]
        found |= {(field, "kept", rule, day) for rule in rules for day in range(days)}
    return found


@LARGE
@given(CONTENTS, CONTENTS)
def test_wider_is_what_permits_more_and_nothing_else(agreed: dict[str, Any], now: dict[str, Any]) -> None:
    new = permissions(now, set(now["cohorts"])) - permissions(agreed, set(now["cohorts"]))
    assert bool(widenings(agreed, now)) == bool(new), new


@LARGE
@given(CONTENTS)
def test_the_same_settings_do_not_differ_whatever_their_order(content: dict[str, Any]) -> None:
    turned = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value
        for key, value in reversed(content.items())
    }
    assert differences(content, turned) == []
    assert digest(content) == digest(turned)


@LARGE
@given(CONTENTS, CONTENTS)
def test_other_settings_have_another_fingerprint(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (digest(one) == digest(other)) == (one == other)


@LARGE
@given(CONTENTS, CONTENTS, CONTENTS)
def test_small_steps_lead_no_further_than_one(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    two["cohorts"] = three["cohorts"] = one[
        "cohorts"
    ]  # a new cohort starts from the least, which may itself move
    if not widenings(one, two) and not widenings(two, three):
        assert widenings(one, three) == []


@LARGE
@given(CONTENTS, CONTENTS)
def test_a_threshold_in_force_is_never_below_what_was_agreed(
    agreed: dict[str, Any], now: dict[str, Any]
) -> None:
    for cohort, wanted in now["cohorts"].items():
        for part in ("scores", "comments"):
            holds = threshold(agreed, cohort, part, wanted[part])
            assert holds >= wanted[part]
            kept = copy.deepcopy(now)
            kept["cohorts"] = {cohort: {**wanted, part: holds}}
            assert not [one for one in widenings(agreed, kept) if (one.part, one.subject) == (part, cohort)]


def test_nothing_agreed_keeps_what_is_wanted_and_a_new_form_is_wider() -> None:
    assert threshold(None, "1", "scores", 6) == 6
    content = {"format": 1, "switches": {}, "cohorts": {}, "evaluations": [], "register": {}}
    found = differences(content, {**content, "format": 2})
    assert [(one.part, one.is_wider) for one in found] == [("format", True)]
