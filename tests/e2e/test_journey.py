"""The whole journey in a real browser: from an HR file to published results (the main job, end to end).

The steps build on each other and run in this order; each is a test so that a failure names its step.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import faults, follow, press
from tests.e2e.conftest import Story
from tests.e2e.site import Site

DATA = Path(__file__).resolve().parent.parent / "data" / "oracle-hr"
OPERATOR = ("operator@example.com", "a long phrase for the operator")
COORDINATOR = "sjacobs@example.com"  # employee 203, Human Resources, in London
CONTACT = "hbrown@example.com"  # employee 204, Public Relations, in Munich


def come_in(page: Page, site: Site, address: str) -> None:
    """Follow the invitation's link from the mail, and press the one button."""
    mail = site.mail(address, subject="")
    page.goto(site.link_in(mail, "/i/"))
    assert "/i/" not in page.url, "the token leaves the address at once"
    press(page, "Come in")


def log_in(page: Page, site: Site, address: str) -> None:
    """Log in by the code from the mail."""
    page.goto("/accounts/login/code/")
    page.get_by_label("Email").fill(address)
    press(page, "Send me a code")
    page.get_by_label("Code").fill(site.code_in(site.mail(address, subject="code")))
    press(page, "Log in")


def wait_for_job(page: Page) -> None:
    """The page of long work follows it by itself and ends in a way on."""
    way_on = page.locator("#job a.btn")
    way_on.wait_for(timeout=60_000)
    assert faults(page) == []
    with page.expect_navigation():
        way_on.click()


def test_an_operator_logs_in_and_makes_a_programme(site: Site, operator: Page) -> None:
    address, password = OPERATOR
    site.shell(
        "from participants.models import User; "
        f"User.objects.create_superuser(email={address!r}, password={password!r})"
    )
    operator.goto("/")
    expect(operator.get_by_role("heading", level=1)).to_have_text("Log in")
    assert faults(operator) == []
    operator.get_by_label("Email").fill(address)
    press(operator, "Send me a code")
    operator.get_by_label("Code").fill(site.code_in(site.mail(address, subject="code")))
    press(operator, "Log in")
    expect(operator).to_have_url(f"{site.address}/desk/")
    follow(operator, "Make a programme")
    operator.locator("#id_name").fill("Second Light")
    operator.locator("#id_purpose").fill("To hear what those who sign do not hear.")
    press(operator, "Save")
    expect(operator.get_by_role("heading", level=1)).to_have_text("Second Light")
    operator.goto("/desk/programmes/cohort/add/")
    operator.locator("#id_programme").select_option(label="Second Light")
    operator.locator("#id_name").fill("Spring")
    operator.locator("#id_starts_on").fill(date.today().isoformat())
    operator.locator("#id_ends_on").fill((date.today() + timedelta(days=270)).isoformat())
    press(operator, "Save")
    expect(operator.locator("#messages")).to_contain_text("Spring")


@pytest.mark.covers("S0.2", "B-04")
def test_the_roster_comes_in_and_pay_is_named_as_left_out(site: Site, operator: Page) -> None:
    operator.goto("/desk/participants/importfile/add/")
    operator.locator("input[name=roster_file]").set_input_files(DATA / "employees.csv")
    operator.get_by_label("everybody in the file").check()
    press(operator, "Read the files")
    out = operator.get_by_role("heading", name="Left out").locator("xpath=following-sibling::ul[1]")
    expect(out).to_contain_text("salary")
    expect(out).to_contain_text("hire_date")
    assert faults(operator) == []
    operator.get_by_text("Take them from a file").click()
    operator.locator("input[name$=grades_file]").set_input_files(DATA / "grades.csv")
    press(operator, "See the preview")
    if "columns" in operator.url:
        press(operator, "See the preview")
    expect(operator.get_by_role("heading", level=1)).to_have_text("107 entries would be written")
    assert faults(operator) == []
    press(operator, "Import")
    wait_for_job(operator)
    assert (
        site.shell("from participants.models import Person; print(Person.objects.count())").strip() == "107"
    )


