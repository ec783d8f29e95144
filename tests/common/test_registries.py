"""The registries of hooks, policies and privacy lines refuse what they cannot stand for."""

from __future__ import annotations

from typing import Protocol

import pytest

from common import hooks, privacy
from common.policies import POLICIES, policy, policy_of


class _Signature(Protocol):
    def __call__(self, *, number: int) -> int: ...


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> hooks.Hook[..., int]:
    monkeypatch.setattr(hooks, "_registry", dict(hooks._registry))
    return hooks.declare("common.test", purpose="a test", signature=_Signature.__call__)


def test_a_hook_calls_its_fillers_in_the_order_of_packages(hook: hooks.Hook[..., int]) -> None:
    hook.fill("meetings", lambda *, number: number + 1)
    hook.fill("evaluations", lambda *, number: number * 10)
    assert hook(number=3) == [30, 4]


def test_a_hook_nobody_fills_does_nothing(hook: hooks.Hook[..., int]) -> None:
    assert hook(number=3) == []


def test_a_filler_that_raises_stops_the_step(hook: hooks.Hook[..., int]) -> None:
    def refuse(*, number: int) -> int:
        raise ValueError("no")

    hook.fill("meetings", refuse)
    with pytest.raises(ValueError, match="no"):
        hook(number=1)


@pytest.mark.parametrize("name", ["common.test", "nameless"])
def test_a_hook_is_declared_once_and_named_after_its_package(hook: hooks.Hook[..., int], name: str) -> None:
    with pytest.raises(ValueError, match="declared twice or is not named"):
        hooks.declare(name, purpose="again", signature=_Signature.__call__)


def test_a_policy_is_one_of_the_known_words() -> None:
    with pytest.raises(ValueError, match="unknown policy"):
        policy("whoever")

    @policy("public")
    def view(request: object) -> None: ...

    assert policy_of(view) == "public"
    assert "public" in POLICIES


@pytest.mark.covers("B-01")
@pytest.mark.parametrize(
    "wrong",
    [{"purpose": "fun"}, {"basis": "because"}, {"category": "odd"}, {"retention": "a while"}, {"erase": "maybe"},
     {"visible": ("boss",)}, {"visible": ()}],
)  # fmt: skip
def test_a_privacy_line_speaks_known_words_only(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {
        "purpose": "run", "basis": "interest", "category": "contact", "retention": "programme", "visible": ("self",)
    }  # fmt: skip
    privacy.Line(**good)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown word"):
        privacy.Line(**(good | wrong))  # type: ignore[arg-type]


def test_a_field_has_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_register", {})
    privacy.declare("x.Thing", ("name", privacy.TECHNICAL))
    with pytest.raises(ValueError, match="two privacy lines"):
        privacy.declare("x.Thing", ("colour name", privacy.TECHNICAL))


def test_the_badge_names_the_readers() -> None:
    assert privacy.who_sees("programmes.Enrolment", "perspective_wanted") == ("lock", "Only you see this.")
    icon, text = privacy.who_sees("participants.Person", "availability")
    assert icon == "eye"
    assert "coordinators" in text
