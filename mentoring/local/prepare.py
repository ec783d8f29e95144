"""One process before the site starts: tables, static files, and a sample programme when there is none.

One rather than three, for each start of Django costs more than a second.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from mentoring.local.layout import Layout
from mentoring.local.postgres import recreate_database


def main(*, sample: bool) -> None:
    layout = Layout.current()
    layout.people_file.unlink(missing_ok=True)
    _forget_half_a_sample(layout)
    call_command("migrate", interactive=False, verbosity=0)
    _collect_static(Path(settings.STATIC_ROOT).with_suffix(".stamp"))
    if sample:
        _make_sample(layout)
        with layout.people_file.open("w", encoding="utf-8") as people:
            call_command("sample_people", stdout=people)


def _forget_half_a_sample(layout: Layout) -> None:
    """Begin anew when the last start was stopped amid the sample; nobody can have worked in it yet."""
    if layout.unfinished_sample.exists() and settings.DATABASES["default"]["HOST"] == str(layout.run):
        print("[run] the last start ended amid the sample programme: beginning anew", flush=True)
        recreate_database(layout)
    layout.unfinished_sample.unlink(missing_ok=True)


def _make_sample(layout: Layout) -> None:
    """A small sample when there is no programme at all; `create_sample_programme` makes the full one."""
    from programmes.models import Programme

    if Programme.objects.exists():
        return
    print("[run] the database is empty: making a sample programme", flush=True)
    layout.unfinished_sample.touch()
    call_command("create_sample_programme", mentors=24, mentees=36)
    layout.unfinished_sample.unlink()


def _collect_static(stamp: Path) -> None:
    """Collect and compress static files unless nothing has changed since the last time."""
    state = _static_state()
    if stamp.exists() and stamp.read_text() == state and Path(settings.STATIC_ROOT).is_dir():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)


def _static_state() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            modified = storage.get_modified_time(name).timestamp()
            digest.update(f"{name}\0{storage.size(name)}\0{modified}\0".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    django.setup()
    main(sample="--no-sample" not in sys.argv)