def test_people_who_run_it_are_named_and_come_in(site: Site, operator: Page, coordinator: Page) -> None:
    for path, address in (("coordinator", COORDINATOR), ("namedcontact", CONTACT)):
        operator.goto(f"/desk/programmes/{path}/add/")
        operator.locator("#id_programme").select_option(label="Second Light")
        operator.locator("[name=who]").fill(address)
        press(operator, "Save")
    come_in(coordinator, site, COORDINATOR)
    expect(coordinator).to_have_url(f"{site.address}/desk/")
    expect(coordinator.get_by_role("heading", level=1)).to_contain_text("Susan")


def test_the_works_councils_answer_is_recorded(coordinator: Page) -> None:
    to_stage(coordinator, "topic call")
    expect(coordinator.locator("#messages")).to_contain_text("Works council and data protection")
    coordinator.goto("/desk/programmes/programme/")
    follow(coordinator, "Second Light")
    follow(coordinator, "Works council and switches")
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Works council: nothing is recorded yet")
    coordinator.get_by_label("Attention rules").check()
    press(coordinator, "Save the switches")
    coordinator.get_by_label("The works council has agreed").check()
    coordinator.get_by_label("Day of the agreement").fill(date.today().isoformat())
    press(coordinator, "Record it")
    expect(coordinator.get_by_role("heading", level=1)).to_contain_text("Works council: agreed on")


@pytest.mark.covers("S0.29", "S4.19", "S2b.1")
def test_the_gate_names_what_the_charter_lacks_and_leads_to_it(site: Site, coordinator: Page) -> None:
    page = coordinator
    page.goto("/desk/programmes/programme/")
    follow(page, "Second Light")
    gate = page.locator("section[aria-labelledby=gate]")
    expect(gate.get_by_role("heading", level=2)).to_contain_text("5 things are missing")
    lacking(page, "problem or ambition")
    page.locator("#id_ambition").fill("What juniors see stops two levels below those who decide.")
    press(page, "Save")
    lacking(page, "goal says how")
    page.locator("#id_kind").select_option(label="get to know new technology")
    page.locator("#id_text").fill("Every pair tries one new tool.")
    page.locator("#id_measure").fill("try-outs recorded")
    page.locator("#id_outcome").select_option(label="digital innovation")
    press(page, "Save")
    for text in ("expected of a mentor", "expected of a mentee", "privacy note"):
        lacking(page, text)
        follow(page, "Settle it")
        press(page, "Save")
    expect(gate.get_by_role("heading", level=2)).to_contain_text("Spring may move on to “topic call”")


def lacking(page: Page, words: str) -> None:
    """Follow the link of a line of the gate that is not met."""
    line = page.locator("section[aria-labelledby=gate] li").filter(has_text=words)
    with page.expect_navigation():
        line.get_by_role("link").click()


def test_the_intake_enrols_51_people_who_are_invited(site: Site, coordinator: Page) -> None:
    to_stage(coordinator, "topic call")
    coordinator.goto("/desk/participants/importfile/add/")
    coordinator.locator("input[name=intake_file]").set_input_files(DATA / "intake.csv")
    coordinator.get_by_label("Cohort").select_option(label="Second Light · Spring")
    press(coordinator, "Read the files")
    press(coordinator, "See the preview")
    press(coordinator, "Import")
    wait_for_job(coordinator)
    press(coordinator, "Invite 51 people")
    to_stage(coordinator, "selection")
    to_stage(coordinator, "matching")


def to_stage(page: Page, stage: str) -> None:
    page.goto("/desk/programmes/cohort/")
    follow(page, "Spring")
    follow(page, "Stage")
    press(page, f"Move on to “{stage}”")


