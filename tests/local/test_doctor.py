"""`manage.py doctor` says in words what is wrong, and what to do."""

import base64
import json
from io import StringIO

import pytest
from django.core.management import call_command

from mentoring import doctor, heartbeat
from mentoring.local import translations


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and output."""
    out = StringIO()
    try:
        call_command("doctor", *arguments, stdout=out, no_color=True)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def healthy(db, valkey, smtp_server, monkeypatch):
    for program in ("worker", "beat"):
        heartbeat.record_sign_of_life(program)
    monkeypatch.setattr(translations, "out_of_date", list)


def test_a_healthy_installation(healthy):
    code, output = run()
    assert code == 0, output
    assert output.count("well ") == len(doctor.CHECKS)
    assert "ILL" not in output


def test_what_is_ill_is_named_with_its_remedy(healthy, smtp_server, settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    code, output = run()
    assert code == 1
    assert output.count("ILL") == 1
    assert "mail server" in output
    assert "make run" in output


def test_in_production_the_remedies_are_the_operators(healthy, settings):
    settings.LOCAL_MODE = False
    settings.EMAIL_PORT = 1
    settings.SEALING_KEY = b"k" * 32
    _, output = run()
    assert "Correct EMAIL_HOST" in output
    assert "make run" not in output


def test_a_copy_of_the_sealing_key_must_be_confirmed(settings, monkeypatch):
    settings.LOCAL_MODE = False
    settings.SEALING_KEY = b"k" * 32
    finding = doctor.keys()
    assert finding.ok is False
    assert base64.b64encode(b"k" * 32).decode() not in finding.remedy
    name, _, fingerprint = finding.remedy.rstrip(".").rpartition(" ")[2].partition("=")
    monkeypatch.setenv(name, fingerprint)
    assert doctor.keys().ok is True


def test_translations_that_are_behind_are_named(monkeypatch, tmp_path):
    catalogue = tmp_path / "nl" / "LC_MESSAGES" / "django.po"
    monkeypatch.setattr(translations, "out_of_date", lambda: [catalogue])
    finding = doctor.compiled_translations()
    assert finding.ok is False
    assert "nl" in finding.found


def test_an_unknown_time_zone_is_named(settings):
    settings.TIME_ZONE = "Europe/Atlantis"
    assert doctor.time_zones().ok is False
    settings.TIME_ZONE = "Europe/Berlin"
    assert doctor.time_zones().ok is True


def test_a_question_that_fails_does_not_silence_the_others(monkeypatch):
    def broken() -> doctor.Finding:
        raise ZeroDivisionError

    monkeypatch.setattr(doctor, "CHECKS", (broken, doctor.time_zones))
    assert [finding.ok for finding in doctor.examine()] == [False, True]


@pytest.mark.django_db
def test_machines_get_the_same_as_json(no_broker):
    code, output = run("--json")
    findings = {finding["name"]: finding for finding in json.loads(output)}
    assert code == 1
    assert findings["database"]["ok"] is True
    assert findings["broker"] == {
        "name": "broker",
        "ok": False,
        "found": "the broker does not answer",
        "remedy": "Start it with `make run`.",
    }
