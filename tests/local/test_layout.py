"""Addresses and places, and when a checkout is in local mode."""

import re
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import dj_database_url
import psycopg2.extensions
import pytest

from mentoring.local import layout as layout_module
from mentoring.local.envfile import ROOT, ensure_env, load_env, read_env
from mentoring.local.folders import NotOurs, make_folders
from mentoring.local.layout import Layout, local_mode


def test_settings_can_ask_before_anything_exists(tmp_path):
    code = "from mentoring.local.layout import Layout; import sys; print(Layout('x').run, 'django' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    folder, knows_django = answer.stdout.split()
    assert knows_django == "False"
    assert not Path(folder).exists()


def test_two_checkouts_and_two_layouts_of_one_have_nothing_in_common(tmp_path):
    places = {Layout(name, root=tmp_path / root).run for root in ("a", "b") for name in ("dev", "test")}
    assert len(places) == 4


def test_the_socket_fits_however_deep_the_checkout_lies():
    deep = Layout("a-longish-name", root=Path("/" + "very-long-folder/" * 40))
    longest = max(len(str(deep.run / name)) for name in ("valkey.sock", ".s.PGSQL.5432.lock"))
    assert longest < 100  # a Unix socket's path holds 107 bytes


def test_the_database_url_names_the_socket_folder_for_django_and_for_the_client_library(layout):
    assert parse_qs(urlsplit(layout.database_url).query) == {"host": [str(layout.run)]}
    parsed = dj_database_url.parse(layout.database_url)
    assert (parsed["NAME"], parsed["USER"]) == ("mentoring", "mentoring")
    assert psycopg2.extensions.parse_dsn(layout.database_url)["host"] == str(layout.run)


def test_pytest_never_touches_the_developers_data(monkeypatch):
    monkeypatch.setenv("MENTORING_LAYOUT", "dev")
    assert Layout.current().name == "test"


@pytest.mark.parametrize("name", ["", "../dev", "Dev", "a b", "x" * 17])
def test_a_name_that_would_lead_elsewhere_is_refused(name):
    with pytest.raises(ValueError, match="no name for a layout"):
        Layout(name)


def test_a_database_suffix_keeps_two_runs_apart(monkeypatch, layout):
    monkeypatch.setenv("TEST_DB_SUFFIX", "Anna; DROP")
    assert layout.pg_settings()["TEST"] == {"NAME": "test_mentoring_annadrop"}
    monkeypatch.setenv("TEST_DB_SUFFIX", "")
    assert layout.pg_settings()["TEST"] == {"NAME": "test_mentoring"}


@pytest.mark.parametrize(
    ("environment", "file", "expected"),
    [
        ("1", "", True),
        (None, "MENTORING_LOCAL=1", True),
        ("0", "MENTORING_LOCAL=1", False),
        (None, "", False),
    ],
)
def test_local_mode_is_never_the_default(monkeypatch, environment, file, expected):
    monkeypatch.delitem(sys.modules, "pytest")  # as in a process that is no test run
    monkeypatch.delenv("MENTORING_LOCAL", raising=False)
    if environment is not None:
        monkeypatch.setenv("MENTORING_LOCAL", environment)
    monkeypatch.setattr(layout_module, "read_env", lambda: dict([file.split("=")]) if file else {})
    assert local_mode() is expected


def test_the_env_file_is_written_once_for_its_owner_only(tmp_path):
    path = tmp_path / ".env"
    assert ensure_env(path) is True
    first = read_env(path)
    assert first["MENTORING_LOCAL"] == "1"
    assert len(first["SECRET_KEY"]) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ensure_env(path) is False
    assert read_env(path) == first


def test_the_env_file_fills_and_never_overrides(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# a comment\n\nexport A='quoted # kept'\nB=file\nnonsense\nC = spaced \n")
    environ = {"B": "set already"}
    load_env(environ, path)
    assert environ == {"A": "quoted # kept", "B": "set already", "C": "spaced"}


def test_a_strangers_file_in_our_place_is_refused(tmp_path):
    layout = Layout("try", root=tmp_path)
    layout.run.symlink_to(tmp_path)
    try:
        with pytest.raises(NotOurs, match="not ours"):
            make_folders(layout)
    finally:
        layout.run.unlink()


def test_every_setting_is_named_in_the_example_and_nothing_else():
    reads = re.compile(r"""(?:_env|_list|_flag|_key|environ\.get)\(\s*"([A-Z_]+)\"""")
    sources = [
        ROOT / "mentoring" / name for name in ("settings.py", "doctor.py", "local/layout.py", "local/run.py")
    ]
    read = {name for path in sources for name in reads.findall(path.read_text())}
    read |= set(re.findall(r'"(OIDC_[A-Z_]+)"', (ROOT / "mentoring/sso/configuration.py").read_text()))
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    internal = {"MENTORING_LAYOUT", "TEST_DB_SUFFIX", "RELOAD"}
    assert read - internal == named
