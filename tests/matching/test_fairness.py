"""What weights and rules do to a cohort as a whole, in words, and who has somebody by department and office."""

from __future__ import annotations

import pytest

from matching.selectors import run_page
from matching.selectors.weighing import weight_words
from matching.services import set_decision
from participants.models import Person
from programmes.models import Enrolment
from tests.matching.world import cohort, matched, mentee, mentor

pytestmark = pytest.mark.django_db


@pytest.mark.covers("S2.7")
def test_outcomes_are_set_side_by_side_by_department_and_office_and_by_nothing_else() -> None:
    within = cohort()
    for place in range(6):
        mentor(within, department="Tax", city="Utrecht")
        mentee(within, department="Audit", city="Hamburg", languages=["en"] if place else ["fr"])
    mentee(within, department="Deals", city="Hamburg")
    found = run_page(matched(within)).outcomes
    assert [(one.name, one.paired, one.people) for one in found] == [
        ("Audit", 5, 6), ("Tax", 6, 6), ("smaller ones and unknown, together", 1, 1),
        ("Hamburg", 6, 7), ("Utrecht", 6, 6),
    ]  # fmt: skip
    protected = {
        "gender",
        "sex",
        "birth",
        "age",
        "nationality",
        "ethnicity",
        "religion",
        "origin",
        "disability",
    }
    fields = {field.name for model in (Person, Enrolment) for field in model._meta.get_fields()}
    assert not {name for name in fields if protected & set(name.split("_"))}


@pytest.mark.covers("S2.16", "S2.24")
def test_craft_looks_for_the_own_discipline_in_another_team_and_other_views_for_another_department() -> None:
    within = cohort()
    near = mentor(within, "Near", department="Tax", discipline="law", team="blue", city="Utrecht")
    far = mentor(within, "Far", department="Audit", discipline="data", team="green", city="Hamburg")
    facts = {"department": "Tax", "discipline": "law", "team": "red", "city": "Utrecht"}
    craft = mentee(within, "Craft", perspective_wanted="craft", **facts)
    other = mentee(within, "Other", perspective_wanted="innovation", **facts)
    found = matched(within)
    assert set(found.links()) == {(near.pk, craft.pk), (far.pk, other.pk)}
    Person.objects.filter(pk=near.person_id).update(team="red")
    kept = matched(within)
    assert near.pk not in {mentor_id for mentor_id, _mentee_id in kept.links()}


def test_what_a_rule_costs_is_told_in_pairs_and_in_mean_fit() -> None:
    within = cohort()
    mentor(within, "Ann", offers={"craft": 5}), mentee(within, "Cas", wants={"craft": 3})
    mentor(within, "Bea", languages=["fr"]), mentee(within, "Dan")
    told = run_page(matched(within)).effects
    assert len(told) == 1
    assert told[0].startswith(
        "If it did not matter that they share no working language: 1 more pair, mean fit \N{MINUS SIGN}"
    )


def test_the_weights_are_told_in_plain_words() -> None:
    told = weight_words(
        {"knowledge": 60, "perspective": 0, "distance": 20, "logistics": 20, "style": 0, "return_gain": 0}
    )
    assert told[0].startswith("60 of 100 for learning")
    assert told[-1] == "Does not count: Perspective, Style, In return."
    assert len(told) == 4


def test_who_competes_for_whom_is_told_by_name_and_what_pins_fill_in_words() -> None:
    within = cohort()
    ann = mentor(within, "Ann")
    first, second = mentee(within, "Cas"), mentee(within, "Dan")
    found = run_page(matched(within)).without[0]
    assert {one.pk for one in found.rivals} == {first.pk, second.pk}
    assert [one.pk for one in found.sought] == [ann.pk]
    assert "2 mentees compete for 1 place with 1 mentor" in found.sentences[0]
    set_decision(cohort=within, mentor=ann, mentee=second, kind="pin", by=None)
    pinned = run_page(matched(within)).without[0]
    assert pinned.enrolment.pk == first.pk
    assert pinned.sentences[0].startswith("1 mentor could be with Cas")
