"""Which groups are shown: thresholds, complements and the audit, against an oracle written another way."""

from __future__ import annotations

import itertools
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.engine.disclosure import ALL, Sizes, cuts, narrowest, shown, without_complement
from evaluations.engine.segments import REST, Invited, freeze
from tests.evaluations.oracle import leaks, narrowest_by_search, shown_people

ROLES = ("mentor", "mentee")


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
    assert narrowest(every, sizes) == 2  # mentors without department B
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


@pytest.mark.covers("A-05")
@given(
    sizes=st.dictionaries(
        st.tuples(st.sampled_from(ROLES), st.sampled_from("ABCD")), st.integers(0, 9), min_size=1, max_size=8
    ),
    kinds=st.sets(st.sampled_from(["all", "role", "department"]), min_size=1),
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_audit_finds_what_an_exhaustive_search_finds(sizes: Sizes, kinds: set[str]) -> None:
    chosen = {cut: atoms for cut, atoms in cuts(sizes).items() if cut.split(":")[0] in kinds}
    assert narrowest(chosen, sizes) == narrowest_by_search(chosen, sizes)


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


def test_a_large_company_is_judged_at_once() -> None:
    sizes = {(role, f"Department {n}"): 3 + n % 7 for role in ROLES for n in range(200)}
    started = time.perf_counter()
    for insider in (False, True):
        assert shown(sizes, 5, insider=insider)
    assert time.perf_counter() - started < 5


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
