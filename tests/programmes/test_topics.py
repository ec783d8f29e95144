"""The catalogue of topics: shipped with a direction, hidden, retired and reviewed per programme, suggested."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from common.errors import Conflict, DomainError, IllegalTransition
from programmes.models import Enrolment, ProgrammeTopic, Topic, TopicOffer, TopicSuggestion, TopicWish
from programmes.services import (
    add_topic,
    change_topic,
    decide_suggestion,
    hide_topic,
    review_topic,
    set_topics,
    suggest_topic,
)
from tests.programmes.world import NOW, World, make_world, take_part

pytestmark = pytest.mark.django_db
NAMES = {"name_en": "Nets", "name_nl": "Netten", "name_de": "Netze"}


@pytest.fixture
def world() -> World:
    return make_world()


def choices(world: World) -> set[str]:
    return set(Topic.objects.offered_in(world.programme.pk).values_list("code", flat=True))


@pytest.mark.covers("S0.8")
@pytest.mark.covers("S1.10")
@pytest.mark.covers("S1.11")
@pytest.mark.covers("S3.23")
@pytest.mark.covers("S4.5")
@pytest.mark.covers("S2.27")
def test_the_shipped_topics_say_who_usually_teaches_whom() -> None:
    direction = dict(Topic.objects.filter(programme=None).values_list("code", "direction"))
    assert len(direction) == 21
    assert {code for code, way in direction.items() if way == "down"} == {"leadership", "strategy_vision"}
    up = {"digital_skills", "worklife_balance", "technologies", "social_media", "latest_university"}
    assert {direction[code] for code in up} == {"up"}
    assert direction["work_culture"] == direction["craft"] == "both"
    for topic in Topic.objects.filter(programme=None):
        assert topic.name_en
        assert topic.name_nl
        assert topic.name_de
        assert topic.reviewed_on


@pytest.mark.covers("S0.24")
@pytest.mark.covers("S4.3")
def test_a_hidden_or_retired_topic_leaves_the_choices_and_stays_with_who_chose_it(world: World) -> None:
    mentor = take_part(world, "m", "mentor", offers={"gen_ai": 4})
    own = add_topic(programme=world.programme, values=NAMES, by=world.coordinator)
    set_topics(enrolment=mentor, offers={"gen_ai": 4, own.code: 3}, wants={})
    shared, other = Topic.objects.get(code="gen_ai", programme=None), make_world("Elsewhere")
    assert {"gen_ai", own.code} <= choices(world)
    hide_topic(programme=world.programme, topic=shared, is_hidden=True, by=world.coordinator)
    change_topic(topic=own, values={"is_retired": True}, by=world.coordinator)
    assert not {"gen_ai", own.code} & choices(world)
    assert "gen_ai" in choices(other)
    assert TopicOffer.objects.filter(enrolment=mentor).count() == 2
    hide_topic(programme=world.programme, topic=shared, is_hidden=False, by=world.coordinator)
    assert "gen_ai" in choices(world)
    with pytest.raises(DomainError, match="another programme"):
        hide_topic(programme=other.programme, topic=own, is_hidden=True, by=None)


@pytest.mark.covers("S0.24")
def test_a_review_is_dated_per_programme(world: World) -> None:
    shared = Topic.objects.get(code="gen_ai", programme=None)
    review_topic(programme=world.programme, topic=shared, by=world.coordinator, now=NOW)
    assert ProgrammeTopic.objects.get().reviewed_on == NOW.date()
    own = add_topic(programme=world.programme, values=NAMES, by=world.coordinator)
    review_topic(programme=world.programme, topic=own, by=world.coordinator, now=NOW)
    own.refresh_from_db()
    assert own.reviewed_on == NOW.date()


def test_two_topics_of_one_name_get_two_codes(world: World) -> None:
    first, second = (add_topic(programme=world.programme, values=NAMES, by=None) for _n in range(2))
    assert (first.code, second.code) == ("nets", "nets_2")
    with pytest.raises(DomainError):
        add_topic(programme=world.programme, values=NAMES | {"name_nl": ""}, by=None)


def test_a_suggestion_is_made_once_and_decided_once(world: World) -> None:
    one = take_part(world, "m", "mentor")
    first = suggest_topic(programme=world.programme, person=one.person, name="  Data   ethics ")
    assert suggest_topic(programme=world.programme, person=one.person, name="data ETHICS") == first
    assert first.name == "Data ethics"
    with pytest.raises(Conflict):
        suggest_topic(programme=world.programme, person=one.person, name="generatieve ai")
    with pytest.raises(DomainError, match="no part"):
        suggest_topic(programme=make_world("Elsewhere").programme, person=one.person, name="Boats")
    done = decide_suggestion(suggestion=first, to="accepted", values=NAMES, by=world.coordinator)
    assert done.topic is not None
    assert done.topic.code in choices(world)
    with pytest.raises(IllegalTransition):
        decide_suggestion(suggestion=first, to="declined", by=world.coordinator)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_topicsuggestion SET state = 'open'")
    for number in range(5):
        suggest_topic(programme=world.programme, person=one.person, name=f"Topic {number}")
    with pytest.raises(DomainError, match="waiting"):
        suggest_topic(programme=world.programme, person=one.person, name="One more")


def test_a_suggestion_points_only_to_a_topic_that_can_be_chosen(world: World) -> None:
    one = take_part(world, "m", "mentor")
    asked = suggest_topic(programme=world.programme, person=one.person, name="Chat programs")
    foreign = add_topic(programme=make_world("Elsewhere").programme, values=NAMES, by=None)
    for wrong in (None, foreign):
        with pytest.raises(DomainError, match="Choose the topic"):
            decide_suggestion(suggestion=asked, to="merged", into=wrong, by=world.coordinator)
    shared = Topic.objects.get(code="gen_ai", programme=None)
    assert decide_suggestion(suggestion=asked, to="merged", into=shared, by=None).topic == shared


def test_the_desk_decides_and_the_author_reads_it_on_their_page(client: Client, world: World) -> None:
    from participants.services import open_log_in

    one = take_part(world, "m", "mentor")
    page = reverse("portal:topic-suggest", args=[one.pk])
    author = Client()
    author.force_login(open_log_in(person=one.person))
    assert author.post(page, {"name": "Generative AI"}).status_code == 422
    assert author.post(page, {"name": "Chat programs", "why": "What they are for"}).status_code == 302
    client.force_login(world.user)
    asked = TopicSuggestion.objects.get()
    assert (
        "Chat programs" in client.get(reverse("admin:programmes_topicsuggestion_changelist")).content.decode()
    )
    change = reverse("admin:programmes_topicsuggestion_change", args=[asked.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {}).status_code == 200
    assert client.post(change, {"decision": "merged"}).status_code == 200
    shared = Topic.objects.get(code="gen_ai", programme=None)
    assert client.post(change, {"decision": "merged", "into": shared.pk}).status_code == 302
    assert "You find it in the list as “Generative AI”" in author.get(page).content.decode()
    assert client.get(change).status_code == 200
    assert client.post(change, {"decision": "declined"}).status_code == 403
    stranger = Client()
    stranger.force_login(make_world("Elsewhere").user)
    assert stranger.get(change).status_code == 404


def test_the_desk_hides_and_reviews_for_its_own_programmes(client: Client, world: World) -> None:
    client.force_login(world.user)
    shared = Topic.objects.get(code="gen_ai", programme=None)
    listing = reverse("admin:programmes_topic_changelist")
    for action in ("hide", "reviewed_today"):
        client.post(listing, {"action": action, "_selected_action": [shared.pk]})
    assert "gen_ai" not in choices(world)
    assert ProgrammeTopic.objects.get(programme=world.programme).reviewed_on is not None
    client.post(listing, {"action": "show_again", "_selected_action": [shared.pk]})
    assert "gen_ai" in choices(world)


@pytest.mark.covers("S1.3")
def test_the_own_level_of_a_wish_is_what_matching_counts_from(world: World) -> None:
    from matching.selectors.problem import _levels

    mentee = take_part(world, "e", "mentee", wants={"gen_ai": 3}, offers={"leadership": 4})
    TopicWish.objects.filter(enrolment=mentee).update(level=2)
    found = _levels(Enrolment.objects.prefetch_related("offers__topic", "wishes__topic").get(pk=mentee.pk))
    assert sorted(found.values()) == [2, 4]
