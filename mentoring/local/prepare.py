"""One process before the site starts: tables, static files, and a sample programme when there is none.

One rather than three, for each start of Django costs more than a second.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands

SAMPLE_COMMAND = "create_sample_programme"


def main(*, sample: bool) -> None:
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    _collect_static(Path(settings.STATIC_ROOT).with_suffix(".stamp"))
    if sample and SAMPLE_COMMAND in get_commands() and _is_empty():
        print("[run] the database is empty: making a sample programme", flush=True)
        call_command(SAMPLE_COMMAND, mentors=24, mentees=36)


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


def _is_empty() -> bool:
    from programmes.models import Programme

    return not Programme.objects.exists()


if __name__ == "__main__":
    main(sample="--no-sample" not in sys.argv)
