"""What an operator wants to know about an installation, each question a function that returns a `Finding`."""

from __future__ import annotations

import hashlib
import os
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import requests
from django.conf import settings
from django.core.mail import get_connection
from django.urls import reverse

from mentoring import probes
from mentoring.local import translations
from mentoring.sso.configuration import Oidc
from mentoring.sso.discovery import BadDiscovery, description_of, keys_of
from mentoring.sso.tokens import ALGORITHMS
from participants.services import erased_here, read_list, to_replay

MAIL_SERVER_SECONDS = 5


@dataclass(frozen=True)
class Finding:
    """What was asked, whether it is well, what was found, and what to do if it is not."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def database() -> Finding:
    probe = probes.database()
    remedy = "Start it, or correct DATABASE_URL; then run `manage.py migrate`."
    return _finding("database", probe, local="Start it with `make run`.", elsewhere=remedy)


def broker() -> Finding:
    probe = probes.broker()
    return _finding(
        "broker", probe, local="Start it with `make run`.", elsewhere="Start it, or correct REDIS_URL."
    )


def worker() -> Finding:
    remedy = "Start a worker: `celery -A mentoring.celery worker`. Without one, long work and mail wait."
    return _finding("worker", probes.program("worker"), local="Start it with `make run`.", elsewhere=remedy)


def beat() -> Finding:
    remedy = "Start one: `celery -A mentoring.celery beat`. Without it, nothing that is due gets done."
    return _finding("beat", probes.program("beat"), local="Start it with `make run`.", elsewhere=remedy)


def mail_server() -> Finding:
    """Connects and says hello as sending would, log-in and encryption included; sends nothing."""
    try:
        connection = get_connection(timeout=MAIL_SERVER_SECONDS)
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        reason = f"cannot be used: {type(error).__name__}"
        remedy = "Correct EMAIL_HOST, EMAIL_PORT, the credentials or the encryption."
        probe = probes.Probe(False, reason)
        return _finding("mail server", probe, local="Start it with `make run`.", elsewhere=remedy)
    return Finding("mail server", True, "lets us in")


def mail_queue() -> Finding:
    probe = probes.mail()
    remedy = "See whether worker, beat and mail server are well, then `manage.py outbox`."
    return _finding("mail queue", probe, local=remedy, elsewhere=remedy)


def scheduled_jobs() -> Finding:
    probe = probes.scheduled_jobs()
    remedy = "The worker's log tells why; `manage.py run_schedule` runs them by hand."
    return _finding("jobs", probe, local=remedy, elsewhere=remedy)


def single_sign_on() -> Finding:
    """Asks the identity provider to describe itself, as a log-in would."""
    oidc = settings.OIDC
    if oidc is None:
        return Finding("single sign-on", True, "not set up (OIDC_ISSUER)")
    try:
        description = description_of(oidc, is_fresh=True)
        keys_of(description)
    except requests.HTTPError as error:
        found = f"{oidc.issuer} answers: {error}"
        return Finding(
            "single sign-on", False, found, f"Is OIDC_ISSUER right? Asked was {oidc.discovery_url}."
        )
    except requests.RequestException as error:
        found = f"{oidc.issuer} cannot be reached or understood: {type(error).__name__}"
        return Finding(
            "single sign-on", False, found, "Correct OIDC_ISSUER, or let this host reach it by HTTPS."
        )
    except BadDiscovery as fault:
        remedy = "Set OIDC_ISSUER to exactly what the provider calls itself, slash at the end included."
        return Finding("single sign-on", False, str(fault), remedy)
    return _usable(oidc, description)


def _usable(oidc: Oidc, description: dict[str, Any]) -> Finding:
    """Whether what the provider offers is what a log-in here asks for."""
    algorithms = description.get("id_token_signing_alg_values_supported", ALGORITHMS)
    if not set(algorithms) & set(ALGORITHMS):
        remedy = "Let it sign with RS256 or ES256; a shared secret is not accepted."
        return Finding("single sign-on", False, f"signs tokens with {', '.join(algorithms)} only", remedy)
    if "S256" not in description.get("code_challenge_methods_supported", ["S256"]):
        return Finding("single sign-on", False, "knows no PKCE with S256", "Switch it on at the provider.")
    parts = urlsplit(description["authorization_endpoint"])
    if f"{parts.scheme}://{parts.netloc}" not in settings.SSO_ORIGINS:
        remedy = f"Set SSO_ORIGINS={parts.scheme}://{parts.netloc}"
        return Finding("single sign-on", False, "the browser would block the way to its log-in page", remedy)
    callback = f"{settings.SITE_URL}{reverse('sso_callback')}"
    return Finding(
        "single sign-on", True, f"{oidc.issuer} answers; its redirect address for us is {callback}"
    )


def compiled_translations() -> Finding:
    behind = [path.parent.parent.name for path in translations.out_of_date()]
    if behind:
        remedy = "Run `python -m mentoring.local.translations`, then restart."
        return Finding(
            "translations", False, f"not compiled, or not from what stands there now: {behind}", remedy
        )
    return Finding("translations", True, f"{len(translations.catalogues())} catalogues, all compiled")


def time_zones() -> Finding:
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "Install the requirements anew (the package is tzdata), or correct TIME_ZONE."
        return Finding("time zones", False, f"{settings.TIME_ZONE} is not known here", remedy)
    return Finding("time zones", True, f"{len(available_timezones())} known, {settings.TIME_ZONE} among them")


def keys() -> Finding:
    """Secret and sealing key. That they are there is settings' business; that a copy is kept is asked here."""
    if settings.LOCAL_MODE:
        return Finding("keys", True, "local mode: made for this checkout")
    fingerprint = hashlib.sha256(settings.SEALING_KEY).hexdigest()[:12]
    if os.environ.get("SEALING_KEY_COPY", "").strip() != fingerprint:
        remedy = (
            "Without that key all sealed content is lost. Put a copy where a lost server does not take it "
            f"along, and confirm it with SEALING_KEY_COPY={fingerprint}."
        )
        return Finding("keys", False, "nobody has confirmed that a copy of the sealing key is kept", remedy)
    return Finding("keys", True, "set, and a copy of the sealing key is confirmed")


