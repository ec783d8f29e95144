"""The pages of a copy and of an erasure, for the person and for whoever carries it out (B-06, B-07)."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from operations.models import Job
from operations.services import run as run_job
from outbox.models import Message
from pairings.models import Pairing
from participants.models import DataExport, ErasureRequest, Person
from participants.services import open_log_in
from portal.selectors.register import what_we_keep
from programmes.models import Coordinator
from tests.meetings.world import NOW, pair, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two() -> Pairing:
    return pair()


def client_of(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


@pytest.mark.covers("B-06")
def test_a_copy_is_asked_for_made_read_and_taken_along(two: Pairing) -> None:
    who = two.mentor.person
    client = client_of(who)
    assert reverse("portal:copy") in text(client, "portal:kept")
    assert client.get(reverse("portal:copy-file")).status_code == 404
    client.post(reverse("portal:copy"))
    waiting = client.get(reverse("portal:copy"))
    assert waiting["Refresh"] == "2"
    run_job(job_id=Job.objects.latest("pk").pk)
    page = client.get(reverse("portal:copy"))
    assert "Refresh" not in page
    assert who.email in page.content.decode()
    file = client.get(reverse("portal:copy-file"))
    assert "attachment" in file["Content-Disposition"]
    records = {one["record"] for one in json.loads(file.content)["records"]}
    assert {"participants.person", "programmes.enrolment", "pairings.pairing"} <= records
    assert who.email not in text(client_of(two.mentee.person), "portal:copy")
    with time_machine.travel(NOW.replace(day=5, hour=10), tick=False):
        assert who.email not in text(client, "portal:copy")
    assert DataExport.objects.count() == 1


@pytest.mark.covers("B-07")
def test_somebody_asks_takes_it_back_and_asks_again(two: Pairing) -> None:
    client = client_of(two.mentor.person)
    page = reverse("portal:erasure")
    client.get(page, {"action": "ask"})
    assert not ErasureRequest.objects.exists()
    client.post(page, {"action": "ask"})
    client.post(page, {"action": "ask"})
    assert "You have asked to be erased" in text(client, "portal:erasure")
    client.post(page, {"action": "withdraw"})
    assert ErasureRequest.objects.get().state == "withdrawn"
    client.post(page, {"action": "ask"})
    assert ErasureRequest.objects.count() == 2


@pytest.mark.covers("B-07")
def test_what_goes_is_called_as_on_the_page_of_what_is_kept(two: Pairing) -> None:
    goes = client_of(two.mentor.person).get(reverse("portal:erasure")).context["page"].goes
    called = {record.name for part in what_we_keep() for record in part.records}
    assert goes
    assert set(goes) <= called
    assert len(set(goes)) == len(goes)


@pytest.mark.covers("B-07", "C-05")
def test_a_coordinator_hears_reads_the_plan_and_confirms(two: Pairing) -> None:
    boss, stranger = person("Lotte"), person("Other")
    Coordinator.objects.create(programme=two.cohort.programme, person=boss)
    Coordinator.objects.create(programme=pair().cohort.programme, person=stranger)
    client_of(two.mentor.person).post(reverse("portal:erasure"), {"action": "ask"})
    mail = Message.objects.get(kind="erasure_asked")
    assert mail.recipient_id == boss.pk
    assert two.mentor.person.last_name not in str(mail.context)
    row, desk = ErasureRequest.objects.get(), client_of(boss)
    address = reverse("admin:participants_erasurerequest_change", args=[row.pk])
    assert str(two.mentor.person) in desk.get(address).content.decode()
    elsewhere = client_of(stranger)
    assert elsewhere.get(address).status_code in (302, 404)
    elsewhere.post(address, {"understood": "yes"})
    desk.post(address, {})
    row.refresh_from_db()
    assert row.state == "asked"
    desk.post(address, {"understood": "yes"})
    desk.post(address, {"understood": "yes"})
    row.refresh_from_db()
    assert (row.state, row.by_id) == ("running", boss.pk)
    assert "They are out" in desk.get(address).content.decode()
