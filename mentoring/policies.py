"""The policy of every address, those of packages that are not ours included (C-01)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from common.policies import policy_of

#: Views of other packages by the module they come from. Each enforces its own rule.
FOREIGN = {
    "allauth.account.": "entrance",
    "allauth.mfa.": "person",
    "allauth.socialaccount.": "entrance",
    "allauth.usersessions.": "person",
    "django.views.i18n": "public",
    "django.views.generic.base": "public",
}
#: Pages of the admin site that its own guard cannot wrap.
ADMIN_ENTRANCES = ("login", "logout", "jsi18n")


def addresses() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Every route of the site: its pattern, its namespaced name, its view."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, route, inner)
        elif isinstance(entry, URLPattern):
            yield route, f"{namespace}{entry.name or ''}", entry.callback


def declared_policy(name: str, view: Callable[..., Any]) -> str | None:
    """The policy of one address, or None: then the house is open where nobody decided it should be."""
    own = policy_of(view)
    if own is not None:
        return own
    if name.startswith("admin:"):
        return "coordinator" if _is_guarded(view) or name.split(":")[1] in ADMIN_ENTRANCES else None
    module = _module_of(view)
    return next((policy for prefix, policy in FOREIGN.items() if module.startswith(prefix)), None)


def _is_guarded(view: Callable[..., Any]) -> bool:
    """Whether ``AdminSite.admin_view`` stands somewhere around the view."""
    seen: Any = view
    while seen is not None:
        code = getattr(seen, "__code__", None)
        if code is not None and code.co_name in ("inner", "wrapper") and "admin" in code.co_filename:
            return True
        seen = getattr(seen, "__wrapped__", None)
    return False


def _module_of(view: Callable[..., Any]) -> str:
    return getattr(getattr(view, "view_class", view), "__module__", "")