def test_the_best_set_of_pairs_is_found_explained_and_released(
    site: Site, coordinator: Page, story: Story
) -> None:
    coordinator.goto("/desk/matching/matchingrun/")
    press(coordinator, "New run")
    coordinator.wait_for_url("**/workbench/", timeout=60_000)  # by itself, once the run is done
    expect(coordinator.get_by_role("heading", level=1)).to_contain_text("15 pairs")
    expect(coordinator.get_by_text("the gap is nil.")).to_be_visible()
    without = coordinator.get_by_role("heading", name="Still without, and why").locator("xpath=..")
    king = without.get_by_role("listitem").filter(has_text="Steven King")
    expect(king).to_contain_text("reporting line")
    follow(coordinator, "Release 15 proposals")
    press(coordinator, "Release 15 proposals")
    expect(coordinator.locator("#messages")).to_contain_text("15 proposals are on their way")
    found = json.loads(site.shell(FIRST_PROPOSAL))
    story.proposal, story.mentor, story.mentee = found["id"], found["mentor"], found["mentee"]
    story.mentor_name, story.mentee_name = found["mentor_name"], found["mentee_name"]


FIRST_PROPOSAL = """
import json
from matching.models import Proposal
p = Proposal.objects.select_related("mentor__person", "mentee__person").order_by("pk").first()
print(json.dumps({"id": p.pk, "mentor": p.mentor.person.email, "mentee": p.mentee.person.email,
  "mentor_name": str(p.mentor), "mentee_name": str(p.mentee)}))
"""


@pytest.mark.covers("C-14")
def test_both_come_in_by_mail_and_say_yes(site: Site, mentor: Page, mentee: Page, story: Story) -> None:
    for page, address in ((mentor, story.mentor), (mentee, story.mentee)):
        page.goto(site.link_in(site.mail(address, subject="You are in"), "/i/"))
        assert faults(page) == []
        press(page, "Come in")
        page.goto(site.link_to(address, f"/proposals/{story.proposal}/"))
        assert faults(page) == []
        page.get_by_text("Yes, let us start").click()
        press(page, "Send my answer")
    expect(
        mentee.get_by_role("heading", name=f"{story.mentor_name} and {story.mentee_name}")
    ).to_be_attached()
    mentor.goto("/")
    expect(mentor.get_by_role("link", name=story.mentee_name)).to_be_visible()


@pytest.mark.covers("S1.18")
def test_a_date_goes_into_both_calendars(site: Site, mentor: Page, story: Story) -> None:
    mentor.goto("/")
    follow(mentor, story.mentee_name)
    follow(mentor, "Another time")
    day = date.today() + timedelta(days=10)
    while day.weekday() > 4:
        day += timedelta(days=1)
    mentor.get_by_label("Day").fill(day.isoformat())
    mentor.get_by_label("Place or link").fill("Room 4.12")
    press(mentor, "Put it in both calendars")
    expect(mentor.get_by_role("alert")).to_be_visible()  # no time yet: said, and nothing typed is lost
    expect(mentor.get_by_label("Place or link")).to_have_value("Room 4.12")
    assert faults(mentor) == []
    mentor.get_by_label("Time", exact=True).fill("12:30")
    press(mentor, "Put it in both calendars")
    expect(mentor.locator("#messages")).to_contain_text("both calendars")
    for address in (story.mentor, story.mentee):
        entry = site.mail(address, subject="conversation").text("text/calendar")
        assert "METHOD:REQUEST" in entry
        assert "Room 4.12" in entry


def test_a_month_without_a_date_brings_a_reminder_to_both(
    site: Site, coordinator: Page, mentor: Page, mentee: Page, story: Story
) -> None:
    other = json.loads(site.shell(ANOTHER_PAIR))
    for months in (1, 2):
        for day in (6, 8, 10):
            instant = (date.today().replace(day=1) + timedelta(days=31 * months)).replace(day=day)
            site.manage("run_schedule", "--now", f"{instant.isoformat()}T12:00:00Z", "--allow-future")
    for address in (other["mentor"], other["mentee"]):
        mails = site.mails(address)
        assert any("conversation" in mail.subject or "meeting" in mail.subject.lower() for mail in mails), [
            mail.subject for mail in mails
        ]
    # A session lasts a week and these were months: everybody comes in anew.
    for page, address in ((coordinator, COORDINATOR), (mentor, story.mentor), (mentee, story.mentee)):
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
        log_in(page, site, address)


