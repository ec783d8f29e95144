"""Makes the folders that a layout names, and refuses one that somebody else has put in their place."""

import os
import pwd
import shutil
import stat

from mentoring.local.identity import SYSTEM_USER
from mentoring.local.layout import Layout


class NotOurs(Exception):
    """The socket folder's name is taken by something that is not ours."""


def make_folders(layout: Layout) -> None:
    """Create the data folder and the socket folder.

    Raises:
        NotOurs: the temporary folder is everybody's, and a stranger's file stands where our folder should.
    """
    layout.data.mkdir(parents=True, exist_ok=True)
    try:
        os.mkdir(layout.run, 0o700)
    except FileExistsError:
        found = os.lstat(layout.run)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in _own_users():
            raise NotOurs(f"{layout.run} exists and is not ours; remove it and start again.") from None
        os.chmod(layout.run, 0o700)


def remove_sockets(layout: Layout) -> None:
    """Remove the socket folder, at the end of a run."""
    shutil.rmtree(layout.run, ignore_errors=True)


def remove_data(layout: Layout) -> None:
    """Remove everything that a layout has kept."""
    for folder in (layout.run, layout.outside, layout.data):
        shutil.rmtree(folder, ignore_errors=True)


def empty_data(layout: Layout) -> None:
    """Remove what a layout has kept, but not the lock that says it is ours now."""
    for path in layout.data.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path != layout.lock_file:
            path.unlink()
    shutil.rmtree(layout.outside, ignore_errors=True)


def _own_users() -> set[int]:
    own = os.geteuid()
    return {own} if own else {0, pwd.getpwnam(SYSTEM_USER).pw_uid}
