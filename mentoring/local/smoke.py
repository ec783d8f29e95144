"""`make run` as a stranger meets it: starts it, looks, takes parts away, stops it, and looks for what is left."""

import os
import signal
import subprocess
import sys

from mentoring.local.site import RunningSite, SiteFailed


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
        must(site.get(path)[0] == 200, f"{path} answers {site.get(path)}")
    seconds = site.wait_until(lambda: site.get("/statusz")[0] == 200, "to be well", 90)
    step(f"log-in page, health and readiness are there; worker and beat live after {seconds:.1f} s")


def database_goes_and_comes(site: RunningSite) -> None:
    os.kill(site.pids()["postgres"], signal.SIGKILL)
    seconds = site.wait_until(lambda: site.get("/readyz")[0] == 503, "to miss its database", 10)
    must(site.get("/healthz")[0] == 200, "without a database the process itself must live")
    step(f"database killed: /readyz says so after {seconds:.1f} s")
    seconds = site.wait_until(lambda: site.get("/readyz")[0] == 200, "to have its database back", 90)
    step(f"database back after {seconds:.1f} s")


def broker_goes_and_comes(site: RunningSite) -> None:
    os.kill(site.pids()["valkey"], signal.SIGKILL)
    seconds = site.wait_until(lambda: not _broker_is_well(site), "to miss its broker", 10)
    must(site.get("/")[0] == 200, "without a broker pages must work")
    must(site.get("/readyz")[0] == 200, "without a broker the site must stay ready")
    step(f"broker killed: /statusz says so after {seconds:.1f} s, pages work")
    seconds = site.wait_until(lambda: site.get("/statusz")[0] == 200, "to have its broker back", 120)
    step(f"broker, worker and beat back after {seconds:.1f} s")


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


def _broker_is_well(site: RunningSite) -> bool:
    _, found = site.get_json("/statusz")
    return bool(found["broker"]["ok"])


if __name__ == "__main__":
    main()
