"""A pause, an objection and a leave hold in every figure, every mail and every matching at once (S3.19, B-09)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from evaluations.choices import ParticipationBand
from evaluations.models import Round
from evaluations.selectors import open_parts
from evaluations.selectors.launching import launch_plan
from evaluations.selectors.participation import participation_band
from evaluations.services import launch_round, prepare_round, remind_open_rounds
from matching.selectors.problem import cohort_input, default_settings
from meetings.selectors import cohort_figures, rhythm_of_cohort
from mentoring.desk import desk
from outbox.choices import ALWAYS_KINDS, ASKING_KINDS, PART_KINDS
from outbox.models import Message
from outbox.services import Recipient, queue
from outbox.services.asking import Claim
from pairings.models import Pairing
from participants.models import User
from participants.services import open_log_in
from portal.selectors.staff import sponsor_page
from programmes.choices import AnnouncementState, EnrolmentState, Role, Stage
from programmes.models import Announcement, Break, Cohort, Enrolment, OpenCall
from programmes.selectors import overview
from programmes.selectors.announcements import audience_of
from programmes.selectors.calls import Audience, people_to_ask
from programmes.selectors.selection import outcome_figures
from programmes.services import end_break, leave, out_of_reach, set_enrolment_state, take_break
from tests.evaluations.world import AFTER, World, answer, finish
from tests.evaluations.world import NOW as THEN
from tests.meetings.world import NOW, enrolment, loaded, meet, pair, person
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B-09")]
Figure = Callable[[Cohort], Any]


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two() -> Pairing:
    made = pair()
    Cohort.objects.filter(pk=made.cohort_id).update(min_grade_distance=1)
    for one in (made.mentor, made.mentee):
        open_log_in(person=one.person)
    meet(made, NOW + timedelta(days=2))
    return loaded(made)


def _line(cohort: Cohort) -> Any:
    line = overview(cohort.programme, now=NOW).cohorts[0]
    return line.mentors, line.mentees, line.read, line.again


def _sponsor(cohort: Cohort) -> Any:
    line = sponsor_page(cohort.programme, today=NOW.date()).cohorts[0]
    return line.mentors, line.mentees, line.pairs, line.meetings


def _desk(cohort: Cohort) -> Any:
    operator = User(is_superuser=True)
    rhythm = desk(operator, chosen=str(cohort.pk), now=NOW + timedelta(days=60)).rhythm
    return dict(rhythm.pairs) if rhythm else {}, rhythm and rhythm.expected


def _months(cohort: Cohort) -> Any:
    return [(one.expected, one.held) for one in cohort_figures(cohort, now=NOW + timedelta(days=60)).months]


def _plan(cohort: Cohort) -> Any:
    return launch_plan(Round(cohort=cohort, kind="quarterly", number=1)).invited


FIGURES: Mapping[str, Figure] = {
    "overview": _line,
    "sponsor": _sponsor,
    "desk": _desk,
    "months": _months,
    "rhythm": lambda cohort: dict(rhythm_of_cohort(cohort, now=NOW).pairs),
    "fairness by unit and office": outcome_figures,
    "who would be asked": _plan,
    "whom an announcement reaches": lambda cohort: audience_of(
        Announcement(cohort=cohort, audience="participants")
    ).count(),
    "matching": lambda cohort: [
        len(side)
        for given in [cohort_input(cohort, settings=default_settings(cohort), tie_seed=1).problem]
        for side in (given.mentors, given.mentees)
    ],
}


@pytest.mark.parametrize("place", FIGURES)
def test_no_figure_counts_whoever_rests_and_none_tells_an_objection_from_a_pause(
    place: str, two: Pairing
) -> None:
    figure, cohort = FIGURES[place], two.cohort
    before = figure(cohort)
    take_break(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    paused = figure(cohort)
    take_break(enrolment=two.mentor, by=two.mentor.person, now=NOW, is_objection=True)
    assert figure(cohort) == paused != before
    end_break(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    assert figure(cohort) == before


@pytest.mark.parametrize("place", ["overview", "sponsor", "who would be asked", "desk"])
def test_leaving_takes_nobody_back_into_a_figure(place: str, two: Pairing) -> None:
    take_break(enrolment=two.mentor, by=two.mentor.person, now=NOW, is_objection=True)
    objecting = FIGURES[place](two.cohort)
    leave(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    assert FIGURES[place](two.cohort) == objecting
    with refused("illegal_transition"):
        end_break(enrolment=two.mentor, by=two.mentor.person, now=NOW)


# --- evaluations --------------------------------------------------------------------------------------


def _object(world: World, count: int) -> list[Enrolment]:
    found = list(Enrolment.objects.filter(cohort=world.cohort, person__in=world.people[:count]))
    for one in found:
        take_break(enrolment=one, by=one.person, now=THEN, is_objection=True)
    return found


def test_a_rate_of_answers_counts_nobody_at_rest_whether_they_answered_or_not() -> None:
    with time_machine.travel(THEN, tick=False):
        world = World()
        round = world.open()
        answer(round, world.people[2:14])
        assert participation_band(round) == ParticipationBand.THIRD  # twelve of twenty-four
        _object(world, 4)
        assert participation_band(round) == ParticipationBand.THIRD  # ten of twenty
        assert not open_parts(world.people[0], THEN)
        content = finish(round).snapshot.content
    assert (content["invited"], content["answered"]) == (20, 12)


def test_the_published_rate_is_never_above_the_whole() -> None:
    with time_machine.travel(THEN, tick=False):
        world = World(mentors=6, mentees=0)
        round = world.open(totals_only=True)
        answer(round, world.people)
        _object(world, 1)
        content = finish(round).snapshot.content
    assert (content["invited"], content["answered"]) == (5, 5)


@pytest.mark.parametrize("way", ["object", "leave"])
def test_no_mail_of_a_round_goes_to_somebody_who_rests_or_has_left(way: str) -> None:
    with time_machine.travel(THEN, tick=False):
        world = World()
        gone = Enrolment.objects.get(cohort=world.cohort, person=world.people[0])
        draft = prepare_round(cohort=world.cohort, kind="quarterly", closes_at=AFTER, now=THEN)
        round = launch_round(round=draft, now=THEN)
        if way == "object":
            take_break(enrolment=gone, by=gone.person, now=THEN, is_objection=True)
        else:
            leave(enrolment=gone, by=gone.person, now=THEN)
        remind_open_rounds(now=THEN + timedelta(days=8))
        reminded = Message.objects.filter(kind="eval_reminder")
        assert reminded.count() == round.invited - 1
        assert not reminded.filter(recipient_id=gone.person_id).exists()


# --- mail ---------------------------------------------------------------------------------------------


def test_every_kind_of_mail_says_whether_it_rests_with_its_person() -> None:
    folders = Path(settings.BASE_DIR, "templates", "email").iterdir()
    kinds = {one.name for one in folders if one.is_dir()} - {"parts"}
    groups = (PART_KINDS, ASKING_KINDS, ALWAYS_KINDS)
    assert kinds <= frozenset().union(*groups)
    assert sum(len(group) for group in groups) == len(frozenset().union(*groups))


def _reaches(message: Message) -> bool:
    """Whether it may reach its person, whatever else it says."""
    claim = Claim(message.pk, message.kind, None, {}, message.recipient_id, message.programme_id)
    return message.pk not in out_of_reach(claims=[claim])


def _queued(kind: str, one: Enrolment) -> Message:
    message = queue(
        kind=kind, key=f"{kind}:test:{one.pk}", context={}, now=NOW, programme_id=one.cohort.programme_id,
        to=Recipient(one.person_id, "x@example.com", "X", "en", "Europe/Amsterdam"),
    )  # fmt: skip
    assert message is not None
    return message


def test_a_mail_that_was_stored_a_moment_later_does_not_leave_either(two: Pairing) -> None:
    take_break(enrolment=two.mentor, by=two.mentor.person, now=NOW, is_objection=True)
    for kind in PART_KINDS | ASKING_KINDS:
        assert not _reaches(_queued(kind, two.mentor)), kind
        assert _reaches(_queued(kind, two.mentee)), kind
    for kind in ALWAYS_KINDS:  # what clears a calendar, and what goes to staff
        assert _reaches(_queued(kind, two.mentor)), kind


def test_whoever_has_left_gets_nothing_of_their_part(two: Pairing) -> None:
    leave(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    for kind in PART_KINDS:
        assert not _reaches(_queued(kind, two.mentor)), kind


def test_whoever_rests_in_one_cohort_and_takes_part_in_another_gets_the_mail_of_that_one(
    two: Pairing,
) -> None:
    next_year = Cohort.objects.create(
        programme=two.cohort.programme, name="Next", stage=Stage.ACTIVE,
        starts_on=two.cohort.starts_on, ends_on=two.cohort.ends_on,
    )  # fmt: skip
    enrolment(next_year, Role.MENTOR, two.mentor.person)
    take_break(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    assert _reaches(_queued("monthly_meeting", two.mentor))


def test_no_announcement_and_no_call_goes_to_somebody_at_rest(two: Pairing) -> None:
    next_year = Cohort.objects.create(
        programme=two.cohort.programme, name="Next", stage=Stage.OPEN,
        starts_on=two.cohort.starts_on, ends_on=two.cohort.ends_on,
    )  # fmt: skip
    call = OpenCall.objects.create(cohort=next_year, closes_on=NOW.date() + timedelta(days=9))
    stranger = person()
    take_break(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    asked = set(people_to_ask(call, Audience()).values_list("pk", flat=True))
    assert stranger.pk in asked
    assert two.mentee.person_id in asked
    assert two.mentor.person_id not in asked
    row = Announcement(cohort=two.cohort, audience="participants", state=AnnouncementState.PLANNED)
    assert [one.person_id for one in audience_of(row)] == [two.mentee.person_id]


# --- nobody is brought back by others -----------------------------------------------------------------


@pytest.mark.parametrize("state", [EnrolmentState.ACCEPTED, EnrolmentState.MATCHED, EnrolmentState.ACTIVE])
def test_a_coordinator_cannot_end_somebodys_own_pause(state: str, two: Pairing) -> None:
    take_break(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    with refused("own_will"):
        set_enrolment_state(enrolment=two.mentor, to=state, by=None, now=NOW)
    assert Enrolment.objects.get(pk=two.mentor_id).state == EnrolmentState.PAUSED
    assert Break.objects.get().ended_at is None


def test_whom_a_coordinator_paused_may_still_object_and_come_back(two: Pairing, client: Any) -> None:
    set_enrolment_state(enrolment=two.mentor, to=EnrolmentState.PAUSED, by=None, now=NOW)
    user = open_log_in(person=two.mentor.person)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("portal:part", args=[two.mentor_id])
    assert 'value="object"' in client.get(page).content.decode()
    client.post(page, {"action": "object"})
    assert Break.objects.get().is_objection
    client.post(page, {"action": "resume"})
    assert Enrolment.objects.taking_part().filter(pk=two.mentor_id).exists()
