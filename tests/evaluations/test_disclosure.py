"""Which groups are shown: thresholds, complements and the audit, against an oracle written another way."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.engine.disclosure import ALL, Sizes, cuts, exposes, shown, without_complement
from evaluations.engine.segments import REST, Invited, freeze

ROLES = ("mentor", "mentee")


def leaks(cells: list[frozenset[int]], k: int) -> list[frozenset[int]]:
    """Groups of fewer than k single people that some linear combination of published sums gives away.

    Works on people one by one and on numbers, where the engine works on groups and exact fractions.
    """
    people = sorted(set().union(*cells)) if cells else []
    if not people:
        return []
    rows = np.array([[float(person in cell) for person in people] for cell in cells])
    _, sizes, right = np.linalg.svd(rows, full_matrices=False)
    space = right[sizes > 1e-9]
    columns: dict[tuple[float, ...], list[int]] = {}
    for index in range(len(people)):
        columns.setdefault(tuple(rows[:, index]), []).append(index)
    found = []
    for count in range(1, k):
        for chosen in itertools.combinations(columns.values(), count):
            group = [index for part in chosen for index in part]
            if len(group) < k:
                wanted = np.zeros(len(people))
                wanted[group] = 1
                if np.linalg.norm(wanted - space.T @ (space @ wanted)) < 1e-6:
                    found.append(frozenset(people[index] for index in group))
    return found


def numbered(sizes: Sizes) -> dict[tuple[str, str], frozenset[int]]:
    """Give every respondent a number."""
    numbers = itertools.count()
    return {atom: frozenset(next(numbers) for _ in range(size)) for atom, size in sizes.items()}


def shown_people(sizes: Sizes, chosen: frozenset[str]) -> list[frozenset[int]]:
    people = numbered(sizes)
    return [frozenset().union(*(people[atom] for atom in cuts(sizes)[cut])) for cut in chosen]


@pytest.mark.covers("A-01")
@pytest.mark.parametrize("k", [5, 7])
@pytest.mark.parametrize("insider", [False, True])
def test_a_total_is_shown_from_k_answers_on(k: int, insider: bool) -> None:
    need = k + 1 if insider else k
    for n in range(k + 3):
        assert shown({("", ""): n}, k, insider=insider) == ({ALL} if n >= need else set())


@pytest.mark.covers("A-03")
def test_the_complement_of_a_hidden_group_is_hidden_too() -> None:
    assert shown({("mentor", ""): 9, ("mentee", ""): 4}, 5) == {ALL}
    assert without_complement({"a": 4, "b": 6, "c": 9, "d": 30}, 5) == {"c", "d"}
    assert without_complement({"a": 4, "b": 3, "c": 9}, 5) == {"c"}
    assert without_complement({"a": 4}, 5) == set()


@pytest.mark.covers("A-04")
def test_below_twice_k_there_are_totals_and_departments_come_all_or_not_at_all() -> None:
    assert shown({("mentor", ""): 5, ("mentee", ""): 4}, 5) == {ALL}
    assert shown({("mentor", ""): 5, ("mentee", ""): 5}, 5) == {ALL, "role:mentor", "role:mentee"}
    sizes = {(role, name): 8 for role in ROLES for name in ("A", "B", "C")}
    assert len(shown(sizes, 5)) == 1 + 2 + 3
    sizes["mentor", "A"] = sizes["mentee", "A"] = 1
    assert not [cut for cut in shown(sizes, 5) if cut.startswith("department")]


@pytest.mark.covers("A-10")
def test_the_same_is_shown_whether_a_small_group_has_none_one_or_four() -> None:
    for n in (0, 1, 4):
        assert shown({("mentor", ""): 20, ("mentee", ""): n}, 5) == {ALL}


@pytest.mark.covers("A-05")
def test_the_audit_finds_a_group_between_two_dimensions() -> None:
    sizes = {("mentor", "A"): 2, ("mentor", "B"): 9, ("mentee", "A"): 9, ("mentee", "B"): 0}
    every = cuts(sizes)
    assert exposes(every, sizes, 5)  # mentors without department B are two people
    assert leaks(shown_people(sizes, frozenset(every)), 5)
    assert not leaks(shown_people(sizes, shown(sizes, 5)), 5)


@pytest.mark.covers("A-08")
def test_whoever_knows_one_answer_needs_one_more() -> None:
    sizes = {("mentor", ""): 5, ("mentee", ""): 8}
    assert shown(sizes, 5) == {ALL, "role:mentor", "role:mentee"}
    assert shown(sizes, 5, insider=True) == {ALL}


GROUPS = st.sampled_from(["A", "B", "C", REST])
PROGRAMMES = st.dictionaries(
    st.tuples(st.sampled_from(ROLES), GROUPS), st.integers(0, 12), min_size=1, max_size=8
)


@pytest.mark.covers("A-05")
@given(sizes=PROGRAMMES, k=st.integers(5, 7))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_random_programme_gives_away_a_group_below_k(sizes: Sizes, k: int) -> None:
    assert leaks(shown_people(sizes, shown(sizes, k)), k) == []


@pytest.mark.covers("A-05", "A-08")
@given(sizes=PROGRAMMES, k=st.integers(5, 6))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nor_does_it_to_somebody_who_takes_their_own_answer_away(sizes: Sizes, k: int) -> None:
    chosen = shown(sizes, k, insider=True)
    assert chosen <= shown(sizes, k) or not leaks(shown_people(sizes, chosen), k)
    for atom, size in sizes.items():
        if size:
            without_me = {**sizes, atom: size - 1}
            assert leaks(shown_people(without_me, chosen), k) == []


@given(sizes=PROGRAMMES, k=st.integers(5, 7))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_engines_audit_is_at_least_as_strict_as_the_oracle(sizes: Sizes, k: int) -> None:
    everything = cuts(sizes)
    assert exposes(everything, sizes, k) or not leaks(shown_people(sizes, frozenset(everything)), k)


@pytest.mark.covers("A-05")
def test_four_hundred_programmes_where_a_plain_threshold_would_leak() -> None:
    chance = random.Random(20261102)
    plain, ours = 0, 0
    for _ in range(400):
        people = [(chance.choice(ROLES), chance.choice("ABCDE")) for _ in range(chance.randint(8, 40))]
        sizes = {atom: people.count(atom) for atom in itertools.product(ROLES, "ABCDE")}
        naive = [cut for cut, atoms in cuts(sizes).items() if sum(sizes[atom] for atom in atoms) >= 5]
        plain += bool(leaks(shown_people(sizes, frozenset(naive)), 5))
        ours += bool(leaks(shown_people(sizes, shown(sizes, 5)), 5))
    assert plain > 100
    assert ours == 0


def test_a_tangle_too_large_to_prove_harmless_counts_as_exposed() -> None:
    sizes = {("mentor", f"D{n}"): 1 for n in range(60)} | {("mentee", f"D{n}"): 1 for n in range(60)}
    cells = {name: atoms for name, atoms in cuts(sizes).items() if name != ALL}
    assert exposes(cells, sizes, 5)


# --- groups beside answers ------------------------------------------------------------------------------


def invited(**numbers: int) -> list[Invited]:
    """``mentor_A=3`` makes three mentors of department A."""
    numbered = itertools.count(1)
    return [
        Invited(next(numbered), *name.split("_", 1)) for name, count in numbers.items() for _ in range(count)
    ]


@pytest.mark.covers("A-16")
def test_a_one_person_department_never_reaches_the_answers() -> None:
    people = invited(mentor_A=9, mentee_A=9, mentee_B=12, mentee_Legal=1)
    segments = freeze(people, 5)
    assert segments.departments == ("A", REST)  # one in Legal alone would be "rest", so B joins it
    assert {segments.of(one) for one in people} == {("mentor", "A"), ("mentee", "A"), ("mentee", REST)}


@pytest.mark.covers("A-16")
def test_role_and_department_together_are_shared_by_k_people() -> None:
    people = invited(mentor_A=1, mentee_A=9, mentor_B=8, mentee_B=9)
    segments = freeze(people, 5)
    assert segments.departments == ()
    assert {segments.of(one) for one in people} == {("mentor", ""), ("mentee", "")}


@pytest.mark.covers("A-16")
def test_where_one_role_is_small_no_answer_says_its_role() -> None:
    people = invited(mentor_A=3, mentee_A=7, mentee_B=9)
    segments = freeze(people, 5)
    assert segments.by_role is False
    assert {role for role, _ in map(segments.of, people)} == {""}


@given(
    people=st.lists(
        st.tuples(st.sampled_from(ROLES), st.sampled_from(["A", "B", "C", "D", "", REST])), max_size=60
    ),
    k=st.integers(5, 8),
)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_beside_an_answer_is_shared_by_k_invited_people(people: list, k: int) -> None:
    asked = [Invited(number, *one) for number, one in enumerate(people)]
    segments = freeze(asked, k)
    counts: dict[tuple[str, str], int] = {}
    for one in asked:
        counts[segments.of(one)] = counts.get(segments.of(one), 0) + 1
    assert all(count >= k for group, count in counts.items() if group != ("", ""))
