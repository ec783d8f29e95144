"""`make clean-data`: remove what local mode has kept: databases, mails, logs."""

import sys
from pathlib import Path

from mentoring.local import locks
from mentoring.local.folders import remove_data
from mentoring.local.layout import Layout


def main() -> None:
    """Remove every layout's data; one in use is left alone, and the exit code says so."""
    in_use = [layout.name for layout in _layouts() if not _remove(layout)]
    if in_use:
        sys.exit(f"In use, and left alone: {', '.join(in_use)}. Stop it first.")


def _layouts() -> list[Layout]:
    folder = Layout("dev").data.parent
    return [Layout(path.name) for path in _folders(folder)]


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []


def _remove(layout: Layout) -> bool:
    """False when the layout is in use: by a site, or by a test run."""
    site, tests = locks.take_now(layout.lock_file), locks.take_now(layout.users_file)
    try:
        if site and tests:
            remove_data(layout)
            return True
        return False
    finally:
        for lock in (site, tests):
            if lock:
                lock.close()


if __name__ == "__main__":
    main()
