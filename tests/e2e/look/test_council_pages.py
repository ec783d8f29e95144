"""The works council's pages in a browser: without a finding of axe, nothing blocked, nothing sideways."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from programmes.services import change_cohort
from tests.e2e.look.conftest import DESK, PHONE, OpenPage, faults_of, picture
from tests.programmes.council import agree, turn
from tests.programmes.world import World, make_world, ready_to_open

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    """A programme that has agreed, and then wanted more."""
    made = make_world()
    change_cohort(cohort=made.cohort, values={"min_group_size": 7}, by=None)
    ready_to_open(made)
    agree(made.programme, "attention")
    turn(made.programme, pulses=True, attention=False)
    change_cohort(cohort=made.cohort, values={"min_group_size": 5}, by=None)
    return made


@pytest.fixture
def session(client: Client, world: World) -> dict[str, str]:
    client.force_login(world.user)
    return {name: cookie.value for name, cookie in client.cookies.items()}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desks_page_has_no_fault(
    open_page: OpenPage, session: dict[str, str], world: World, scheme: str, size: dict[str, int]
) -> None:
    address = reverse("admin:programmes_programme_council", args=[world.programme.pk])
    with open_page(address, scheme=scheme, size=size, cookies=session) as page:
        picture(page, f"council-{size['width']}-{scheme}")
        assert faults_of(page) == []