def erasures() -> Finding:
    """Whether whoever was erased stays so: the list beside the database, held against what a restore brought back."""
    name = "erasures"
    if not settings.ERASURE_LIST:
        remedy = (
            "Set ERASURE_LIST to a file that is not part of the database's backup; see docs/operations.md."
        )
        found = "no list is kept of whoever was erased: after a restore they would be back"
        return Finding(name, settings.LOCAL_MODE, found, "" if settings.LOCAL_MODE else remedy)
    try:
        lines = read_list(Path(settings.ERASURE_LIST).read_text(encoding="ascii"))
    except FileNotFoundError:
        return Finding(name, True, "the list is begun with the first erasure")
    except (OSError, ValueError) as error:
        return Finding(
            name, False, f"the list cannot be read: {error}", "Correct ERASURE_LIST, or mend the file."
        )
    if back := sum(1 for _one in to_replay(lines)):
        return Finding(name, False, f"{back} erased people are back", "Run `manage.py replay_erasures`.")
    missing = len(set(erased_here()) - set(lines))
    remedy = "Can the worker write to the file that ERASURE_LIST names?"
    return Finding(
        name, not missing, f"{len(lines)} on the list, {missing} missing", remedy if missing else ""
    )


def deletion_notices() -> Finding:
    probe = probes.deletion_notices()
    remedy = (
        "`manage.py retention` names whom; correct the address, send the mail again at the mail desk, or tell them by "
        "another way and note it with `manage.py retention --told KEY`."
    )
    return _finding("notices", probe, local=remedy, elsewhere=remedy)


CHECKS: tuple[Callable[[], Finding], ...] = (
    database,
    broker,
    worker,
    beat,
    mail_server,
    mail_queue,
    scheduled_jobs,
    single_sign_on,
    compiled_translations,
    time_zones,
    keys,
    erasures,
    deletion_notices,
)


def examine() -> list[Finding]:
    """All findings, in the order in which one would mend."""
    return [_asked(check) for check in CHECKS]


def _asked(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # one question that fails must not silence the others
        name = check.__name__.replace("_", " ")
        return Finding(
            name, False, f"could not be asked: {type(error).__name__}", "Mend what stands above first."
        )


def _finding(name: str, probe: probes.Probe, *, local: str, elsewhere: str) -> Finding:
    remedy = "" if probe.ok else local if settings.LOCAL_MODE else elsewhere
    return Finding(name, probe.ok, probe.detail, remedy)
