"""Building the living sample: files in, pairs matched, months lived through, rounds answered; services alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from common.errors import DomainError
from evaluations.choices import RoundKind
from evaluations.models import Round
from evaluations.selectors import questionnaire
from evaluations.services import (
    SEAL_JOB,
    close_round,
    launch_round,
    prepare_round,
    publish_round,
    submit_answers,
)
from matching.choices import Answer
from matching.models import Proposal
from matching.services import answer_proposal, release, start_run
from meetings.models import Cycle, Meeting
from meetings.selectors import free_slots
from meetings.services import cancel_meeting, move_meeting, plan_cycles, plan_meeting, record_meeting
from mentoring.sample import firm
from mentoring.sample.calls import open_cohort
from mentoring.sample.charter import CHARTER, PROGRAMME, PURPOSE, SPONSOR_TASKS, settle_charter
from mentoring.sample.files import intake_csv, roster_csv
from mentoring.sample.intakes import fill_intakes
from mentoring.sample.pacts import settle_pacts
from mentoring.sample.people import Firm, apportion
from mentoring.sample.rights import open_records, share_words, use_rights
from mentoring.sample.tasters import decide_tasters
from mentoring.sample.topics import ask_for_topics
from operations.models import Job
from operations.services import run as run_job
from pairings.models import Pairing
from pairings.services import end_pairing, pause_pairing
from participants.choices import FileKind, RosterScope
from participants.models import BarrierGroup, Person
from participants.selectors import Roster, read_content, remembered_mapping
from participants.services import name_delegate, open_log_in, set_barrier
from programmes.choices import ContactTarget, Outcome, Role, Stage, Switch
from programmes.engine.words import INTAKE_FIELDS
from programmes.models import Cohort, Enrolment, Programme
from programmes.selectors import IntakeTable, Sources, standing_of
from programmes.services import (
    create_cohort,
    create_programme,
    import_people,
    move_stage,
    name_contact,
    name_coordinator,
    name_council_member,
    name_sponsor,
    plan_announcement,
    record_agreement,
    request_contact,
    send_due_announcements,
    set_enrolment_state,
    set_sponsor_task,
    set_switches,
    suggest_plan,
    tick_sponsor_task,
)

#: How long ago the live cohort began, and how long it lasts.
MONTHS_AGO, MONTHS = 7, 9
Say = Callable[[str], None]
#: Plans the dates of two leaders.
ASSISTANT = ("Robin", f"robin.assistant@{firm.DOMAIN}")


@dataclass
class Sample:
    """What the builder made, for those who print it.

    Args:
        pairs, meetings: how many came about.
    """

    programme: Programme
    cohort: Cohort
    pairs: int = 0
    meetings: int = 0
    rounds: list[Round] = field(default_factory=list)


class Builder:
    """Builds one sample.

    Args:
        mentors, mentees: size of the live cohort.
        seed: the same seed makes the same people, pairs and meetings.
        now: the day it is built on; everything else lies before it.
    """

    def __init__(self, *, mentors: int, mentees: int, seed: int, now: datetime, say: Say) -> None:
        self.firm = Firm(mentors=mentors, mentees=mentees, seed=seed)
        self.random = random.Random(f"life:{seed}:{mentors}:{mentees}")  # noqa: S311 (a sample, not a secret)
        self.now, self.say, self.seed = now, say, seed
        self.start = (now - relativedelta(months=MONTHS_AGO)).replace(
            hour=9, minute=0, second=0, microsecond=0
        )

    def build(self) -> Sample:
        self.say("people and cohort")
        sample = self._set_up()
        self.say("pairs")
        self._match(sample.cohort)
        self.say("months of meetings")
        sample.pairs, sample.meetings = self._live(sample.cohort)
        self.say("questionnaires")
        sample.rounds = self._evaluate(sample.cohort)
        self._people_ask(sample)
        self._apply(sample.programme)
        call = open_cohort(programme=sample.programme, by=self.by, now=self.now, months=MONTHS)
        self.say("rights")
        self._use_rights(sample, call.cohort)
        fill_intakes(cohort=call.cohort, seed=self.seed, now=self.now)
        ask_for_topics(programme=sample.programme, by=self.by, now=self.now)
        return sample

    def _use_rights(self, sample: Sample, waiting: Cohort) -> None:
        use_rights(programme=sample.programme, cohort=sample.cohort, waiting=waiting, now=self.now)
        mentors = sample.cohort.enrolments.filter(role=Role.MENTOR).select_related("person")
        people = list(mentors.order_by("pk")[:5])
        open_records(programme=sample.programme, by=self.by, people=people, now=self.now)

    # --- people, programme, cohort

    def _set_up(self) -> Sample:
        before = self.start - timedelta(weeks=12)
        programme = create_programme(
            name=PROGRAMME, purpose=PURPOSE, sender_name=PROGRAMME, by=None, **CHARTER
        )
        roster = read_content(roster_csv(self.firm.everybody), "roster.csv")
        sources = Sources(
            roster=Roster(roster, remembered_mapping(roster, FileKind.ROSTER)),
            intake=None,
            cohort=None,
            scope=RosterScope.FULL,
            moves_addresses=True,
        )
        import_people(sources=sources, by=None, now=before)
        self._settle_languages()
        self._put_up_barriers(before)
        coordinators = [self._person(one.key) for one in self.firm.coordinators]
        for coordinator in coordinators:
            name_coordinator(programme=programme, person=coordinator, by=None, now=before)
        contact = self._person(self.firm.contact.key)
        name_contact(programme=programme, person=contact, by=coordinators[0], now=before)
        cohort = create_cohort(
            programme=programme,
            name=str(self.start.year),
            starts_on=self.start.date(),
            ends_on=(self.start + relativedelta(months=MONTHS)).date(),
            by=coordinators[0],
        )
        self.by = coordinators[0]
        watchers = self._stand_behind(programme, before)
        self._agree(programme, before)
        settle_charter(programme, cohort=cohort, by=self.by)
        suggest_plan(cohort=cohort, by=self.by)
        for announcement in cohort.announcements.all():
            plan_announcement(announcement=announcement, by=self.by, now=before)
        self._move(cohort, Stage.OPEN, before)
        self._enrol(cohort, [*self.firm.mentors, *self.firm.mentees], before)
        self._move(cohort, Stage.SELECTING, before)
        self._move(cohort, Stage.MATCHING, before + timedelta(weeks=4))
        for person in [
            *coordinators,
            *watchers,
            contact,
            *(e.person for e in cohort.enrolments.select_related("person")),
        ]:
            open_log_in(person=person)
        return Sample(programme, cohort)

    def _stand_behind(self, programme: Programme, at: datetime) -> list[Person]:
        """A sponsor with three tasks, the first of them done, and a member of the works council."""
        sponsor, member = self._person(self.firm.sponsor.key), self._person(self.firm.council.key)
        name_sponsor(programme=programme, person=sponsor, by=self.by, now=at)
        name_council_member(programme=programme, person=member, by=self.by, now=at)
        days = (self.start, self.now - timedelta(days=4), self.start + relativedelta(months=MONTHS))
        for text, day in zip(SPONSOR_TASKS[sponsor.language], days, strict=True):
            values = {"text": text, "due_on": day.date()}
            task = set_sponsor_task(programme=programme, values=values, by=self.by)
            if day == self.start:
                tick_sponsor_task(task=task, done=True, by=sponsor, now=day)
        return [sponsor, member]

    def _agree(self, programme: Programme, at: datetime) -> None:
        """The works council's yes, with the rules that tell coordinators of pairs which do not meet."""
        set_switches(programme=programme, values={Switch.ATTENTION: True}, seen_version=0, by=self.by)
        record_agreement(
            programme=programme, outcome=Outcome.AGREED, agreed_on=at.date(), note="OR 12",
            digest=standing_of(programme).digest, by=self.by, now=at,
        )  # fmt: skip

    def _person(self, key: str) -> Person:
        return Person.objects.get(hr_key=key)

    def _put_up_barriers(self, at: datetime) -> None:
        groups = {group.name: group for group in BarrierGroup.objects.all()}
        for one, other in firm.BARRIERS:
            if one in groups and other in groups:
                set_barrier(one=groups[one], other=groups[other], by=None, now=at)

    def _settle_languages(self) -> None:
        """A roster has no language of pages; people choose it themselves."""
        chosen = {one.key: one.language for one in self.firm.everybody}
        people = list(Person.objects.filter(hr_key__in=chosen))
        for person in people:
            person.language = chosen[person.hr_key]
        Person.objects.bulk_update(people, ["language"])

    def _enrol(self, cohort: Cohort, people: Iterable[object], at: datetime) -> None:
        intake = read_content(intake_csv(people), "intake.csv")  # type: ignore[arg-type]
        table = IntakeTable(intake, remembered_mapping(intake, FileKind.INTAKE, INTAKE_FIELDS))
        import_people(sources=Sources(None, table, cohort, moves_addresses=True), by=self.by, now=at)

    def _move(self, cohort: Cohort, to: Stage, at: datetime) -> None:
        """To the next stage; what the communication plan says at either leaves at its time."""
        send_due_announcements(now=at)
        move_stage(cohort=cohort, to=to, by=self.by, now=at)
        cohort.refresh_from_db()
        send_due_announcements(now=at)

    # --- pairs

    def _match(self, cohort: Cohort) -> None:
        at = self.start - timedelta(weeks=4)
        send_due_announcements(now=at - timedelta(weeks=1))
        run = start_run(cohort=cohort, by=self.by)
        if run.job_id is not None:
            run_job(job_id=run.job_id)
        run.refresh_from_db()
        release(run=run, by=self.by, now=at)
        proposals = list(Proposal.objects.filter(run=run).with_people().order_by("pk"))
        share_words(proposals, at=at)
        for proposal in proposals:
            self._answer(proposal, at + timedelta(days=self.random.randint(1, 5)))
        self._move(cohort, Stage.PREPARING, self.start - timedelta(weeks=2))
        self.baseline = self._round(cohort, RoundKind.BASELINE, self.start - timedelta(days=10), 2.9)
        self._move(cohort, Stage.ACTIVE, self.start)

    def _answer(self, proposal: Proposal, at: datetime) -> None:
        people = [proposal.mentor.person, proposal.mentee.person]
        self.random.shuffle(people)
        for person in people:
            answer = Answer.TASTER if self.random.random() < 0.06 else Answer.YES
            answer_proposal(proposal=proposal, by=person, answer=answer, now=at)

    # --- months

    def _live(self, cohort: Cohort) -> tuple[int, int]:
        pairs = list(Pairing.objects.filter(cohort=cohort).with_people().order_by("pk"))
        plan_cycles(now=self.start)
        for back in range(MONTHS_AGO, -1, -1):
            plan_cycles(now=self.now - relativedelta(months=back))
        settle_pacts(pairs, chance=random.Random(f"pacts:{len(pairs)}"), start=self.start)  # noqa: S311
        kinds = self._archetypes(len(pairs))
        for pairing, kind in zip(pairs, kinds, strict=True):
            self._live_through(pairing, kind)
        self._ends_and_pauses(pairs)
        decide_tasters(cohort, now=self.now)
        for weeks in range((self.now - self.start).days // 7 + 1):
            send_due_announcements(now=self.start + timedelta(weeks=weeks))
        held = Meeting.objects.filter(pairing__cohort=cohort, state="held").count()
        return len(pairs), held

    def _archetypes(self, total: int) -> list[str]:
        shares = {name: share for name, (share, _chance) in firm.ARCHETYPES.items()}
        kinds = [name for name, count in apportion(shares, total).items() for _one in range(count)]
        self.random.shuffle(kinds)
        return kinds

    def _live_through(self, pairing: Pairing, kind: str) -> None:
        chance = firm.ARCHETYPES[kind][1]
        cycles = Cycle.objects.filter(pairing=pairing, starts_on__lte=self.now.date()).order_by("ordinal")
        for cycle in cycles:
            likely = 0.8 if kind == "stalled" and cycle.ordinal <= 2 else chance
            first = datetime.combine(cycle.starts_on, self.start.time(), tzinfo=UTC)
            if self.random.random() < likely:
                self._meet(pairing, first)

    def _meet(self, pairing: Pairing, first: datetime) -> None:
        at = max(first, self.start) + timedelta(days=self.random.randint(0, 4))
        slots = free_slots(pairing, now=at)
        if not slots or at >= self.now:
            return
        slot = self.random.choice(slots)
        by = pairing.mentor.person if self.random.random() < 0.6 else pairing.mentee.person
        shape = self.random.choices(("in_person", "lunch", "video"), weights=(33, 31, 30))[0]
        try:
            meeting = plan_meeting(
                pairing=pairing, by=by, starts_at=slot.starts_at, ends_at=slot.ends_at, now=at, format=shape
            )
            self._outcome(meeting, pairing, slots, at)
        except DomainError:
            return  # somebody is booked already: as in life, this month passes without a date

    def _outcome(self, meeting: Meeting, pairing: Pairing, slots: Sequence[object], at: datetime) -> None:
        luck, mentee = self.random.random(), pairing.mentee.person
        later = [slot for slot in slots if slot.starts_at > meeting.starts_at]  # type: ignore[attr-defined]
        if luck < 0.09 and later:
            span = later[0]
            meeting = move_meeting(
                meeting=meeting, by=mentee, starts_at=span.starts_at, ends_at=span.ends_at,  # type: ignore[attr-defined]
                format=meeting.format, place=meeting.place, sequence=meeting.sequence, now=at,
            )  # fmt: skip
        elif luck < 0.13:
            cancel_meeting(meeting=meeting, by=mentee, sequence=meeting.sequence, now=at)
            return
        if meeting.ends_at < self.now - timedelta(days=1):
            after = meeting.ends_at + timedelta(hours=3)
            record_meeting(meeting=meeting, by=pairing.mentor.person, held=luck < 0.98, now=after)

    def _ends_and_pauses(self, pairs: Sequence[Pairing]) -> None:
        """A few pairs end early and a few stand still, in proportion to the firm's 200."""
        some = self.random.sample(list(pairs), max(2, len(pairs) // 25))
        half = max(1, len(some) // 2)
        for pairing in some[:half]:
            end_pairing(pairing=pairing, by=pairing.mentee.person, now=self.now - timedelta(days=40))
        for pairing in some[half:]:
            until = (self.now + timedelta(days=30)).date()
            pause_pairing(
                pairing=pairing, by=pairing.mentor.person, resume_on=until, now=self.now - timedelta(days=20)
            )

    # --- questionnaires

    def _evaluate(self, cohort: Cohort) -> list[Round]:
        quarter = self._round(cohort, RoundKind.QUARTERLY, self.start + relativedelta(months=3), 3.9)
        opened = self.now - timedelta(days=3)
        running = prepare_round(
            cohort=cohort,
            kind=RoundKind.QUARTERLY,
            closes_at=self.now + timedelta(days=11),
            now=opened,
            by=self.by,
        )
        running = launch_round(round=running, now=opened, by=self.by, totals_only=True)
        self._answer_round(running, opened + timedelta(days=1), 4.0, share=0.4)
        return [self.baseline, quarter, running]

    def _round(self, cohort: Cohort, kind: str, at: datetime, mean: float) -> Round:
        prepared = prepare_round(
            cohort=cohort, kind=kind, closes_at=at + timedelta(days=14), now=at, by=self.by
        )
        launched = launch_round(round=prepared, now=at, by=self.by, totals_only=True)
        self._answer_round(launched, at + timedelta(days=2), mean, share=0.85)
        closed = close_round(round=launched, now=at + timedelta(days=14), by=self.by)
        job = Job.objects.filter(kind=SEAL_JOB, params__round=closed.pk).latest("pk")
        run_job(job_id=job.pk)
        changes = "Reminders now come on the third working day instead of the first."
        return publish_round(round=closed, changes=changes, now=at + timedelta(days=20), by=self.by)

    def _answer_round(self, opened: Round, at: datetime, mean: float, *, share: float) -> None:
        ids = [row["person"] for row in opened.audience]
        for person in Person.objects.filter(pk__in=ids).order_by("hr_key"):
            if self.random.random() < share:
                asked = questionnaire(opened, person, 1, person.language)
                answers = {one.name: self._value(one, mean) for one in asked.fields if one.kind != "text"}
                submit_answers(round=opened, person=person, answers=answers, now=at)

    def _value(self, question: object, mean: float) -> object:
        options = [value for value, _label in question.options]  # type: ignore[attr-defined]
        if question.kind == "choices":  # type: ignore[attr-defined]
            return [self.random.choice(options)]
        place = self.random.gauss(mean / 5, 0.16) * (len(options) - 1)
        return options[min(len(options) - 1, max(0, round(place)))]

    # --- what else is under way

    def _people_ask(self, sample: Sample) -> None:
        mentors = Enrolment.objects.filter(cohort=sample.cohort, role=Role.MENTOR).select_related("person")
        first, second = list(mentors.order_by("pk")[:2])
        request_contact(
            programme=sample.programme, person=first.person, target=ContactTarget.COORDINATOR,
            now=self.now - timedelta(days=2),
        )  # fmt: skip
        request_contact(
            programme=sample.programme, person=second.person, target=ContactTarget.CONTACT,
            now=self.now - timedelta(days=1),
        )  # fmt: skip
        self._name_assistant(sample.cohort)

    def _name_assistant(self, cohort: Cohort) -> None:
        """One assistant plans the dates of two leaders who meet, and is in no roster."""
        pairs = Pairing.objects.running().filter(cohort=cohort).select_related("mentee__person")
        leaders = {pair.mentee.person_id: pair.mentee.person for pair in pairs.order_by("pk")}
        for leader in list(leaders.values())[:2]:
            name_delegate(
                leader=leader, address=ASSISTANT[1], first_name=ASSISTANT[0], by=leader,
                now=self.now - timedelta(weeks=3),
            )  # fmt: skip

    def _apply(self, programme: Programme) -> None:
        """The next cohort, in the middle of its selection."""
        begins = self.now + timedelta(weeks=8)
        cohort = create_cohort(
            programme=programme,
            name=f"{begins.year} · 2",
            starts_on=begins.date(),
            ends_on=(begins + relativedelta(months=MONTHS)).date(),
            by=self.by,
        )
        self._move(cohort, Stage.OPEN, self.now - timedelta(weeks=3))
        size = max(2, len(self.firm.mentors) // 8)
        self._enrol(
            cohort, [*self.firm.mentors[:size], *self.firm.mentees[:size]], self.now - timedelta(weeks=1)
        )
        self._move(cohort, Stage.SELECTING, self.now - timedelta(days=3))
        waiting = cohort.enrolments.order_by("pk").last()
        if waiting is not None:
            set_enrolment_state(enrolment=waiting, to="waitlisted", by=self.by, now=self.now)
