"""The works council: what is switched, what it agreed to, and what holds because of it (decision 27)."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from common import privacy
from common.errors import DomainError, Stale
from evaluations.choices import RoundState
from evaluations.models import Round
from evaluations.services import launch_round, prepare_round
from mentoring.desk import desk
from programmes.choices import OBEYED, Outcome, Stage, Switch
from programmes.models import Agreement, Cohort, NamedContact, Switches
from programmes.selectors import changes, gates, is_on, settings_now, standing_of, switches_of, thresholds
from programmes.services import change_cohort, create_cohort, move_stage, record_agreement, set_switches
from tests.evaluations.world import World as Asked
from tests.programmes.council import agree, turn
from tests.programmes.world import NOW, World, chartered, make_world, ready_to_open
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 1, 4)


@pytest.fixture
def world() -> World:
    made = make_world()
    chartered(made)
    return made


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def missing(world: World) -> list[str]:
    return [
        gate.code for gate in gates(Cohort.objects.get(pk=world.cohort.pk), Stage.OPEN) if not gate.is_met
    ]


def record(world: World, **values: Any) -> Agreement:
    given = {"outcome": Outcome.AGREED, "agreed_on": DAY, "digest": standing_of(world.programme).digest}
    return record_agreement(programme=world.programme, by=world.coordinator, now=NOW, **(given | values))


# --- the gate -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", Outcome.values)
def test_no_cohort_opens_before_the_answer_is_recorded(world: World, outcome: str) -> None:
    NamedContact.objects.create(programme=world.programme, person=world.coordinator)
    with refused("gate", "Works council"):
        move_stage(cohort=world.cohort, to=Stage.OPEN, by=world.coordinator, now=NOW)
    made = record(world, outcome=outcome, note=" Minutes 12 ")
    assert (made.number, made.recorded_by, made.note) == (1, world.coordinator, "Minutes 12")
    assert move_stage(cohort=world.cohort, to=Stage.OPEN, by=None, now=NOW).stage == Stage.OPEN


@pytest.mark.covers("S1.26")
def test_no_cohort_opens_without_a_named_contact(world: World) -> None:
    record(world)
    assert missing(world) == ["contact"]


def test_what_is_wider_closes_the_gate_again_and_what_is_narrower_does_not(world: World) -> None:
    ready_to_open(world)
    assert missing(world) == []
    turn(world.programme, attention=True)
    assert missing(world) == ["council"]
    turn(world.programme, attention=False)
    assert missing(world) == []
    change_cohort(cohort=world.cohort, values={"min_group_size": 8, "min_comment_group": 12}, by=None)
    assert missing(world) == []
    agree(world.programme)
    change_cohort(cohort=world.cohort, values={"min_group_size": 7}, by=None)
    assert missing(world) == ["council"]
    assert thresholds(Cohort.objects.get()) == (8, 12)
    agree(world.programme)
    assert thresholds(Cohort.objects.get()) == (7, 12)


def test_a_new_cohort_may_do_what_others_may(world: World) -> None:
    change_cohort(cohort=world.cohort, values={"min_group_size": 8}, by=None)
    ready_to_open(world)
    dates = {"starts_on": dt.date(2028, 1, 1), "ends_on": dt.date(2028, 9, 1)}
    second = create_cohort(programme=world.programme, name="2028", min_group_size=8, by=None, **dates)
    assert gates(second, Stage.OPEN)[-1].is_met
    change_cohort(cohort=second, values={"min_group_size": 5}, by=None)
    assert not gates(second, Stage.OPEN)[-1].is_met
    assert thresholds(Cohort.objects.get(pk=second.pk))[0] == 8


def test_a_new_field_after_an_upgrade_closes_the_gate_and_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_to_open(world)
    line = privacy.lines_of("programmes.enrolment")["capacity"]
    wider = privacy.Line(**{**vars(line), "visible": (*line.visible, "sponsor"), "retention": "forever"})
    for model, field, new in (
        ("programmes.enrolment", "capacity", wider),
        ("participants.person", "birth", line),
        ("participants.person", "shoes", line),
    ):
        monkeypatch.setitem(privacy._register[model], field, new)
    assert missing(world) == ["council"]
    standing = standing_of(world.programme)
    words = [(one.what, one.before, one.after) for one in changes(standing.wider, standing.now)]
    assert words == [
        ("Person: birth, shoes", "not stored", "stored"),
        ("Enrolment: number of partners (who sees it)", "the programme's coordinators, the person concerned",
         "the programme's coordinators, the person concerned, the sponsor"),
        ("Enrolment: number of partners (how long it stays)", "12 months after the programme closes (365 days)",
         "as long as the programme's documents"),
    ]  # fmt: skip
    agree(world.programme)
    assert missing(world) == []


def test_every_retention_has_its_days() -> None:
    assert set(privacy.RETENTION_DAYS) == set(privacy.RETENTIONS)


# --- switches -----------------------------------------------------------------------------------------------


def test_a_programme_starts_with_the_most_private_setting(world: World) -> None:
    stored = switches_of(world.programme.pk)
    assert [switch for switch in Switch if getattr(stored, switch)] == [Switch.READ_LOG]
    assert not any(is_on(world.programme.pk, switch) for switch in Switch)


def test_on_holds_when_it_was_agreed_and_off_at_once(world: World) -> None:
    turn(world.programme, pulses=True)
    assert not is_on(world.programme.pk, Switch.PULSES)
    agree(world.programme)
    assert is_on(world.programme.pk, Switch.PULSES)
    turn(world.programme, pulses=False, attention=True)
    assert not is_on(world.programme.pk, Switch.PULSES)
    assert not is_on(world.programme.pk, Switch.ATTENTION)
    turn(world.programme, pulses=True)  # within what was agreed: nobody needs to be asked again
    assert is_on(world.programme.pk, Switch.PULSES)


def test_a_switch_that_nothing_obeys_cannot_be_turned(world: World) -> None:
    idle = set(Switch) - set(OBEYED)
    for switch in (*idle, "nonsense"):
        with refused("unknown_switch"):
            set_switches(programme=world.programme, values={switch: True}, seen_version=0, by=None)
    assert not set(settings_now(world.programme)["switches"]) & idle


@pytest.mark.covers("D-06")
def test_two_coordinators_at_the_switches_lose_nothing(world: World) -> None:
    set_switches(programme=world.programme, values={"pulses": True}, seen_version=0, by=world.coordinator)
    with pytest.raises(Stale) as refusal:
        set_switches(programme=world.programme, values={"attention": True}, seen_version=0, by=None)
    assert refusal.value.params["current"].pulses is True
    stored = Switches.objects.get()
    assert (stored.pulses, stored.attention, stored.version) == (True, False, 1)


@pytest.mark.covers("A-01")
def test_no_pulse_is_asked_before_it_was_agreed() -> None:
    asked = Asked()
    for _step in ("nothing recorded", "wanted only"):
        with refused("not_agreed", "Pulses"):
            asked.draft("pulse")
        turn(asked.programme, pulses=True)
    agree(asked.programme)
    draft = asked.draft("pulse")
    turn(asked.programme, pulses=False)
    with refused("not_agreed"):
        launch_round(round=draft, now=dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC))
    assert Round.objects.get().state == RoundState.DRAFT


def test_a_kind_of_questionnaire_that_was_not_agreed_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    made = agree(asked.programme)
    assert made.content["evaluations"] == ["baseline", "final", "followup", "quarterly"]
    older = {**made.content, "evaluations": ["baseline"]}
    Agreement.objects.create(
        programme=asked.programme,
        number=2,
        outcome="agreed",
        agreed_on=DAY,
        recorded_at=NOW,
        content=older,
        digest="x",
    )
    with refused("not_agreed"):
        asked.draft("quarterly")
    assert asked.draft("baseline").number == 1
    words = changes(standing_of(asked.programme).wider, settings_now(asked.programme))
    assert next(one.what for one in words).startswith("Questionnaire: ")


def test_a_round_never_shows_smaller_groups_than_were_agreed() -> None:
    asked = Asked()
    change_cohort(cohort=asked.cohort, values={"min_group_size": 7, "min_comment_group": 11}, by=None)
    agree(asked.programme)
    change_cohort(cohort=asked.cohort, values={"min_group_size": 5, "min_comment_group": 8}, by=None)
    asked.cohort.refresh_from_db()
    now = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    round = prepare_round(cohort=asked.cohort, kind="baseline", closes_at=now + dt.timedelta(days=9), now=now)
    assert (round.k, round.comment_k) == (7, 11)
    round = launch_round(round=round, now=now)
    assert (round.k, round.comment_k) == (7, 11)


def test_the_desk_works_nothing_out_about_pairs_without_the_switch(world: World, client: Client) -> None:
    client.force_login(world.user)
    page = desk(world.user, chosen="", now=NOW)
    assert (page.is_watched, page.calls) == (False, [])
    assert "Attention rules are not in force" in text(client.get(reverse("admin:index")))
    agree(world.programme, "attention")
    assert desk(world.user, chosen="", now=NOW).is_watched
    assert "Every pair meets as it should" in text(client.get(reverse("admin:index")))


# --- agreements ---------------------------------------------------------------------------------------------


def test_an_agreement_is_refused_with_a_reason(world: World) -> None:
    with refused("ahead"):
        record(world, agreed_on=dt.date(2027, 1, 12))
    with refused("outcome"):
        record(world, outcome="perhaps")
    with refused("long_note"):
        record(world, note="x" * 301)
    seen = standing_of(world.programme).digest
    turn(world.programme, pulses=True)
    with pytest.raises(Stale, match="has changed since"):
        record(world, digest=seen)
    assert not Agreement.objects.exists()


def test_what_was_agreed_stays_as_it_was(world: World) -> None:
    made = record(world)
    record(world)
    assert [one.number for one in world.programme.agreements.all()] == [2, 1]
    for change in (
        {"content": {}},
        {"agreed_on": NOW.date()},
        {"note": "other"},
        {"recorded_by": None, "digest": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=made.pk).delete()
    Agreement.objects.filter(pk=made.pk).update(recorded_by=None)  # a person may be erased


@pytest.mark.django_db(transaction=True)
def test_two_who_record_at_once_make_two_agreements_of_the_same() -> None:
    world = make_world()
    seen = standing_of(world.programme).digest

    def act(_n: int) -> int:
        try:
            return record(world, digest=seen).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, range(2))) == [1, 2]


# --- the page -----------------------------------------------------------------------------------------------


@pytest.fixture
def page(client: Client, world: World) -> str:
    client.force_login(world.user)
    return reverse("admin:programmes_programme_council", args=[world.programme.pk])


def hidden(client: Client, page: str) -> dict[str, Any]:
    shown = client.get(page)
    return {
        "digest": shown.context["standing"].digest,
        "seen_version": shown.context["switches"].initial["seen_version"],
    }


def test_the_page_turns_switches_and_records(client: Client, world: World, page: str) -> None:
    assert "nothing is recorded yet" in text(client.get(page))
    given = {"part": "switches", "attention": "on", **hidden(client, page)}
    assert client.post(page, given).status_code == 302
    answer = {"part": "agreement", "outcome": "agreed", "agreed_on": "2026-05-04", "note": "OR 12"}
    assert client.post(page, answer | hidden(client, page)).status_code == 302
    shown = text(client.get(page))
    assert "Works council: agreed on 4 May 2026" in shown
    assert "Attention rules in force" in shown
    assert "No. 1, recorded by Lotte Tester" in shown
    given = {"part": "switches", "attention": "on", "pulses": "on", **hidden(client, page)}
    client.post(page, given)
    shown = text(client.get(page))
    assert "1 change waits for the agreement" in shown
    assert "Pulses off on" in shown
    given = {"part": "switches", **hidden(client, page)}
    client.post(page, given)
    assert "Narrower than agreed" in text(client.get(page))


def test_what_was_typed_stays_when_something_changed_meanwhile(
    client: Client, world: World, page: str
) -> None:
    seen = hidden(client, page)
    turn(world.programme, pulses=True)
    answer = {"part": "agreement", "outcome": "agreed", "agreed_on": "2026-05-04", "note": "Minutes 12"}
    refused_page = client.post(page, answer | seen)
    assert refused_page.status_code == 422
    assert "A setting has changed since" in text(refused_page)
    assert 'value="Minutes 12"' in refused_page.content.decode()
    assert standing_of(world.programme).digest in refused_page.content.decode()
    late = client.post(page, {"part": "switches", "attention": "on", **seen})
    assert "Somebody else turned the switches" in text(late)
    assert not Agreement.objects.exists()


def test_another_programmes_page_is_not_there(client: Client, world: World, page: str) -> None:
    other = make_world("Other")
    address = reverse("admin:programmes_programme_council", args=[other.programme.pk])
    for answer in (client.get(address), client.post(address, {"part": "switches", "seen_version": 0})):
        assert answer.status_code == 404
    assert not Switches.objects.exists()


def test_an_unknown_day_and_no_answer_are_named(client: Client, world: World, page: str) -> None:
    wrong = client.post(page, {"part": "agreement", "agreed_on": "someday", **hidden(client, page)})
    assert wrong.status_code == 422
    assert "Say whether the works council has agreed" in text(wrong)
    with pytest.raises(DomainError):
        record(world, outcome="")
