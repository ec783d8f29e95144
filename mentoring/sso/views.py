"""The two addresses of single sign-on: out to the provider, and back."""

from __future__ import annotations

import hmac
import logging

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.statekit import get_states
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from common.policies import policy
from mentoring.sso.adapter import CompanyAdapter, refusal_page

logger = logging.getLogger(__name__)


@policy("entrance")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """To the provider. A button, not a link: nobody is sent there by a picture on another site (C-14)."""
    if settings.OIDC is None:
        raise Http404
    provider = get_adapter(request).get_provider(request, settings.OIDC.issuer)
    try:
        response: HttpResponse = provider.redirect_from_request(request)
    except (RequestException, OAuth2Error) as fault:
        logger.warning("single sign-on failed: %s", fault)
        return refusal_page(request, "failed")
    return response


@policy("entrance")
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider, once for each time out: the state is ours, and is used up."""
    if settings.OIDC is None:
        raise Http404
    issuer = settings.OIDC.issuer
    if not hmac.compare_digest(request.GET.get("iss", issuer).encode(), issuer.encode()):
        return refusal_page(request, "failed")  # an answer of another provider (RFC 9207)
    adapter = CompanyAdapter(request, issuer, nonce=_nonce(request))
    response: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    return response


def _nonce(request: HttpRequest) -> str:
    """The nonce that went out with this answer's state; the state itself is checked and used up by allauth."""
    stashed = get_states(request).get(request.GET.get("state", ""))
    data = stashed[0].get("data") if stashed else None
    return str(data.get("nonce", "")) if isinstance(data, dict) else ""
