"""The workbench over HTTP: whose it is, what it shows, what it never shows, and that each step is a plain form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import MatchingRun, PairDecision, Proposal
from matching.services import answer_proposal, release, set_decision, start_run
from operations.models import Job
from operations.services import run as run_job
from participants.models import User
from programmes.choices import Stage
from programmes.models import Cohort, Enrolment, Programme
from tests.matching.world import NOW, cohort, coordinator, matched, mentee, mentor, oracle_cohort, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def within(client: Client) -> Cohort:
    """A cohort of the coordinator who is at the desk."""
    made = cohort()
    client.force_login(coordinator(made.programme, first_name="Lotte"))
    return made


def fill(within: Cohort, number: int = 3) -> None:
    for place in range(number):
        mentor(within, f"Junior{place}"), mentee(within, f"Senior{place}")


def url(name: str, *args: object) -> str:
    return reverse(f"admin:matching_{name}", args=args)


def text(response: Any) -> str:
    """What can be read on a page."""
    body = response.content.decode().split("<main", 1)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- whose it is ----------------------------------------------------------------------------------------


def addresses(run: MatchingRun, one: Enrolment, other: Enrolment) -> list[tuple[str, str, dict[str, Any]]]:
    pair = {"mentor": one.pk, "mentee": other.pk}
    return [
        ("get", url("workbench", run.pk), {}),
        ("post", url("run_new"), {"cohort": run.cohort_id}),
        ("post", url("decide", run.pk), {**pair, "kind": "pin"}),
        ("get", url("swap", run.pk, one.pk, other.pk), {}),
        ("post", url("swap", run.pk, one.pk, other.pk), pair),
        ("get", url("place", run.pk, one.pk), {}),
        ("post", url("place", run.pk, one.pk), {"other": other.pk}),
        ("get", url("release", run.pk), {}),
        ("post", url("release", run.pk), {}),
        ("post", url("withdraw", run.pk), {"proposal": 1}),
    ]


@pytest.mark.covers("C-01", "C-05")
def test_a_run_of_another_programme_is_not_there_for_anybody_else(client: Client) -> None:
    theirs = cohort()
    one, other = mentor(theirs), mentee(theirs)
    run = matched(theirs)
    client.force_login(coordinator(Programme.objects.create(name="Another")))
    for method, address, data in addresses(run, one, other):
        assert getattr(client, method)(address, data).status_code == 404, address
    assert "Run 1" not in text(client.get(url("matchingrun_changelist")))
    assert MatchingRun.objects.count() == 1
    assert not PairDecision.objects.exists()
    assert not Proposal.objects.exists()


@pytest.mark.covers("C-04")
def test_participants_and_strangers_do_not_get_in(client: Client) -> None:
    theirs = cohort()
    one, other = mentor(theirs), mentee(theirs)
    run = matched(theirs)
    for user in (None, User.objects.create(email=one.person.email, person=one.person)):
        client.logout()
        if user:
            client.force_login(user)
        for method, address, data in addresses(run, one, other):
            assert getattr(client, method)(address, data).status_code == 302, address
    assert not PairDecision.objects.exists()
    assert not Proposal.objects.exists()


def test_changes_need_a_post_and_its_token(within: Cohort) -> None:
    fill(within, 1)
    run = matched(within)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(person__first_name="Lotte"))
    for name, args in (("run_new", ()), ("decide", (run.pk,)), ("withdraw", (run.pk,))):
        assert strict.get(url(name, *args)).status_code == 405
        assert strict.post(url(name, *args)).status_code == 403
    assert strict.post(url("release", run.pk)).status_code == 403
    assert "2 people get a mail" in text(strict.get(url("release", run.pk)))
    assert not Proposal.objects.exists()


def test_people_of_another_cohort_cannot_be_smuggled_into_a_form(client: Client, within: Cohort) -> None:
    fill(within, 1)
    run, elsewhere = matched(within), cohort()
    foreign = {"mentor": mentor(elsewhere).pk, "mentee": mentee(elsewhere).pk, "kind": "pin"}
    assert client.post(url("decide", run.pk), foreign).status_code == 404
    for value in ("", "x", "²", "-1", "9" * 30):
        assert client.post(url("decide", run.pk), {**foreign, "mentor": value}).status_code == 404
    mentor_id, mentee_id = run.links()[0]
    known = {"mentor": mentor_id, "mentee": mentee_id}
    assert client.post(url("decide", run.pk), {**known, "kind": "marry"}).status_code == 404


# --- from a wish to proposals ---------------------------------------------------------------------------


def test_a_run_is_asked_for_watched_read_and_released(client: Client, within: Cohort) -> None:
    fill(within)
    mentor(within, "Spare")
    assert "New run" in text(client.get(url("matchingrun_changelist")))
    asked = client.post(url("run_new"), {"cohort": within.pk})
    run = MatchingRun.objects.get()
    assert asked.url == reverse("admin:operations_job_progress", args=[run.job_id])
    assert client.get(url("workbench", run.pk)).url == asked.url
    assert "Matching" in text(client.get(asked.url))
    run_job(job_id=run.job_id)
    assert url("workbench", run.pk) in client.get(asked.url).content.decode()
    page = text(client.get(url("workbench", run.pk)))
    assert "Run 1: 3 pairs, 1 person still without" in page
    assert "No better set of pairs exists under your rules" in page
    assert "the gap is nil." in page
    assert "4 mentors, 4 free places 3 mentees 12 combinations, 12 allowed" in page
    assert "Release 3 proposals" in page
    done = client.post(url("release", run.pk), follow=True)
    assert "3 proposals are on their way, to both people of each." in text(done)
    assert "Both said yes: 0. Waiting: 3. Over: 0." in text(done)
    assert "Release 3 proposals" not in text(done)
    assert told(client.post(url("release", run.pk))) == []  # a second click
    client.force_login(coordinator(within.programme, first_name="Bram"))
    again = client.post(url("release", run.pk))
    assert told(again) == ["Lotte " + User.objects.get(person__first_name="Lotte").person.last_name
                           + " has released this run already."]  # fmt: skip
    assert client.get(url("release", run.pk)).url == url("workbench", run.pk)
    assert Proposal.objects.count() == 3


def test_chosen_settings_hold_and_go_on_to_the_next_run(client: Client, within: Cohort) -> None:
    fill(within, 1)
    data = {
        "cohort": within.pk, "coverage": "people", "fairness": "floor", "load_step": "5000",
        "stickiness": "50000", "draws_again": "on",
    }  # fmt: skip
    client.post(url("run_new"), data)
    run = MatchingRun.objects.get()
    run_job(job_id=run.job_id)
    run.refresh_from_db()
    assert {name: str(run.settings[name]) for name in list(data)[1:5]} == {
        name: data[name] for name in list(data)[1:5]
    }
    assert run.tie_seed == 2
    body = client.get(url("workbench", run.pk)).content.decode()
    assert '<input type="hidden" name="fairness" value="floor">' in body
    refused = client.post(url("run_new"), {"cohort": within.pk, "fairness": "mine"})
    assert told(refused) == ["This way of weighing is not known."]


def test_a_cohort_that_is_not_at_matching_says_so(client: Client, within: Cohort) -> None:
    Cohort.objects.filter(pk=within.pk).update(stage=Stage.SELECTING)
    assert "No cohort of yours is at matching yet" in text(client.get(url("matchingrun_changelist")))
    refused = client.post(url("run_new"), {"cohort": within.pk})
    assert told(refused) == ["Pairs are made once the cohort has come to matching."]


def test_pin_reject_and_take_back(client: Client, within: Cohort) -> None:
    fill(within)
    run = matched(within)
    mentor_id, mentee_id = run.links()[0]
    pair = {"mentor": mentor_id, "mentee": mentee_id, "show": "weak", "page": "1"}
    pinned = client.post(url("decide", run.pk), {**pair, "kind": "pin"})
    assert pinned.url == url("workbench", run.pk) + "?show=weak&page=1"
    body = client.get(url("workbench", run.pk)).content.decode()
    assert body.count('value="clear" aria-pressed="true"') == 1
    assert "Pinned, Lotte" in text(client.get(url("workbench", run.pk)))
    client.post(url("decide", run.pk), {**pair, "kind": "reject"})
    assert PairDecision.objects.get().kind == "reject"
    next_run = matched(within)
    assert (mentor_id, mentee_id) not in next_run.links()
    assert "Take back" in text(client.get(url("workbench", next_run.pk)))
    client.post(url("decide", next_run.pk), {**pair, "kind": "clear"})
    assert not PairDecision.objects.exists()


def test_a_pin_that_cannot_be_is_refused_in_words(client: Client, within: Cohort) -> None:
    ann = mentor(within, "Ann", last_name="Bell")
    cas, dan = mentee(within), mentee(within)
    run = matched(within)
    set_decision(cohort=within, mentor=ann, mentee=cas, kind="pin", by=None)
    refused = client.post(url("decide", run.pk), {"mentor": ann.pk, "mentee": dan.pk, "kind": "pin"})
    assert told(refused) == ["Ann Bell: more pins than free places."]


def test_a_swap_is_looked_at_and_made_and_the_next_run_starts(client: Client, within: Cohort) -> None:
    ann, cas = mentor(within, "Ann", offers={"gen_ai": 5}), mentee(within, "Cas", wants={"gen_ai": 3})
    bob, dan = mentor(within, "Bob", offers={"craft": 5}), mentee(within, "Dan", wants={"craft": 3})
    run = matched(within)
    page = text(client.get(url("swap", run.pk, ann.pk, cas.pk)))
    assert f"Exchange with {bob} and {dan}" in page
    assert "Clearly weaker than now." in page
    made = client.post(url("swap", run.pk, ann.pk, cas.pk), {"mentor": bob.pk, "mentee": dan.pk})
    again = MatchingRun.objects.get(number=2)
    assert made.url == reverse("admin:operations_job_progress", args=[again.job_id])
    run_job(job_id=again.job_id)
    again.refresh_from_db()
    assert set(again.links()) == {(bob.pk, cas.pk), (ann.pk, dan.pk)}
    page = text(client.get(url("workbench", again.pk)))
    assert "Run 2 beside run 1" in page
    assert "Pairs that are new 2" in page
    assert "Changed since run 1 · 2" in page
    assert "Your 2 pins cost no pair." in page
    assert client.get(url("swap", run.pk, bob.pk, cas.pk)).status_code == 404


def test_an_older_run_stays_as_a_record(client: Client, within: Cohort) -> None:
    fill(within)
    old, _new = matched(within), matched(within)
    page = text(client.get(url("workbench", old.pk)))
    assert "There is a newer run. This one stays as a record." in page
    for word in ("Release", "Reject"):
        assert word not in page


def test_lists_are_filtered_and_paged(client: Client, within: Cohort) -> None:
    for place in range(30):
        mentor(within, f"J{place}", offers={"gen_ai": 5 if place < 28 else 0})
        mentee(within, f"S{place}", wants={"gen_ai": 3})
    mentor(within, "Spare")
    run = matched(within)
    first = client.get(url("workbench", run.pk)).content.decode()
    assert first.count('class="bands"') == 25
    assert client.get(url("workbench", run.pk), {"page": 2}).content.decode().count('class="bands"') == 5
    weak = client.get(url("workbench", run.pk), {"show": "weak"})
    assert weak.content.decode().count('class="bands"') == 2
    assert "Weak reasons · 2" in text(weak)
    without = client.get(url("workbench", run.pk), {"show": "without"})
    assert without.content.decode().count('class="bands"') == 0
    for odd in ({"show": "nonsense"}, {"page": "99"}, {"page": "x"}):
        assert client.get(url("workbench", run.pk), odd).status_code == 200


def test_answers_are_followed_and_a_proposal_is_taken_back(client: Client, within: Cohort) -> None:
    fill(within)
    run = matched(within)
    release(run=run, by=None, now=NOW)
    yes, no, silent = Proposal.objects.with_people().order_by("pk")
    for side in (yes.mentor, yes.mentee):
        answer_proposal(proposal=yes, by=side.person, answer="yes", now=NOW)
    answer_proposal(proposal=no, by=no.mentee.person, answer="no", now=NOW)
    answer_proposal(proposal=silent, by=silent.mentor.person, answer="yes", now=NOW)
    page = text(client.get(url("workbench", run.pk)))
    for words in ("Both said yes", "The mentee said not this one", "Waiting for the mentee"):
        assert words in page
    assert "Both said yes: 1. Waiting: 1. Over: 1." in page
    client.post(url("withdraw", run.pk), {"proposal": silent.pk})
    silent.refresh_from_db()
    assert silent.state == "withdrawn"
    late = client.post(url("withdraw", run.pk), {"proposal": silent.pk})
    assert told(late) == ["This proposal is not open any more."]


def test_a_run_without_a_result_says_why(client: Client, within: Cohort) -> None:
    ann, cas = mentor(within, "Ann", grade=5), mentee(within)
    PairDecision.objects.create(cohort=within, mentor=ann, mentee=cas, kind="pin")
    run = matched(within)
    page = text(client.get(url("workbench", run.pk)))
    assert "Run 1 has no result" in page
    assert "are pinned together, but they are too close in grade." in page
    assert client.post(url("release", run.pk)).status_code == 404


def test_a_run_that_was_stopped_while_it_waited_is_listed_as_stopped(client: Client, within: Cohort) -> None:
    run = start_run(cohort=within, by=None)
    client.post(reverse("admin:operations_job_cancel", args=[run.job_id]))
    assert Job.objects.get(pk=run.job_id).state == "cancelled"
    assert "stopped" in text(client.get(url("matchingrun_changelist")))


def test_a_roster_without_managers_is_warned_about_before_the_release(client: Client, within: Cohort) -> None:
    fill(within, 1)
    warning = "Nobody in this cohort has a manager on file"
    assert warning in text(client.get(url("workbench", matched(within).pk)))
    boss = person()
    Enrolment.objects.filter(cohort=within).first().person.__class__.objects.filter(
        enrolments__cohort=within
    ).update(manager=boss)
    assert warning not in text(client.get(url("workbench", matched(within).pk)))


def test_the_president_is_explained_on_the_page_of_the_real_file(client: Client) -> None:
    within = oracle_cohort()
    client.force_login(coordinator(within.programme))
    run = matched(within)
    page = text(client.get(url("workbench", run.pk)))
    assert "Steven King" in page
    assert "All 34 mentors are in one reporting line with Steven King." in page


# --- what it never shows --------------------------------------------------------------------------------


def pages(client: Client, run: MatchingRun) -> str:
    """Every page of a run, addresses and hidden fields included, without what differs by itself."""
    one, other = min(run.links())
    views = [
        url("workbench", run.pk),
        url("workbench", run.pk) + "?show=without",
        url("swap", run.pk, one, other),
    ]
    found = "".join(client.get(address).content.decode().split("<main", 1)[1] for address in views)
    found = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|sha256:[0-9a-f]+', "", found)
    return re.sub(r"\d+\.\d seconds|<span>\w+ \d\d:\d\d", "", found)


@pytest.mark.covers("B-05")
def test_pages_are_the_same_whatever_perspective_somebody_brings_or_looks_for(client: Client) -> None:
    """One cohort, matched with and without perspectives that fit the pairs it has: not a byte may differ."""
    within = cohort()
    client.force_login(coordinator(within.programme))
    for topic in ("gen_ai", "craft", "leadership"):
        mentor(within, offers={topic: 5}), mentee(within, wants={topic: 3})
    plain = matched(within)
    before = pages(client, plain)
    views = {"gen_ai": "diversity", "craft": "consumer", "leadership": "craft"}
    for topic, view in views.items():
        Enrolment.objects.filter(offers__topic__code=topic).update(perspectives_offered=[view])
        Enrolment.objects.filter(wishes__topic__code=topic).update(perspective_wanted=view)
    MatchingRun.objects.all().delete()
    told_apart = matched(within)
    assert set(told_apart.links()) == set(plain.links())
    assert told_apart.result["plan"]["totals"]["score"] != plain.result["plan"]["totals"]["score"]
    after = pages(client, told_apart)
    assert _without_number(after, told_apart) == _without_number(before, plain)
    for view in set(views.values()) - {"craft"}:
        assert view not in after


def _without_number(page: str, run: MatchingRun) -> str:
    """A run's own id in its addresses; people's ids, which may be the same number, stay."""
    return page.replace(f"run/{run.pk}/", "run/#/")


@pytest.mark.covers("B-05")
def test_no_points_of_any_pair_or_plan_are_on_the_pages(client: Client, within: Cohort) -> None:
    for topic in ("gen_ai", "craft"):
        mentor(within, offers={topic: 4}, perspectives_offered=["consumer"])
        mentee(within, wants={topic: 3}, perspective_wanted="consumer")
    run = matched(within)
    plan = run.result["plan"]
    numbers = {plan["totals"]["score"], plan["totals"]["value"], plan["totals"]["weakest"]}
    numbers |= {plan["certificate"]["primal"], plan["certificate"]["bound"]}
    numbers |= {pair["score"] for pair in plan["pairs"]}
    shown = pages(client, run).replace(",", "").replace("\N{NO-BREAK SPACE}", "")
    assert {number for number in numbers if re.search(rf"\b{number}\b", shown)} == set()
    assert not set(run.keys) & set(re.findall(r"[0-9a-f]{16}", shown))


def test_the_lists_of_the_site_offer_no_way_to_ask_for_what_went_in(client: Client, within: Cohort) -> None:
    fill(within, 1)
    matched(within)
    changelist = url("matchingrun_changelist")
    for lookup in ("problem__icontains", "result__icontains", "keys__has_key", "settings__weights"):
        assert client.get(changelist, {lookup: "x"}).status_code in (302, 400)
    proposals = reverse("admin:matching_proposal_changelist")
    assert client.get(proposals, {"mentor__perspectives_offered__contains": "craft"}).status_code in (
        302,
        400,
    )


# --- how much it asks the database ----------------------------------------------------------------------


@pytest.mark.covers("D-15")
@pytest.mark.parametrize("address", ["workbench", "swap", "matchingrun_changelist"])
def test_the_number_of_queries_does_not_grow_with_the_people(client: Client, address: str) -> None:
    counts = []
    for number in (5, 100):
        within = cohort()
        client.force_login(coordinator(within.programme))
        for _ in range(number):
            mentor(within), mentee(within)
        matched(within)
        run = matched(within)
        args = {"workbench": (run.pk,), "swap": (run.pk, *run.links()[0])}.get(address, ())
        client.get(url(address, *args))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(address, *args)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 22, counts


# --- what waits for the next run, and any two runs side by side -----------------------------------------


def test_what_was_decided_since_is_told_and_holds_the_release_back(client: Client, within: Cohort) -> None:
    fill(within)
    run = matched(within)
    page = text(client.get(url("workbench", run.pk)))
    assert "Release 3 proposals" in page
    assert "Run again" not in page
    first, other = run.links()[:2]
    client.post(url("decide", run.pk), {"mentor": first[0], "mentee": first[1], "kind": "reject"})
    client.post(url("decide", run.pk), {"mentor": first[0], "mentee": other[1], "kind": "pin"})
    page = text(client.get(url("workbench", run.pk)))
    assert "You rejected 1 pair that stands in this run. You pinned 1 pair that is not in this run." in page
    assert "Run again" in page
    assert "Release 3 proposals" not in page
    after = text(client.get(url("workbench", matched(within).pk)))
    assert "Run again" not in after
    assert "Release 3 proposals" in after


def test_a_run_can_be_set_beside_any_earlier_one(client: Client, within: Cohort) -> None:
    fill(within)
    gone = matched(within).links()[0]
    client.post(
        url("decide", MatchingRun.objects.get().pk), {"mentor": gone[0], "mentee": gone[1], "kind": "reject"}
    )
    matched(within)
    newest = url("workbench", matched(within).pk)
    assert "Changed since run 2 · 0" in text(client.get(newest))
    beside = client.get(newest, {"beside": "1"})
    assert "Run 3 beside run 1" in text(beside)
    assert "Changed since run 1 · 0" not in text(beside)
    assert "?show=weak&amp;beside=1" in beside.content.decode()
    for nonsense in ("3", "99", "x", "-1"):
        assert "Run 3 beside run 2" in text(client.get(newest, {"beside": nonsense}))


def test_whoever_waits_is_taken_to_the_bench_as_soon_as_the_run_is_done(
    client: Client, within: Cohort
) -> None:
    fill(within, 1)
    run = start_run(cohort=within, by=None)
    watched = reverse("admin:operations_job_progress", args=[run.job_id])
    assert "HX-Redirect" not in client.get(watched, HTTP_HX_REQUEST="true")
    run_job(job_id=run.job_id)
    assert client.get(watched, HTTP_HX_REQUEST="true")["HX-Redirect"] == url("workbench", run.pk)
    assert (
        client.get(watched).status_code == 200
    )  # whoever comes back later finds the way, and is not sent off


# --- reasons in words -----------------------------------------------------------------------------------


@pytest.mark.covers("S4.16", "S1.3")
def test_each_pair_says_what_speaks_for_and_against_it(client: Client, within: Cohort) -> None:
    facts = {"department": "Tax", "style": "dialogue"}
    mentor(within, "Noor", offers={"gen_ai": 5, "craft": 4}, perspectives_offered=["innovation"], **facts)
    mentee(
        within,
        "Conor",
        wants={"gen_ai": 3, "craft": 1},
        perspective_wanted="innovation",
        city="Bonn",
        **facts,
    )
    page = text(client.get(url("workbench", matched(within).pk)))
    for sentence in (
        "Noor is ahead in “Generative AI", "one of the first wishes of Conor. Also: ",
        "They work in different offices.", "Both like to learn in the same way.", "They are 4 grades apart.",
        "They work in the same department.", "Conor is ahead in nothing that Noor wants to learn.",
    ):  # fmt: skip
        assert sentence in page, sentence
    assert (
        page.index("They work in different offices.") < page.index("Against") < page.index("same department.")
    )
    assert "erspective" not in page.split("Pairs", 1)[1].split("What the weights do")[0]


# --- a partner for somebody who has none ----------------------------------------------------------------


def test_somebody_without_a_partner_is_given_one_by_hand(client: Client, within: Cohort) -> None:
    only = mentor(within, "Only", offers={"gen_ai": 5})
    has = mentee(within, "Has", wants={"gen_ai": 3})
    lacks = mentee(within, "Lacks", perspective_wanted="innovation")
    barred = mentee(within, "Barred", languages=["fr"])
    run = matched(within)
    bench = client.get(url("workbench", run.pk)).content.decode()
    assert url("place", run.pk, lacks.pk) in bench
    assert url("place", run.pk, barred.pk) not in bench  # nobody is possible: there is nothing to choose from
    page = text(client.get(url("place", run.pk, lacks.pk)))
    assert f"{only} has {has} in this run" in page
    assert "As many pairs as now." in page
    assert "Only is ahead in nothing that Lacks wants to learn." in page
    assert "nnovation" not in page
    assert "Nobody: every possible partner" in text(client.get(url("place", run.pk, barred.pk)))
    asked = client.post(url("place", run.pk, lacks.pk), {"other": only.pk})
    again = MatchingRun.objects.order_by("-number").first()
    assert asked.url == reverse("admin:operations_job_progress", args=[again.job_id])
    run_job(job_id=again.job_id)
    again.refresh_from_db()
    assert again.links() == [(only.pk, lacks.pk)]


def test_a_place_that_breaks_a_rule_is_refused_by_name_and_starts_nothing(
    client: Client, within: Cohort
) -> None:
    only, has = mentor(within, "Only"), mentee(within, "Has")
    barred = mentee(within, "Barred", languages=["fr"])
    run = matched(within)
    refused = client.post(url("place", run.pk, barred.pk), {"other": only.pk})
    assert "are pinned together, but they share no working language" in told(refused)[0]
    assert MatchingRun.objects.count() == 1
    assert not PairDecision.objects.exists()
    for nonsense in ({"other": "x"}, {}, {"other": mentor(cohort()).pk}):
        assert client.post(url("place", run.pk, barred.pk), nonsense).status_code == 404
    assert told(client.post(url("place", run.pk, barred.pk), {"other": has.pk}))[-1:] == [
        "Choose a mentor and a mentee of this cohort."
    ]
    for pk in (only.pk, has.pk, mentee(within).pk):  # they have somebody, or came after the run
        assert client.get(url("place", run.pk, pk)).status_code == 404
