"""What every page's frame needs, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext

from participants.models import Delegation, Person
from portal import access
from portal.selectors.standing import Standing

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class NavEntry:
    """One of at most five places of the main menu."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None


class Shell:
    """The frame: whose page it is, its menu, its language and theme. What a page does not draw costs nothing."""

    languages: Final[tuple[tuple[str, str], ...]] = tuple(settings.LANGUAGES)

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.installation_name = settings.INSTALLATION_NAME
        self.language = (get_language() or "en")[:2]
        self.theme = theme_of(request)
        self.second_factor_off = settings.LOCAL_MODE and not settings.SECOND_FACTOR_FOR_STAFF
        self.sso_name = settings.OIDC.name if settings.OIDC else ""
        self.sso_only = bool(settings.OIDC and settings.OIDC.only)

    @cached_property
    def person(self) -> Person | None:
        person: Person | None = getattr(getattr(self._request, "user", None), "person", None)
        return person

    @cached_property
    def _standing(self) -> Standing | None:
        try:
            return access.standing(self._request) if self.person else None
        except Http404:  # somebody who left, on a page for everybody
            return None

    @cached_property
    def programme_line(self) -> str:
        newest = self._standing and self._standing.newest
        return str(newest.cohort.programme) if newest else ""

    @cached_property
    def role(self) -> str:
        newest = self._standing and self._standing.newest
        return newest.role if newest else "staff"

    @cached_property
    def nav(self) -> list[NavEntry]:
        if self._standing:
            return _navigation(self._request, self._standing)
        user = getattr(self._request, "user", None)
        plans_dates = user is not None and Delegation.objects.of_user(user).exists()
        return [_dates_entry(self._request)] if plans_dates else []


class QuietShell(Shell):
    """The frame of a page that says what went wrong: it asks the database nothing about its reader.

    Anybody may ask for addresses that do not exist, as often as they like.
    """

    _standing = None

    @property
    def nav(self) -> list[NavEntry]:
        """The two places that everybody in the roster has."""
        if self.person is None:
            return []
        home = _entry(self._request, gettext("Home"), reverse("portal:home"), "home")
        return [home, _entry(self._request, gettext("Profile"), reverse("portal:profile"), "person")]


def theme_of(request: HttpRequest) -> str:
    """Light, dark or as the device says; only the three words we set ourselves."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"shell": Shell(request)}


def _navigation(request: HttpRequest, standing: Standing) -> list[NavEntry]:
    entries = [_entry(request, gettext("Home"), reverse("portal:home"), "home")]
    if standing.pair_id is not None:
        address = reverse("portal:pair", args=[standing.pair_id])
        entries.append(_entry(request, gettext("My pair"), address, "pair", "/pairs/"))
    if standing.is_contact:
        entries.append(_entry(request, gettext("Requests"), reverse("portal:contact-requests"), "talk"))
    if standing.sponsored_ids:
        address = reverse("portal:sponsor", args=[standing.sponsored_ids[0]])
        entries.append(_entry(request, gettext("Sponsor"), address, "flag"))
    if standing.watched_ids:
        address = reverse("portal:works-council", args=[standing.watched_ids[0]])
        entries.append(_entry(request, gettext("Works council"), address, "shield"))
    if standing.plans_dates:
        entries.append(_dates_entry(request))
    if standing.is_coordinator:
        entries.append(_entry(request, gettext("Desk"), reverse("admin:index"), "flag"))
    entries.append(_entry(request, gettext("Profile"), reverse("portal:profile"), "person"))
    return entries


def _dates_entry(request: HttpRequest) -> NavEntry:
    """For whoever plans a leader's dates, in the roster or not."""
    return _entry(request, gettext("Dates"), reverse("portal:dates"), "calendar", "/dates/")


def _entry(request: HttpRequest, label: str, url: str, icon: str, prefix: str = "") -> NavEntry:
    current = request.path == url or bool(prefix and request.path.startswith(prefix))
    return NavEntry(label=label, url=url, icon=icon, current=current)
