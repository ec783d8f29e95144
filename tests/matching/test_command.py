"""``manage.py match``: the run of the desk, for operators."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from matching.models import MatchingRun, PairDecision, Proposal
from outbox.models import Message
from programmes.choices import Stage
from tests.matching.world import cohort, mentee, mentor, oracle_cohort

pytestmark = pytest.mark.django_db


def printed(*args: str) -> str:
    out = StringIO()
    call_command("match", *args, stdout=out)
    return out.getvalue()


def test_the_personnel_file_is_matched_and_nobody_is_written_to() -> None:
    within = oracle_cohort()
    found = json.loads(printed(str(within.pk), "--json"))
    run = MatchingRun.objects.get()
    assert found["totals"] == {"matched": run.matched, "mentors": 34, "mentees": 17, "seats": run.seats}
    assert len(found["pairs"]) == run.matched
    assert found["certificate"] == {"gap": 0, "engine": "dense", "rounds": found["certificate"]["rounds"]}
    [president] = [one for one in found["unmatched_mentees"] if one["key"] == "100"]
    assert president["reasons"]["reporting_line"] == 34
    assert president["why"][0] == "All 34 mentors are in one reporting line with Steven King."
    assert not Proposal.objects.exists()
    assert not Message.objects.exists()


def test_in_words_and_by_name() -> None:
    within = cohort(name="Spring")
    one, other = mentor(within), mentee(within)
    mentor(within, "Left", last_name="Alone", languages=["nl"])
    text = printed("Spring")
    assert text.startswith("Run 1: 1 pairs, gap 0 (dense)")
    assert f"{one.person.hr_key} leads {other.person.hr_key}" in text
    assert "has nobody: None of 1 mentee shares a language at B2 with Left Alone." in text


def test_points_and_perspectives_are_not_printed() -> None:
    within = cohort()
    mentor(within, perspectives_offered=["craft"]), mentee(within, perspective_wanted="craft")
    text = printed(str(within.pk), "--json")
    for secret in ("perspective", "craft", "score", "primal", "bound"):
        assert secret not in text


def test_refusals_are_named() -> None:
    with pytest.raises(CommandError, match="Say which cohort is to be matched"):
        printed("nowhere")
    with pytest.raises(CommandError, match="once the cohort has come to matching"):
        printed(str(cohort(stage=Stage.DRAFT).pk))
    within = cohort()
    one, other = mentor(within, "Ann", grade=6), mentee(within)
    PairDecision.objects.create(cohort=within, mentor=one, mentee=other, kind="pin")
    with pytest.raises(CommandError, match="Ann"):
        printed(str(within.pk))
