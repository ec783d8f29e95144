"""The page that watches long work: whose it is, what it says, and the button that stops it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from operations.models import Job
from operations.services import register_job, run, start_job
from tests.programmes.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    return made


def job_of(world: World, kind: str = "test.page") -> Job:
    register_job(kind, lambda job, progress: {"n": 1})
    return start_job(kind=kind, params={}, by_id=world.coordinator.pk, programme_id=world.programme.pk)


def page(name: str, job: Job) -> str:
    return reverse(f"admin:operations_job_{name}", args=[job.pk])


def test_a_waiting_job_says_so_refreshes_itself_and_can_be_stopped(client: Client, world: World) -> None:
    job = job_of(world)
    shown = client.get(page("progress", job)).content.decode()
    assert "Waiting for a free hand" in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    assert 'hx-get="' + page("progress", job) in shown
    assert client.get(page("cancel", job)).status_code == 405
    assert client.post(page("cancel", job))["Location"] == page("progress", job)
    shown = client.get(page("progress", job)).content.decode()
    assert "It was stopped. Nothing of it was kept." in shown
    assert "hx-get" not in shown
    run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_running_job_tells_its_step_and_a_failed_one_why(client: Client, world: World) -> None:
    job = job_of(world)
    Job.objects.filter(pk=job.pk).update(state="running", step="Weighing lamps", done=2, total=5)
    shown = client.get(page("progress", job)).content.decode()
    assert "Weighing lamps" in shown
    assert 'value="2" max="5"' in shown
    Job.objects.filter(pk=job.pk).update(state="failed", error="No oil left.", finished_at=job.created_at)
    assert "No oil left." in client.get(page("progress", job)).content.decode()


@pytest.mark.covers("C-02")
def test_another_programmes_work_does_not_exist_for_others(client: Client, world: World) -> None:
    foreign = job_of(make_world("Other"))
    missing = Job(pk=foreign.pk + 1000)
    for name in ("progress", "cancel"):
        for job in (foreign, missing):
            assert client.post(page(name, job)).status_code == 404
    assert client.get(page("progress", foreign)).status_code == 404
    foreign.refresh_from_db()
    assert not foreign.cancel_requested