ANOTHER_PAIR = """
import json
from django.utils import timezone
from matching.models import Proposal
from matching.services import answer_proposal
p = Proposal.objects.open().with_people().order_by("-pk").first()
for person in (p.mentor.person, p.mentee.person):
    answer_proposal(proposal=p, by=person, answer="yes", now=timezone.now())
print(json.dumps({"mentor": p.mentor.person.email, "mentee": p.mentee.person.email}))
"""


@pytest.mark.covers_part("S0.39")
def test_a_round_is_opened_answered_sealed_and_published(
    site: Site, coordinator: Page, mentor: Page, mentee: Page
) -> None:
    site.shell(TWELVE_COME_IN)
    coordinator.goto("/desk/evaluations/round/add/")
    coordinator.get_by_label("Cohort").select_option(label="Second Light · Spring")
    coordinator.get_by_label("Kind").select_option(index=1)
    coordinator.locator("input[name=closes_on]").fill((date.today() + timedelta(days=10)).isoformat())
    press(coordinator, "Save")
    follow(coordinator, "Look at it and launch")
    assert faults(coordinator) == []
    press(coordinator, "Launch")
    for page in (mentor, mentee):
        page.goto("/")
        follow(page, "Your view on the programme")
        assert faults(page) == []
        page.get_by_role("radio").first.check()
        press(page, "Send my answers")
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
        assert faults(page) == []
    site.shell(TWELVE_ANSWER)
    coordinator.goto("/desk/evaluations/round/")
    coordinator.locator("#result_list tbody a").first.click()
    follow(coordinator, "Close it now")
    assert faults(coordinator) == []
    press(coordinator, "Close it for good")
    wait_until(site, "from evaluations.models import Snapshot; print(Snapshot.objects.count())", "1")
    coordinator.goto("/desk/evaluations/round/")
    coordinator.locator("#result_list tbody a").first.click()
    follow(coordinator, "Publish")
    assert faults(coordinator) == []
    coordinator.get_by_label("What do you change because of it?").fill("Reminders come two days later.")
    press(coordinator, "Publish for good")
    mentor.goto("/")
    follow(mentor, "Read the results")
    expect(mentor.locator("main")).to_contain_text("Reminders come two days later.")


TWELVE_COME_IN = """
from participants.services import open_log_in
from programmes.models import Enrolment
for e in Enrolment.objects.filter(person__user=None).select_related("person").order_by("role", "pk")[:6]:
    open_log_in(person=e.person)
for e in Enrolment.objects.filter(person__user=None).select_related("person").order_by("-role", "pk")[:6]:
    open_log_in(person=e.person)
"""
TWELVE_ANSWER = """
from django.utils import timezone
from evaluations.models import LedgerEntry, Round
from evaluations.selectors import open_parts, questionnaire
from evaluations.services import submit_answers
from participants.models import Person
r = Round.objects.get(state="open")
for row in r.audience:
    person = Person.objects.get(pk=row["person"])
    for part in open_parts(person, timezone.now()):
        asked = questionnaire(r, person, part.part, "en")
        answers = {f.name: f.options[len(f.options) // 2][0] for f in asked.fields if f.kind == "steps"}
        submit_answers(round=r, person=person, answers=answers, now=timezone.now(), part=part.part)
"""


def wait_until(site: Site, code: str, wanted: str, seconds: int = 40) -> None:
    end = datetime.now().timestamp() + seconds
    while site.shell(code).strip() != wanted:
        assert datetime.now().timestamp() < end, f"{code} never said {wanted}"
