"""Which object this person may have, or 404 exactly as for one that does not exist (C-01, C-02)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce, wraps
from operator import or_
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from common.policies import policy
from evaluations.choices import RoundState
from evaluations.models import Round
from evaluations.selectors import rounds_of_person
from matching.models import Proposal
from meetings.choices import MeetingState
from meetings.models import Meeting
from pairings.models import PairGoal, Pairing
from pairings.querysets import PairingQuerySet
from participants.models import Delegation, NeverWith, Person
from portal.selectors.pairs import with_partners_topics
from portal.selectors.standing import Standing, standing_of
from programmes.choices import TAKING_PART, EnrolmentState
from programmes.models import (
    ContactRequest,
    Enrolment,
    NamedContact,
    OpenCall,
    Programme,
    SponsorTask,
    TopicCall,
)
from programmes.selectors import topic_calls_for

P = ParamSpec("P")
PersonView = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]
#: Whom a delegate plans for, by id.
Leaders = Mapping[int, Person]
DelegateView = Callable[Concatenate[HttpRequest, Leaders, P], HttpResponse]


def for_person(view: PersonView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of somebody logged in: the view gets their person, asked anew on each request (C-04)."""

    @policy("person")
    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, current_person(request), *args, **kwargs)

    return wrapped


def for_participant(view: PersonView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for people with an enrolment; others get 404."""

    @policy("participant")
    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = current_person(request)
        if not standing(request).enrolments:
            raise Http404
        return view(request, person, *args, **kwargs)

    return wrapped


def for_delegate(view: DelegateView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for whoever plans a leader's dates: the view gets the leaders by id, asked anew on each request.

    A delegate need be nobody in the roster: they are known by the address of their log-in (decision 26).
    """

    @policy("delegate")
    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        rows = Delegation.objects.of_user(request.user).select_related("leader")
        leaders = {row.leader_id: row.leader for row in rows}
        if not leaders:
            raise Http404
        return view(request, leaders, *args, **kwargs)

    return wrapped


def current_person(request: HttpRequest) -> Person:
    """The logged-in person; an operator who is nobody in the roster has no portal.

    Raises:
        Http404: there is no active person behind the log-in.
    """
    person = getattr(request.user, "person", None)
    if person is None or person.state != "active":
        raise Http404
    return person


def standing(request: HttpRequest) -> Standing:
    """What the logged-in person is here, asked once for a request however many parts of the page want it.

    Raises:
        Http404: there is no active person behind the log-in.
    """
    known: Standing | None = getattr(request, "_standing", None)
    if known is None:
        known = standing_of(current_person(request), request.user)
        request._standing = known  # type: ignore[attr-defined]
    return known


def briefed_enrolment_for(person: Person, pk: int) -> Enrolment:
    """One of this person's own parts in a cohort, as long as somebody counts on them."""
    rows = Enrolment.objects.filter(person=person, state__in=[*TAKING_PART, EnrolmentState.PAUSED])
    return get_object_or_404(rows.select_related("person", "cohort__programme"), pk=pk)


def pairing_for(person: Person, pk: int) -> Pairing:
    """A standing pair of this person."""
    pairs = Pairing.objects.shown_to(person.pk).with_people()
    return get_object_or_404(pairs, pk=pk)


def pairing_with_key(person: Person, pk: int) -> Pairing:
    """A standing pair of this person with what opens its own words; nobody else gets that (decision 34)."""
    pairs = Pairing.objects.shown_to(person.pk).with_people().with_rhythm().with_key()
    return get_object_or_404(pairs, pk=pk)


def pairing_for_page(person: Person, pk: int) -> Pairing:
    """The same with what the pair's page tells at its edge, in the one query (ux 8, number 5)."""
    pairs = with_partners_topics(Pairing.objects.shown_to(person.pk), person)
    return get_object_or_404(pairs.with_people().with_rhythm().with_key().with_agreement(), pk=pk)


def pairing_for_rhythm(person: Person, pk: int) -> Pairing:
    """A standing pair of this person with its usual way of meeting and what one of the two suggests, if any."""
    pairs = Pairing.objects.shown_to(person.pk).with_people().with_rhythm()
    return get_object_or_404(pairs, pk=pk)


def own_goal_for(person: Person, pk: int) -> PairGoal:
    """A goal that this person set in one of their standing pairs, its pair with what opens it."""
    goal = get_object_or_404(PairGoal.objects.of_person(person.pk), pk=pk)
    goal.pairing = pairing_with_key(person, goal.pairing_id)
    return goal


def meeting_for(person: Person, pk: int) -> Meeting:
    """A meeting of one of this person's standing pairs."""
    meetings = Meeting.objects.filter(pairing__in=Pairing.objects.shown_to(person.pk))
    meetings = meetings.select_related(
        "pairing__cohort__programme", "pairing__mentor__person", "pairing__mentee__person"
    )
    return get_object_or_404(meetings, pk=pk)


def pairs_of_leaders(leaders: Leaders) -> PairingQuerySet:
    """The pairs whose dates a delegate plans: those that their leaders have as mentees, as far as told."""
    mine = [Pairing.objects.shown_to(pk).filter(mentee__person_id=pk) for pk in sorted(leaders)]
    return reduce(or_, mine)


def pairing_of_leader(leaders: Leaders, pk: int) -> Pairing:
    """A pair of one of the leaders, without a word about the other side."""
    return get_object_or_404(pairs_of_leaders(leaders).with_people(), pk=pk)


def meeting_of_leader(leaders: Leaders, pk: int) -> Meeting:
    """A planned date of one of the leaders."""
    meetings = Meeting.objects.filter(pairing__in=pairs_of_leaders(leaders), state=MeetingState.PLANNED)
    meetings = meetings.select_related(
        "pairing__cohort__programme", "pairing__mentor__person", "pairing__mentee__person"
    )
    return get_object_or_404(meetings, pk=pk)


def proposal_for(person: Person, pk: int) -> Proposal:
    """A proposal made to this person, whatever became of it."""
    return get_object_or_404(Proposal.objects.of_person(person.pk), pk=pk)


def round_for(person: Person, pk: int) -> Round:
    """A round this person was invited to, or whose results their programme has published."""
    return get_object_or_404(rounds_of_person(person), pk=pk)


def for_sponsor(view: PersonView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of a programme's sponsor: the view takes care whose programme it is."""
    return _for_role("sponsor", view)


def for_council(view: PersonView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of a works-council member."""
    return _for_role("council", view)


def _for_role(name: str, view: PersonView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @policy(name)
    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, current_person(request), *args, **kwargs)

    return wrapped


def sponsored_programme_for(person: Person, pk: int) -> Programme:
    """A programme that this person stands behind."""
    return get_object_or_404(Programme.objects.filter(sponsors__person=person), pk=pk)


def sponsor_task_for(person: Person, pk: int) -> SponsorTask:
    """A task of a programme that this person stands behind."""
    tasks = SponsorTask.objects.filter(programme__sponsors__person=person)
    return get_object_or_404(tasks.select_related("programme"), pk=pk)


def results_for_sponsor(person: Person, pk: int) -> Round:
    """A round of a programme that this person stands behind, once it is published."""
    rounds = Round.objects.filter(state=RoundState.PUBLISHED, cohort__programme__sponsors__person=person)
    return get_object_or_404(rounds.select_related("cohort__programme", "snapshot"), pk=pk)


def watched_programme_for(person: Person, pk: int) -> Programme:
    """A programme that this person follows for the works council."""
    return get_object_or_404(Programme.objects.filter(council_members__person=person), pk=pk)


def programme_with_sheet_for(user: Any, pk: int) -> Programme:
    """A programme whose settings and agreements this user may read: those who run it, and its council members."""
    person = getattr(user, "person", None)
    if person is not None and person.state == "active":
        followed = Programme.objects.filter(council_members__person=person, pk=pk).first()
        if followed is not None:
            return followed
    return get_object_or_404(Programme.objects.visible_to(user).distinct(), pk=pk)


def own_request_for(person: Person, pk: int) -> ContactRequest:
    """A request to be contacted that this person made."""
    return get_object_or_404(ContactRequest.objects.filter(person=person), pk=pk)


def own_wish_for(person: Person, pk: int) -> NeverWith:
    """A "never with" that this person asked for; nobody else has a page for it."""
    return get_object_or_404(NeverWith.objects.of(person.pk), pk=pk)


def request_to_contact_for(person: Person, pk: int) -> ContactRequest:
    """A request addressed to the named contact, for one who is (decision 24)."""
    programmes = NamedContact.objects.filter(person=person).values("programme_id")
    requests = ContactRequest.objects.filter(programme__in=programmes, target="contact")
    requests = requests.readable_by(person.pk)
    return get_object_or_404(requests.select_related("person", "programme"), pk=pk)


def call_for(pk: int) -> OpenCall:
    """An open call: anybody who is logged in may read it from the day its cohort opens."""
    return get_object_or_404(OpenCall.objects.published().select_related("cohort__programme"), pk=pk)


def topic_call_for(person: Person, pk: int) -> TopicCall:
    """A question for topics that is put to this person, because the programme is for them or they take part."""
    return get_object_or_404(topic_calls_for(person), pk=pk)


def enrolment_for(person: Person, pk: int) -> Enrolment:
    """This person's own part in a cohort."""
    rows = Enrolment.objects.filter(person=person).select_related("cohort__programme", "person")
    return get_object_or_404(rows, pk=pk)


def own_enrolment(request: HttpRequest, pk: int) -> Enrolment:
    """The same, from what is known of this person already: no further question."""
    found = next((one for one in standing(request).enrolments if one.pk == pk), None)
    if found is None:
        raise Http404
    found.person = current_person(request)
    return found


def enrolment_in(person: Person, call: OpenCall) -> Enrolment:
    """This person's own place in the cohort of a call."""
    return get_object_or_404(Enrolment, cohort=call.cohort_id, person=person)
