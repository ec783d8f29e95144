"""The five steps of the intake on a phone, with the keyboard alone, in each language, resumed on another device."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from participants.services import open_log_in
from programmes.models import Enrolment, Intake, Topic
from tests.e2e.look.conftest import PHONE, OpenPage, faults_of, picture
from tests.programmes.world import make_world, take_part

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def junior() -> Enrolment:
    for code, name in (("gen_ai", "Generative AI"), ("leadership", "Leading and deciding")):
        names = {f"name_{language}": name for language in ("en", "nl", "de")}
        Topic.objects.get_or_create(programme=None, code=code, defaults=names)
    return take_part(make_world(), "noor", "mentor", state="applied")


def cookies(enrolment: Enrolment, language: str) -> dict[str, str]:
    enrolment.person.language = language
    enrolment.person.save()
    client = Client()
    client.force_login(open_log_in(person=enrolment.person))
    return {"session": client.cookies["session"].value, "language": language}


def reach(page: Page, selector: str) -> None:
    """Press Tab until the control has the focus, as somebody without a mouse does."""
    for _press in range(140):
        if page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by keyboard on {page.url}")


def choose(page: Page, name: str, key: str) -> None:
    reach(page, f"select[name={name}]")
    page.keyboard.press(key)


def press(page: Page, selector: str, key: str = "Space") -> None:
    reach(page, selector)
    page.keyboard.press(key)


def go_on(page: Page, step: int, name: str) -> None:
    picture(page, name)
    assert faults_of(page) == []
    press(page, "button[name=next]:not([hidden])", "Enter")
    page.wait_for_url(lambda url: url.endswith(f"/{step + 1}/") if step < 5 else "/intake/" not in url)


def write(page: Page, selector: str, text: str) -> None:
    reach(page, selector)
    page.keyboard.type(text)


@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_five_steps_by_keyboard_on_a_phone_and_on_another_device(
    open_page: OpenPage, junior: Enrolment, language: str
) -> None:
    start, session = reverse("portal:intake", args=[junior.pk]), cookies(junior, language)
    with open_page(start, size=PHONE, cookies=session, locale=language) as page:
        assert page.evaluate("document.documentElement.lang") == language
        press(page, "input[name=capacity][value='2']", "ArrowUp")
        press(page, "input[name=is_ready]")
        press(page, "input[name=notice]")
        go_on(page, 1, f"intake-1-{language}")
        choose(page, "offer_1_topic", "g" if language == "en" else "ArrowDown")
        choose(page, "offer_1_level", "4")
        write(page, "input[name=offer_1_example]", "A sheet that explains itself")
        press(page, "details summary", "Enter")
        choose(page, "wish_1_topic", "End")
        choose(page, "wish_1_level", "1")
        press(page, "input[name=style][value=hands_on]")
        go_on(page, 2, f"intake-2-{language}")
        press(page, "input[name=offered][value=craft]")
        write(page, "textarea[name=words]", "Fresh from my studies")
        press(page, "input[name=consent]")
        go_on(page, 3, f"intake-3-{language}")
    session = cookies(junior, language)
    with open_page(start, size=PHONE, cookies=session, locale=language) as page:
        assert page.url.endswith("/3/")
        assert page.locator("textarea[name=words]").input_value() == "Fresh from my studies"
        go_on(page, 3, f"intake-3-again-{language}")
        press(page, "input[name=availability][value=mon_am]")
        press(page, "input[name=place][value=in_person]")
        press(page, "input[name=channel][value=mail]")
        go_on(page, 4, f"intake-4-{language}")
        write(page, "textarea[name=openness]", "A colleague showed me a shorter way.")
        for name in ("own_digital", "own_innovative", "own_communication"):
            choose(page, name, "ArrowDown")
        go_on(page, 5, f"intake-5-{language}")
    intake = Intake.objects.get()
    assert intake.completed_at is not None
    assert intake.completed_at <= timezone.now()
    assert Enrolment.objects.with_complete_intake().get() == junior
