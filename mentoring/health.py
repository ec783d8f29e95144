"""What load balancers and operators ask (decision 36).

`/healthz`: the process lives. `/readyz`: it can serve pages, that is, the database answers and is migrated; the
broker is no part of it, for pages work without one. `/statusz`: what works behind the pages, for allow-listed
addresses only.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.policies import policy
from mentoring import probes
from mentoring.probes import Probe


@policy("public")
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all."""
    return JsonResponse({"status": "ok"})


@policy("public")
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, else 503 and the reason."""
    found = probes.database()
    if found.ok:
        return JsonResponse({"status": "ready"})
    return _unwell({"status": "not ready", "reason": found.detail})


@policy("operator")
@never_cache
@require_safe
def statusz(request: HttpRequest) -> HttpResponse:
    """Broker, worker, beat, mail and notices before deletion: 200 when all are well, else 503.

    404 for other than allowed addresses.
    """
    if not _is_allowed(client_address(request)):
        raise Http404
    found = _status()
    well = all(probe.ok for probe in found.values())
    body = {name: {"ok": probe.ok, "detail": probe.detail} for name, probe in found.items()}
    return JsonResponse({"status": "ok", **body}) if well else _unwell({"status": "degraded", **body})


_UNKNOWN = Probe(False, "unknown while the database or the broker does not answer")

VIEWS: Final[dict[str, Callable[[HttpRequest], HttpResponse]]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/statusz": statusz,
}


class HealthMiddleware:
    """Answers the health addresses before anything asks for a session, a user or the host's name.

    Stands first. A load balancer speaks to a bare address, and with the database down a browser's session
    cookie must not turn the answer into an error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = VIEWS.get(request.path)
        if view is None:
            return self.get_response(request)
        try:
            return view(request)
        except Http404:
            return HttpResponse(status=404)


def client_address(request: HttpRequest) -> str:
    """Who asks, seen from behind `TRUSTED_PROXY_COUNT` proxies; the connection's own address without any."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    hops = forwarded.split(",") if forwarded else []
    proxies = settings.TRUSTED_PROXY_COUNT
    if proxies and len(hops) >= proxies:
        return hops[-proxies].strip()
    return request.META.get("REMOTE_ADDR", "")


def _unwell(body: dict[str, object]) -> JsonResponse:
    response = JsonResponse(body, status=503)
    # Django logs every 503 as an error: a line a second, for as long as load balancers ask.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _is_allowed(address: str) -> bool:
    try:
        asked_from = ip_address(address)
    except ValueError:
        return False
    return any(asked_from in network for network in settings.STATUS_ALLOWED_NETWORKS)


def _status() -> dict[str, Probe]:
    found = {"database": probes.database(), "broker": probes.broker()}
    for program in ("worker", "beat"):
        found[program] = probes.program(program) if found["broker"].ok else _UNKNOWN
    in_the_database = (
        ("jobs", probes.scheduled_jobs),
        ("mail", probes.mail),
        ("notices", probes.deletion_notices),
    )
    for name, ask in in_the_database:
        found[name] = ask() if found["database"].ok else _UNKNOWN
    return found
