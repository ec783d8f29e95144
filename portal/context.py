"""What every page's frame needs, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from pairings.models import Pairing
from participants.models import Delegation, Person
from programmes.models import Coordinator, Enrolment, NamedContact

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class NavEntry:
    """One of at most five places of the main menu."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Shell:
    """The frame: whose page it is, its menu, its language and theme."""

    installation_name: str
    programme_line: str = ""
    role: str = "staff"
    nav: list[NavEntry] = field(default_factory=list)
    person: Person | None = None
    language: str = "en"
    languages: tuple[tuple[str, str], ...] = tuple(settings.LANGUAGES)
    theme: str = "auto"
    second_factor_off: bool = False


def theme_of(request: HttpRequest) -> str:
    """Light, dark or as the device says; only the three words we set ourselves."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Computed when the frame is drawn, so fragments and files cost nothing."""
    return {"shell": SimpleLazyObject(lambda: build_shell(request))}


def build_shell(request: HttpRequest) -> Shell:
    person = getattr(getattr(request, "user", None), "person", None)
    common: dict[str, Any] = {
        "installation_name": settings.INSTALLATION_NAME,
        "language": (get_language() or "en")[:2],
        "theme": theme_of(request),
        "second_factor_off": settings.LOCAL_MODE and not settings.SECOND_FACTOR_FOR_STAFF,
        "person": person,
    }
    if person is None:
        return Shell(**common, nav=_dates_entry(request))
    enrolment = (
        Enrolment.objects.filter(person=person)
        .select_related("cohort__programme")
        .order_by("-cohort__starts_on", "-pk")
        .first()
    )
    return Shell(
        **common,
        programme_line=str(enrolment.cohort.programme) if enrolment else "",
        role=enrolment.role if enrolment else "staff",
        nav=_navigation(request, person, enrolment),
    )


def _navigation(request: HttpRequest, person: Person, enrolment: Enrolment | None) -> list[NavEntry]:
    entries = [_entry(request, gettext("Home"), reverse("portal:home"), "home")]
    pair = Pairing.objects.shown_to(person.pk).order_by("pk").first() if enrolment else None
    if pair is not None:
        label = gettext("My pair")
        entries.append(_entry(request, label, reverse("portal:pair", args=[pair.pk]), "pair", "/pairs/"))
    if NamedContact.objects.filter(person=person).exists():
        entries.append(_entry(request, gettext("Requests"), reverse("portal:contact-requests"), "talk"))
    entries += _dates_entry(request)
    if Coordinator.objects.filter(person=person).exists():
        entries.append(_entry(request, gettext("Desk"), reverse("admin:index"), "flag"))
    entries.append(_entry(request, gettext("Profile"), reverse("portal:profile"), "person"))
    return entries


def _dates_entry(request: HttpRequest) -> list[NavEntry]:
    """For whoever plans a leader's dates, in the roster or not."""
    user = getattr(request, "user", None)
    if user is None or not Delegation.objects.of_user(user).exists():
        return []
    return [_entry(request, gettext("Dates"), reverse("portal:dates"), "calendar", "/dates/")]


def _entry(request: HttpRequest, label: str, url: str, icon: str, prefix: str = "") -> NavEntry:
    current = request.path == url or bool(prefix and request.path.startswith(prefix))
    return NavEntry(label=label, url=url, icon=icon, current=current)
