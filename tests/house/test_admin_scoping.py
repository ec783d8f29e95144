"""No page of the desk tells a coordinator anything about another programme (C-05).

Two programmes; everything in the second bears the word "canary". The walk goes over every registered list, so that a
new one is probed from its first day: it needs a line in ``make_everything`` and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.test import Client
from django.urls import reverse

from common.admin import ScopedModelAdmin
from evaluations.models import Round
from matching.models import MatchingRun, Proposal
from meetings.services import plan_meeting
from operations.models import Job
from outbox.services import Recipient, queue
from pairings.models import Hold
from pairings.services import add_goal, confirm_pairing
from participants.models import (
    Barrier,
    BarrierGroup,
    ErasureRequest,
    GroupMembership,
    ImportFile,
    ImportLog,
    Person,
    TitleGrade,
    User,
)
from participants.services import open_log_in
from programmes.models import (
    Announcement,
    Cohort,
    ContactRequest,
    Coordinator,
    CouncilMember,
    Enrolment,
    Goal,
    NamedContact,
    OpenCall,
    Programme,
    ProgrammeText,
    Sponsor,
    SponsorTask,
    Topic,
    TopicCall,
    TopicSuggestion,
)

NOW = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
#: Lists about nobody, the same for everybody at the desk.
SHARED = {TitleGrade}
#: What no list may show, search or filter by (B-05, and free times).
UNSPOKEN = ("perspective", "availability")
#: A cohort's setting, which says nothing about anybody.
SETTINGS = {"weight_perspective", "perspectives"}  # what a programme weighs or offers, nobody’s own
SITE = admin.site


@dataclass
class World:
    """One programme with one row of every kind."""

    user: User
    rows: dict[type[models.Model], Any] = field(default_factory=dict)


def make_everything(word: str) -> World:
    """A programme whose every text contains ``word``, and one row for each list of the desk."""

    def person(part: str, grade: int = 3) -> Person:
        return Person.objects.create(
            hr_key=f"{word}-{part}", first_name=f"{word} {part}", last_name=word, grade=grade, city=word,
            email=f"{part}@{word}.example.com".lower(), department=f"{word} unit", job_title=f"{word} title",
            languages=["en"], availability=["mon_am"],
        )  # fmt: skip

    programme = Programme.objects.create(name=f"{word} programme", purpose=f"{word} purpose")
    boss = person("boss", 7)
    coordinator = Coordinator.objects.create(programme=programme, person=boss)
    cohort = Cohort.objects.create(
        programme=programme, name=f"{word} cohort", starts_on=NOW.date(), ends_on=dt.date(2027, 12, 1),
        stage="active",
    )  # fmt: skip
    junior, senior, third = (
        Enrolment.objects.create(
            cohort=cohort,
            person=person(role + number, grade),
            role=role,
            state="accepted",
            capacity=2,
            perspectives_offered=["craft"],
        )
        for role, number, grade in (("mentor", "1", 2), ("mentee", "1", 8), ("mentee", "2", 8))
    )
    pairing = confirm_pairing(mentor=junior, mentee=senior, is_taster=False, now=NOW)
    groups = [BarrierGroup.objects.create(name=f"{word} {side}") for side in ("audit", "deals")]
    for group, enrolment in zip(groups, (junior, third), strict=True):
        GroupMembership.objects.create(person=enrolment.person, group=group)
    run = MatchingRun.objects.create(cohort=cohort, number=1, requested_by=boss, state="done")
    rows = [
        programme, cohort, coordinator, junior, junior.person, pairing, run, groups[0],
        Barrier.objects.create(one=groups[0], other=groups[1]),
        ImportLog.objects.create(filename=f"{word}.csv", by=boss, imported_at=NOW),
        Hold.objects.create(pairing=pairing, cause="line", found_at=NOW),
        add_goal(
            pairing=pairing, by=junior.person, text=f"{word} pair goal", kind="free", outcome="talent"
        ),
        NamedContact.objects.create(programme=programme, person=person("contact")),
        Sponsor.objects.create(programme=programme, person=person("sponsor", 8)),
        CouncilMember.objects.create(programme=programme, person=person("council")),
        SponsorTask.objects.create(programme=programme, text=f"{word} task", due_on=NOW.date()),
        OpenCall.objects.create(cohort=cohort, closes_on=NOW.date()),
        Announcement.objects.create(
            cohort=cohort, stage="active", anchor="start", offset_days=0, sends_on=NOW.date(), audience="mentors",
            subject_en=f"{word} news", subject_nl=f"{word} news", subject_de=f"{word} news",
        ),
        Goal.objects.create(programme=programme, kind="free", text=f"{word} goal", outcome="talent"),
        ProgrammeText.objects.create(
            programme=programme, key="privacy_note", **{f"body_{code}": f"{word} note" for code in ("en", "nl", "de")}
        ),
        Topic.objects.create(
            code=f"{word.lower()}-topic", programme=programme, name_en=word, name_nl=word, name_de=word
        ),
        TopicCall.objects.create(programme=programme, closes_on=NOW.date()),
        TopicSuggestion.objects.create(programme=programme, person=junior.person, name=f"{word} suggestion"),
        ContactRequest.objects.create(
            programme=programme, person=junior.person, target="coordinator", asked_on=NOW.date()
        ),
        ErasureRequest.objects.create(person=junior.person, asked_at=NOW),
        ImportFile.objects.create(
            kind="roster", content=b'[["employee_id","email"],[2,false,"1","x@example.com"]]', filename=f"{word}.csv",
            uploaded_by=boss, purge_at=NOW,
        ),
        Proposal.objects.create(
            cohort=cohort, run=run, mentor=junior, mentee=third, proposed_at=NOW,
            answer_by=NOW + dt.timedelta(days=7),
        ),
        plan_meeting(
            pairing=pairing, starts_at=NOW + dt.timedelta(days=9), ends_at=NOW + dt.timedelta(days=9, hours=1),
            by=junior.person, now=NOW,
        ),
        Round.objects.create(cohort=cohort, kind="baseline", number=1, closes_at=NOW + dt.timedelta(days=9)),
        Job.objects.create(kind="test", programme_id=programme.pk, requested_by_id=boss.pk, step=f"{word} step"),
        queue(
            kind="selected", key=f"selected:{word}", context={}, now=NOW, programme_id=programme.pk,
            to=Recipient(junior.person_id, f"x@{word}.example.com", word, "en", "Europe/Amsterdam"),
        ),
    ]  # fmt: skip
    return World(open_log_in(person=boss), {type(row): row for row in rows})


@pytest.fixture
def mine(db: None) -> World:
    return make_everything("Lantern")


@pytest.fixture
def theirs(db: None, mine: World) -> World:
    return make_everything("Canary")


@pytest.fixture
def desk(client: Client, mine: World, theirs: World) -> Client:
    client.force_login(mine.user)
    return client


def lists() -> Iterator[tuple[type[models.Model], ScopedModelAdmin]]:
    yield from SITE._registry.items()


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def leaks(response: Any) -> bool:
    return b"canary" in response.content.lower()


def test_every_list_is_scoped_names_its_fields_and_is_known_to_this_walk(mine: World) -> None:
    for model, page in lists():
        assert isinstance(page, ScopedModelAdmin), model
        assert not page.list_editable, model
        for inline in page.inlines:
            assert issubclass(inline.model._default_manager.all().__class__, models.QuerySet)
            assert hasattr(inline.model._default_manager.all(), "visible_to"), inline
        assert model in SHARED or model in mine.rows, f"teach make_everything about {model._meta.label}"


@pytest.mark.covers("B-05")
def test_no_list_shows_searches_or_filters_what_stays_unspoken() -> None:
    for model, page in lists():
        fields = [
            *(page.fields or ()),
            *(name for _title, part in page.fieldsets or () for name in part["fields"]),
        ]
        if model is Topic:
            continue  # its perspective is the catalogue's: it says nothing of anybody
        words = [*fields, *page.list_display, *page.search_fields, *page.list_filter, *page.linked_lookups]
        assert not [
            word
            for word in map(str, words)
            if any(part in word for part in UNSPOKEN) and word not in SETTINGS
        ], model


@pytest.mark.covers("C-05")
def test_lists_and_searches_stay_within_the_programme(desk: Client, mine: World, theirs: World) -> None:
    for model, page in lists():
        response = desk.get(address(model, "changelist"))
        assert response.status_code == 200, model
        assert not leaks(response), model
        found = {row.pk for row in response.context["cl"].queryset}
        if model not in SHARED:
            assert mine.rows[model].pk in found, model
            assert theirs.rows[model].pk not in found, model
        if page.search_fields:
            response = desk.get(address(model, "changelist"), {"q": "canary"})
            assert response.context["cl"].result_count == 0, model


@pytest.mark.covers("C-01")
def test_objects_of_another_programme_answer_like_objects_that_do_not_exist(
    desk: Client, theirs: World
) -> None:
    for model, _page in lists():
        if model in SHARED:
            continue
        for name in ("change", "history", "delete"):
            foreign = desk.get(address(model, name, theirs.rows[model].pk))
            missing = desk.get(address(model, name, 999_999))
            assert foreign.status_code == missing.status_code, (model, name)
            assert foreign.status_code in (404, 403), (model, name)
            assert not leaks(foreign), (model, name)
            posted = desk.post(address(model, name, theirs.rows[model].pk), {"post": "yes"})
            assert posted.status_code in (404, 403), (model, name)
        assert type(theirs.rows[model])._base_manager.filter(pk=theirs.rows[model].pk).exists()


def test_ones_own_objects_open_and_name_nobody_from_elsewhere(desk: Client, mine: World) -> None:
    for model, _page in lists():
        if model in SHARED:
            continue
        response = desk.get(address(model, "change", mine.rows[model].pk), follow=True)
        assert response.status_code == 200, model
        assert not leaks(response), model
        history = desk.get(address(model, "history", mine.rows[model].pk))
        assert history.status_code == 200, model
        assert not leaks(history), model


@pytest.mark.covers("C-02")
def test_forms_offer_only_what_belongs_to_the_programme(desk: Client) -> None:
    for model, page in lists():
        if page.allows_add:
            response = desk.get(address(model, "add"))
            assert response.status_code in (200, 403), model
            assert not leaks(response), model


@pytest.mark.covers("C-05")
def test_a_crafted_post_cannot_reach_into_another_programme(desk: Client, theirs: World) -> None:
    programme, cohort = theirs.rows[Programme], theirs.rows[Cohort]
    person = Person.objects.get(hr_key="Lantern-mentor1")
    before = Enrolment.objects.count(), Coordinator.objects.count(), Cohort.objects.count()
    posts = (
        (Enrolment, {"cohort": cohort.pk, "who": "Lantern-boss", "role": "mentor", "capacity": 1}),
        (Coordinator, {"programme": programme.pk, "who": person.email}),
        (
            Cohort,
            {"programme": programme.pk, "name": "x", "starts_on": "2027-01-01", "ends_on": "2027-09-01"},
        ),
    )
    for model, data in posts:
        response = desk.post(address(model, "add"), data)
        assert response.status_code == 200, model
        assert not leaks(response), model
    assert (Enrolment.objects.count(), Coordinator.objects.count(), Cohort.objects.count()) == before


@pytest.mark.covers("C-05", "C-24")
def test_lookups_that_no_filter_offers_are_refused(desk: Client, theirs: World) -> None:
    for model, _page in lists():
        for lookup in (
            "pk__gte", "id__in", "cohort__programme__name__startswith", "person__email__contains",
            "perspectives_offered__contains", "password__startswith", "programme__purpose__icontains",
        ):  # fmt: skip
            response = desk.get(address(model, "changelist"), {lookup: "c"})
            assert response.status_code in (302, 400), (model, lookup)
            if response.status_code == 302:
                assert "e=1" in response["Location"], (model, lookup)


def test_filters_offer_only_ones_own_values_and_foreign_values_find_nothing(
    desk: Client, theirs: World
) -> None:
    for model, _page in lists():
        specs = desk.get(address(model, "changelist")).context["cl"].filter_specs
        for spec in specs:
            names = [
                str(choice["display"])
                for choice in spec.choices(desk.get(address(model, "changelist")).context["cl"])
            ]
            assert not [name for name in names if "canary" in name.lower()], (model, spec.title)
            lookup = getattr(spec, "lookup_kwarg", None)
            if isinstance(spec, admin.RelatedFieldListFilter) and lookup:
                foreign = theirs.rows.get(spec.field.related_model)
                response = desk.get(address(model, "changelist"), {lookup: foreign.pk if foreign else 0})
                assert response.context["cl"].result_count == 0, (model, lookup)


@pytest.mark.covers("C-05")
def test_autocomplete_searches_nobody_elsewhere(desk: Client) -> None:
    for model in [model for model, _page in lists()]:
        for one in model._meta.get_fields():
            if one.is_relation and one.concrete:
                response = desk.get(
                    reverse("admin:autocomplete"),
                    {
                        "term": "anary", "app_label": model._meta.app_label,
                        "model_name": model._meta.model_name, "field_name": one.name,
                    },
                )  # fmt: skip
                assert response.status_code in (200, 403, 404), (model, one)
                assert not leaks(response), (model, one)


@pytest.mark.covers("C-05")
def test_actions_do_not_reach_rows_of_another_programme(desk: Client, theirs: World) -> None:
    states = {model: _fingerprint(row) for model, row in theirs.rows.items()}
    for model, page in lists():
        if model in SHARED:
            continue
        request = desk.get(address(model, "changelist")).wsgi_request
        request.user = mine_user(desk)
        for name in page.get_actions(request):
            for whole in ("0", "1"):
                response = desk.post(
                    address(model, "changelist"),
                    {
                        "action": name, ACTION_CHECKBOX_NAME: [theirs.rows[model].pk], "select_across": whole,
                        "index": "0", "apply": "1", "post": "yes",
                    },
                    follow=True,
                )  # fmt: skip
                assert not leaks(response), (model, name)
                if whole == "1":
                    break
        assert _fingerprint(theirs.rows[model]) == states[model], model


def mine_user(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def _fingerprint(row: models.Model) -> Any:
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def test_the_desk_and_its_menus_stay_within_the_programme(desk: Client) -> None:
    for name in ("admin:index", "admin:jsi18n"):
        assert not leaks(desk.get(reverse(name)))
    for app in {model._meta.app_label for model, _page in lists()}:
        assert not leaks(desk.get(reverse("admin:app_list", args=[app])))


@pytest.mark.covers("C-04")
def test_whoever_is_dismissed_is_out_on_the_next_request(desk: Client, mine: World) -> None:
    assert desk.get(reverse("admin:programmes_programme_changelist")).status_code == 200
    Coordinator.objects.filter(person=mine.user.person).delete()
    assert desk.get(reverse("admin:programmes_programme_changelist")).status_code == 302


@pytest.mark.covers("C-01")
def test_participants_and_strangers_have_no_desk(client: Client, mine: World) -> None:
    junior = open_log_in(person=Person.objects.get(hr_key="Lantern-mentor1"))
    for user in (None, junior):
        if user is not None:
            client.force_login(user)
        for model, _page in lists():
            for page in (address(model, "changelist"), address(model, "add")):
                assert client.get(page).status_code == 302, (user, page)
