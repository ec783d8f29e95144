"""The intake: five steps that keep what was typed, sealed until sent, resumable, sent once, changed later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import NotAllowed
from outbox.models import Message
from participants.models import Delegation, Person
from participants.services import open_log_in
from programmes.models import Assessment, ColleagueTopic, Enrolment, Intake, Topic, TopicOffer, TopicWish
from programmes.selectors import draft_of, open_intake_text
from programmes.services import describe_self, erase_selection, hide_topic, keep_draft, remind_intakes
from programmes.services.erasing import forget_candidate
from sealing.models import ScopeKey
from sealing.services import CannotUnseal
from tests.programmes.world import NOW, World, make_person, make_world, take_part

pytestmark = pytest.mark.django_db

ROLE = {"capacity": "2", "is_ready": "on", "notice": "on"}
TOPICS = {
    "offer_1_topic": "gen_ai", "offer_1_level": "5", "offer_1_example": "I rebuilt our sampling sheet.",
    "offer_2_topic": "social_media", "offer_2_level": "4",
    "wish_1_topic": "leadership", "wish_1_level": "1",
    "wish_2_topic": "strategy_vision", "wish_2_level": "0", "style": "hands_on",
}  # fmt: skip
VIEW = {"offered": ["consumer", "craft"], "words": "My CANARY view", "consent": "on"}
PRACTICAL = {
    "languages": ["en", "nl"], "availability": ["mon_am", "tue_lunch"], "place": "both",
    "is_cross_border": "on", "minutes": "45", "channel": "chat",
}  # fmt: skip
ABOUT = {
    "openness": "A colleague showed me that I was wrong.", "strengths": ["ai", "data"], "own_digital": "met",
    "own_innovative": "partly", "education": "Econometrics", "graduated": "2025",
}  # fmt: skip
STEPS: list[dict[str, Any]] = [ROLE, TOPICS, VIEW, PRACTICAL, ABOUT]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def junior(world: World) -> Enrolment:
    return take_part(world, "m", "mentor", state="applied")


@pytest.fixture
def senior(world: World) -> Enrolment:
    return take_part(world, "e", "mentee", state="applied")


def log_in(enrolment: Enrolment) -> Client:
    client = Client()
    client.force_login(open_log_in(person=enrolment.person))
    return client


def at(enrolment: Enrolment, step: int) -> str:
    return reverse("portal:intake-step", args=[enrolment.pk, step])


def send_all(client: Client, enrolment: Enrolment, steps: list[dict[str, Any]] = STEPS) -> Any:
    for number, data in enumerate(steps, 1):
        answer = client.post(at(enrolment, number), {**data, "next": ""})
        assert answer.status_code == 302, answer.context["form"].errors
    return answer


@pytest.mark.covers("S0.4")
@pytest.mark.covers("S0.7")
@pytest.mark.covers("S0.13")
@pytest.mark.covers("S0.27")
@pytest.mark.covers("S1.1")
@pytest.mark.covers("S1.12")
@pytest.mark.covers("S2.4")
@pytest.mark.covers("S2.5")
@pytest.mark.covers("S2.27")
@pytest.mark.covers("S3.5")
@pytest.mark.covers("S4.10")
def test_five_steps_of_a_mentor_go_where_they_belong(junior: Enrolment) -> None:
    client = log_in(junior)
    assert (
        "Step 1 of 5" in client.get(reverse("portal:intake", args=[junior.pk]), follow=True).content.decode()
    )
    assert send_all(client, junior)["Location"] == reverse("portal:home")
    junior.refresh_from_db()
    assert (junior.capacity, junior.style, junior.is_cross_border) == (2, "hands_on", True)
    assert junior.perspectives_offered == ["consumer", "craft"]
    offers = (
        TopicOffer.objects.filter(enrolment=junior)
        .order_by("-level")
        .values_list("topic__code", "level", "example")
    )
    assert list(offers) == [("gen_ai", 5, "I rebuilt our sampling sheet."), ("social_media", 4, "")]
    wishes = TopicWish.objects.filter(enrolment=junior).values_list("topic__code", "priority", "level")
    assert sorted(wishes) == [("leadership", 3, 1), ("strategy_vision", 2, 0)]
    intake = Intake.objects.get()
    assert (intake.place, intake.channel, intake.minutes) == ("both", "chat", 45)
    assert (intake.graduated, intake.strengths) == (2025, ["ai", "data"])
    assert (junior.assessment.own_digital, junior.assessment.own_communication) == ("met", "")
    assert intake.completed_at is not None
    assert intake.draft is None
    assert intake.notice_version
    assert Person.objects.get(pk=junior.person_id).availability == ["mon_am", "tue_lunch"]
    assert Enrolment.objects.with_complete_intake().get() == junior
    send_all_again = client.post(at(junior, 5), {**ABOUT, "next": ""})
    assert send_all_again["Location"] == reverse("portal:profile")
    assert TopicOffer.objects.filter(enrolment=junior).count() == 2


@pytest.mark.covers("S4.4")
def test_a_mentee_offers_names_an_assistant_and_misses_a_craft(senior: Enrolment) -> None:
    client = log_in(senior)
    steps = [
        {"is_ready": "on", "notice": "on"},
        {"offer_1_topic": "leadership", "offer_1_level": "4", "wish_1_topic": "gen_ai", "wish_1_level": "1",
         "style": "dialogue"},
        {"wanted": "innovation"},
        {**PRACTICAL, "delegate": "Robin@example.com"},
        {"openness": "My trainee did.", "craft_missed": "Modelling"},
    ]  # fmt: skip
    send_all(client, senior, steps)
    senior.refresh_from_db()
    assert senior.perspective_wanted == "innovation"
    assert Delegation.objects.get().address == "robin@example.com"
    assert Intake.objects.get().craft_missed == "Modelling"
    assert TopicOffer.objects.filter(enrolment=senior).count() == 1


def test_what_is_wrong_is_kept_and_told_and_back_and_later_keep_too(junior: Enrolment) -> None:
    client = log_in(junior)
    wrong = {"offer_1_topic": "gen_ai", "offer_1_level": "", "offer_1_example": "Half a line"}
    answer = client.post(at(junior, 2), {**wrong, "next": ""})
    assert answer.status_code == 422
    assert {"offer_1_level", "style"} <= set(answer.context["form"].errors)
    assert "Half a line" in log_in(junior).get(at(junior, 2)).content.decode()
    assert client.post(at(junior, 4), {"languages": ["nl"], "back": ""})["Location"] == at(junior, 3)
    assert client.post(at(junior, 4), {"languages": ["nl"], "later": ""})["Location"] == reverse(
        "portal:home"
    )
    again = log_in(junior).get(reverse("portal:intake", args=[junior.pk]), follow=True)
    assert again.redirect_chain[-1][0] == at(junior, 4)
    assert again.context["form"]["languages"].value() == ["nl"]
    assert not TopicOffer.objects.exists()
    early = client.post(at(junior, 5), {**ABOUT, "next": ""})
    assert early["Location"] == at(junior, 1) + "?check=1"
    assert Intake.objects.get().completed_at is None


def test_one_topic_is_named_once_and_every_level_belongs_to_a_topic(junior: Enrolment) -> None:
    client = log_in(junior)
    twice = {**TOPICS, "offer_2_topic": "gen_ai", "wish_3_level": "2"}
    errors = client.post(at(junior, 2), {**twice, "next": ""}).context["form"].errors
    assert set(errors) == {"offer_2_topic", "wish_3_topic"}
    none = {"wish_1_topic": "leadership", "wish_1_level": "1", "style": "hands_on"}
    assert set(client.post(at(junior, 2), {**none, "next": ""}).context["form"].errors) == {
        "offer_1_topic",
        "offer_1_level",
    }


def test_the_last_step_shows_everything_in_words_to_read_through(junior: Enrolment) -> None:
    client = log_in(junior)
    for number, data in enumerate(STEPS[:4], 1):
        client.post(at(junior, number), {**data, "next": ""})
    told = [words for _step, rows in client.get(at(junior, 5)).context["page"].told for _label, words in rows]
    assert "Generative AI, Social media" in told
    assert {"Two", "Hands-on", "English, Nederlands", "Monday morning, Tuesday lunch", "by chat"} <= set(told)
    kept = client.post(at(junior, 5), {**ABOUT, "to": "2"})
    assert kept["Location"] == at(junior, 2)
    assert client.get(at(junior, 5)).context["form"]["education"].value() == "Econometrics"


@pytest.mark.covers("S2.12")
def test_a_perspective_is_offered_freely_sealed_and_taken_back(world: World, junior: Enrolment) -> None:
    client = log_in(junior)
    forced = client.post(at(junior, 3), {"offered": ["craft"], "words": "My CANARY view", "next": ""})
    assert set(forced.context["form"].errors) == {"consent"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT draft::text || coalesce(words::text, '') FROM programmes_intake")
        assert b"CANARY".hex() not in cursor.fetchone()[0]
    send_all(client, junior)
    intake = Intake.objects.get()
    assert open_intake_text(intake, intake.words) == "My CANARY view"
    desk = Client()
    desk.force_login(world.user)
    page = desk.get(reverse("admin:programmes_enrolment_change", args=[junior.pk])).content.decode()
    assert "CANARY" not in page
    assert "A colleague showed me that I was wrong." in page
    assert client.post(at(junior, 3), {}).status_code == 302
    intake.refresh_from_db()
    junior.refresh_from_db()
    assert (intake.words, intake.consent_on, junior.perspectives_offered) == (None, None, [])


@pytest.mark.covers("S0.28")
def test_the_desk_reads_openness_only_of_what_was_sent(world: World, junior: Enrolment) -> None:
    client, desk = log_in(junior), Client()
    desk.force_login(world.user)
    client.post(at(junior, 5), {**ABOUT, "later": ""})
    address = reverse("admin:programmes_enrolment_change", args=[junior.pk])
    assert "showed me that I was wrong" not in desk.get(address).content.decode()
    send_all(client, junior)
    assert "showed me that I was wrong" in desk.get(address).content.decode()


def test_everything_can_be_changed_later_and_what_was_chosen_stays(world: World, junior: Enrolment) -> None:
    client = log_in(junior)
    send_all(client, junior)
    topic = TopicOffer.objects.get(enrolment=junior, topic__code="gen_ai").topic
    hide_topic(programme=world.programme, topic=topic, is_hidden=True, by=None)
    page = client.get(at(junior, 2))
    assert page.context["form"]["offer_1_topic"].value() == "gen_ai"
    assert client.post(at(junior, 2), TOPICS).status_code == 302
    assert client.post(at(junior, 4), {**PRACTICAL, "place": "video"})["Location"] == reverse(
        "portal:profile"
    )
    assert Intake.objects.get().place == "video"
    assert client.post(at(junior, 4), {**PRACTICAL, "place": "moon"}).status_code == 422
    assert at(junior, 3) in client.get(reverse("portal:profile")).content.decode()


def test_nobody_else_gets_in(junior: Enrolment, senior: Enrolment) -> None:
    client = log_in(senior)
    for step in (1, 5):
        assert client.get(at(junior, step)).status_code == 404
        assert client.post(at(junior, step), ROLE).status_code == 404
    assert client.get(at(senior, 1)).status_code == 200
    assert client.get(f"/intake/{senior.pk}/6/").status_code == 404
    with pytest.raises(NotAllowed):
        keep_draft(enrolment=junior, step=1, typed={}, by=senior.person)
    assert Client().get(at(junior, 1)).status_code == 302


def test_whoever_was_declined_fills_in_nothing(junior: Enrolment) -> None:
    Enrolment.objects.filter(pk=junior.pk).update(state="declined")
    log_in(junior).post(at(junior, 1), {**ROLE, "next": ""})
    assert not Intake.objects.exists()


def test_each_step_asks_at_most_seven_things_says_who_sees_it_and_few_queries(
    junior: Enrolment, senior: Enrolment
) -> None:
    for enrolment in (junior, senior):
        client = log_in(enrolment)
        for step in range(1, 6):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                page = client.get(at(enrolment, step))
            assert len(seen) <= 8, (step, [one["sql"][:160] for one in seen.captured_queries])
            form = page.context["form"]
            assert step == 2 or len(form.fields) <= 7
            plain = [name for name, field in form.fields.items() if not hasattr(field, "who")]
            assert all(name.endswith(("_topic", "_level")) for name in plain), plain


def test_the_first_page_leads_to_the_intake_until_it_is_sent(junior: Enrolment) -> None:
    client, link = log_in(junior), reverse("portal:intake", args=[junior.pk])
    assert link in client.get("/").content.decode()
    client.post(at(junior, 2), {"later": ""})
    assert "you are at step 2 of 5" in client.get("/").content.decode()
    send_all(client, junior)
    assert link not in client.get("/").content.decode()


def test_an_unfinished_intake_is_remembered_twice_at_most(world: World, junior: Enrolment) -> None:
    make_person("nobody")
    open_log_in(person=junior.person)
    world.cohort.stage = "open"
    world.cohort.save()
    Enrolment.objects.filter(pk=junior.pk).update(created_at=NOW)
    days = [dt.timedelta(days=n) for n in (2, 3, 4, 10, 11, 30)]
    assert [remind_intakes(now=NOW + day) for day in days] == [0, 1, 0, 1, 0, 0]
    assert set(Message.objects.values_list("kind", flat=True)) == {"intake_incomplete"}


def test_nobody_is_remembered_of_what_was_sent_or_came_by_file(world: World, junior: Enrolment) -> None:
    by_file = take_part(world, "f", "mentor", offers={"gen_ai": 3})
    open_log_in(person=by_file.person)
    world.cohort.stage = "open"
    world.cohort.save()
    send_all(log_in(junior), junior)
    Enrolment.objects.update(created_at=NOW)
    assert remind_intakes(now=NOW + dt.timedelta(days=30)) == 0


def test_the_draft_stays_readable_for_its_author_after_many_saves(junior: Enrolment) -> None:
    for number in range(3):
        keep_draft(enrolment=junior, step=number + 1, typed={"x": [str(number)]}, by=junior.person)
    assert draft_of(Intake.objects.get()) == {n + 1: {"x": [str(n)]} for n in range(3)}


@pytest.mark.covers("S0.27")
def test_the_own_view_stands_once_whether_said_at_sign_up_or_in_the_intake(
    world: World, junior: Enrolment
) -> None:
    client = log_in(junior)
    describe_self(enrolment=junior, ratings={"communication": "met"}, by=junior.person)
    assert client.get(at(junior, 5)).context["form"]["own_communication"].value() == "met"
    send_all(client, junior)
    stored = Assessment.objects.get(enrolment=junior)
    assert (stored.own_digital, stored.own_innovative, stored.own_communication) == ("met", "partly", "")
    for stage in ("open", "selecting", "matching", "preparing", "active"):
        world.cohort.stage = stage
        world.cohort.save()
    erase_selection(cohort=world.cohort, now=NOW)
    page = client.get(at(junior, 5))
    assert "own_digital" not in page.context["form"].fields
    assert client.post(at(junior, 5), ABOUT).status_code == 302
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("way", ["taken back", "erased with the person", "by hand"])
def test_the_key_of_an_intake_goes_with_it_whatever_deletes_it(junior: Enrolment, way: str) -> None:
    log_in(junior).post(at(junior, 3), {**VIEW, "later": ""})
    intake = Intake.objects.get()
    if way == "taken back":
        forget_candidate(junior, NOW)
    elif way == "by hand":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM programmes_intake")
    else:
        junior.delete()
    assert not Intake.objects.exists()
    key = ScopeKey.objects.get(scope_kind="intake", scope_id=intake.pk)
    assert key.wrapped_part is None
    assert key.destroyed_at is not None
    with pytest.raises(CannotUnseal):
        open_intake_text(Intake(pk=intake.pk), intake.draft)


@pytest.mark.covers("S4.9")
def test_whoever_named_topics_before_finds_them_in_their_intake(world: World, junior: Enrolment) -> None:
    craft = Topic.objects.get(programme=None, code="craft")
    ColleagueTopic.objects.create(
        programme=world.programme, person=junior.person, topic=craft, sentence="Reading sheets"
    )
    form = log_in(junior).get(at(junior, 2)).context["form"]
    assert (form["offer_1_topic"].value(), form["offer_1_example"].value()) == ("craft", "Reading sheets")
    assert not form["offer_2_topic"].value()


@pytest.mark.covers("S0.28")
def test_the_selection_reads_how_open_a_candidate_is_once_they_have_sent_it(
    world: World, junior: Enrolment
) -> None:
    client, desk = log_in(junior), Client()
    desk.force_login(world.user)
    page = reverse("admin:programmes_selection_candidate", args=[world.cohort.pk, junior.pk])
    client.post(at(junior, 5), {**ABOUT, "later": ""})
    before = desk.get(page).content.decode()
    assert "showed me that I was wrong" not in before
    assert reverse("portal:intake", args=[junior.pk]) in before
    send_all(client, junior)
    after = desk.get(page).content.decode()
    assert "A colleague showed me that I was wrong." in after
    assert reverse("portal:intake", args=[junior.pk]) not in after
    assert "CANARY" not in after
