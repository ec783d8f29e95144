"""`make run` as a stranger meets it: starts it, looks, takes parts away, stops it, and looks for what is left."""

import os
import re
import signal
import subprocess
import sys
from time import monotonic

from mentoring.local.site import RunningSite, SiteFailed

#: Seconds to wait for whatever must come: a busy machine is slow, and waiting costs nothing where all is well.
PATIENCE = 180
#: Seconds within which a server that has gone is noticed.
NOTICED = 10


class Failed(Exception):
    """What was seen is not what must be."""


def main() -> None:
    site = RunningSite("dev", command=["make", "run"])
    try:
        site.start(seconds=600)
        step(f"make run serves {site.address}")
        looks_well(site)
        database_goes_and_comes(site)
        broker_goes_and_comes(site)
        doctor_agrees(site)
        stops_clean(site)
    except (Failed, SiteFailed) as error:
        print(site.said(), file=sys.stderr)
        sys.exit(f"[smoke] FAILED: {error}")
    finally:
        site.__exit__()
    step("all well")


def step(text: str) -> None:
    print(f"[smoke] {text}", flush=True)


def must(condition: bool, otherwise: str) -> None:
    """Raise `Failed` unless the condition holds."""
    if not condition:
        raise Failed(otherwise)


def looks_well(site: RunningSite) -> None:
    status, page = site.get("/")
    must(status == 200 and 'name="email"' in page, f"/ does not show the log-in page ({status})")
    for path in ("/healthz", "/readyz"):
        answers(site, path, 200, f"to be well at {path}")
    seconds = answers(site, "/statusz", 200, "to have worker and beat")
    step(f"log-in page, health and readiness are there; worker and beat live after {seconds:.1f} s")


def database_goes_and_comes(site: RunningSite) -> None:
    os.kill(site.pids()["postgres"], signal.SIGKILL)
    seconds = answers(site, "/readyz", 503, "to miss its database", NOTICED)
    answers(site, "/healthz", 200, "to live without a database")
    step(f"database killed: /readyz says so after {seconds:.1f} s")
    seconds = answers(site, "/readyz", 200, "to have its database back")
    step(f"database back after {seconds:.1f} s")


def broker_goes_and_comes(site: RunningSite) -> None:
    os.kill(site.pids()["valkey"], signal.SIGKILL)
    killed_at = monotonic()
    seconds = site.wait_until(lambda: _broker_is_missed(site), "to miss its broker", NOTICED)
    answers(site, "/", 200, "to show pages without a broker")
    answers(site, "/readyz", 200, "to stay ready without a broker")
    step(f"broker killed: /statusz says so after {seconds:.1f} s, pages work")
    seconds = answers(site, "/statusz", 200, "to have its broker back")
    step(f"broker back after {seconds:.1f} s")
    seconds = site.wait_until(
        lambda: _all_live_since(site, killed_at), "to have worker and beat on the new broker", PATIENCE
    )
    step(f"worker and beat live on the new broker after {seconds:.1f} s more")


def doctor_agrees(site: RunningSite) -> None:
    command = [sys.executable, "manage.py", "doctor"]
    answer = subprocess.run(command, cwd=site.layout.root, capture_output=True, text=True, check=False)
    must(answer.returncode == 0, f"doctor says:\n{answer.stdout}{answer.stderr}")
    step("doctor finds nothing ill")


def stops_clean(site: RunningSite) -> None:
    programs = list(site.pids().values())
    must(site.process is not None and site.process.poll() is None, "it has ended by itself")
    os.killpg(site.process.pid, signal.SIGINT)  # type: ignore[union-attr]  # as Ctrl-C does
    site.process.wait(60)  # type: ignore[union-attr]
    site.wait_until_gone(programs, 10)
    must(not site.layout.run.exists(), f"{site.layout.run} is still there")
    step("Ctrl-C: all programs have ended, nothing is left")


def answers(site: RunningSite, path: str, status: int, what: str, patience: float = PATIENCE) -> float:
    """Wait until a page has this status; returns the seconds.

    Raises:
        Failed: it has not in time; the message holds what the page said last.
    """
    last: tuple[int, str] = (0, "")

    def has_it() -> bool:
        nonlocal last
        last = site.get(path)
        return last[0] == status

    try:
        return site.wait_until(has_it, what, patience)
    except SiteFailed as error:
        raise Failed(f"{error}\n{path} said last: {last}") from None


def _all_live_since(site: RunningSite, moment: float) -> bool:
    """Signs of life from before the broker went outlive it: only younger ones count."""
    status, found = site.get_json("/statusz")
    told = [found[name]["detail"] if name in found else "" for name in ("worker", "beat")]
    ages = [int(age) for text in told for age in re.findall(r"(\d+) s ago", text)]
    return status == 200 and len(ages) == len(told) and max(ages) + 1 < monotonic() - moment


def _broker_is_missed(site: RunningSite) -> bool:
    _, found = site.get_json("/statusz")
    return "broker" in found and not found["broker"]["ok"]


if __name__ == "__main__":
    main()
