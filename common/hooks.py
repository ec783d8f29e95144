"""Consequences that must run upwards: a lower package declares a hook, an upper one fills it.

A hook is called in the caller's transaction, so a filler that raises undoes the whole step. Few, named and
documented on purpose (architecture, "How things travel"); there is no other way to call upwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Hook(Generic[P, R]):
    """A typed place where upper packages may join in.

    Args:
        name: "package.event", unique in the project.
        declared_by: the package that calls it.
        purpose: one sentence for the house list.
    """

    name: str
    declared_by: str
    purpose: str
    fillers: dict[str, Callable[P, R]] = field(default_factory=dict)

    def fill(self, app: str, function: Callable[P, R]) -> None:
        """Register ``function`` for the package ``app``, once, from its ``AppConfig.ready()``."""
        self.fillers[app] = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Call every filler in the order of package names and return what they said."""
        return [self.fillers[app](*args, **kwargs) for app in sorted(self.fillers)]


_registry: dict[str, Hook[..., object]] = {}


def declare(name: str, *, purpose: str, signature: Callable[Concatenate[Any, P], R]) -> Hook[P, R]:
    """Declare a hook.

    Args:
        name, purpose: as of `Hook`.
        signature: what every filler must match: ``__call__`` of a protocol, for nothing here is ever called.

    Raises:
        ValueError: the name is taken or not "package.event".
    """
    package, _, event = name.partition(".")
    if not event or name in _registry:
        raise ValueError(f"hook {name!r} is declared twice or is not named package.event")
    hook: Hook[P, R] = Hook(name=name, declared_by=package, purpose=purpose)
    _registry[name] = hook  # type: ignore[assignment]
    return hook


def declared() -> Iterator[Hook[..., object]]:
    """Every declared hook, for the house test and the docs."""
    return iter(sorted(_registry.values(), key=lambda hook: hook.name))
