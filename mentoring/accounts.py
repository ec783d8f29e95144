"""Log-in rules on top of allauth: invitation only, mail through the outbox, the desk for those who run it."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from requests import RequestException

from mentoring.access import is_staff_member
from mentoring.sso.discovery import BadDiscovery, description_of
from outbox.services import Recipient, queue
from participants.models import User
from programmes.models import Enrolment

#: allauth's templates whose mail carries a code for the browser that asked for it.
CODE_TEMPLATES = ("account/email/login_code", "account/email/password_reset_code")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: a log-in is made when an invitation is accepted (C-07, decision 29)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Log-in mail travels as all mail does: stored once, sent once, dropped after delivery.

        The key carries a random part, since each code is another mail; the mail dies with its code.
        """
        now = timezone.now()
        code = context.get("code", "") if template_prefix in CODE_TEMPLATES else ""
        if code and _must_use_single_sign_on(context.get("user")):
            return  # the code would open nothing; the page says the same to everybody
        kind = "login_code" if code else "account_notice"
        lasts = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT) if code else timedelta(days=1)
        queue(
            kind=kind,
            key=f"{kind}:{secrets.token_hex(12)}",
            to=self._recipient(email, context.get("user")),
            context={"code": code} if code else self._notice(template_prefix, email, context),
            now=now,
            programme_id=None,
            priority=0,
            expires_at=now + lasts,
        )

    def _notice(self, template_prefix: str, email: str, context: dict[str, Any]) -> dict[str, Any]:
        mail = self.render_mail(template_prefix, email, context)
        return {"subject": mail.subject, "body": str(mail.body).strip()}

    def _recipient(self, email: str, user: User | None) -> Recipient:
        person = user.person if user is not None else None
        return Recipient(
            person_id=person.pk if person else None,
            address=email,
            first_name=person.first_name if person else "",
            language=person.language if person else (get_language() or "en")[:2],
            time_zone=person.time_zone if person else settings.TIME_ZONE,
        )

    def get_login_stages(self) -> list[str]:
        """allauth's steps, but for the second factor, which the provider may have asked for already."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "mentoring.sso.stages.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Where single sign-on is the only way, everything else is for operators alone."""
        came_from_provider = "sociallogin" in (kwargs.get("signal_kwargs") or {})
        if settings.OIDC and not came_from_provider and _must_use_single_sign_on(user):
            messages.error(
                request,
                gettext("Log in with %(name)s; other ways are closed.") % {"name": settings.OIDC.name},
            )
            return redirect(settings.LOGIN_URL)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever has just logged in, in whatever way, has just shown that it is them.

        So somebody whose passkey is lost comes in with a code by mail and removes it, without owning it.
        """
        request = context.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """To the provider's own log-out where that is wanted, for somebody who came from there."""
        here: str = super().get_logout_redirect_url(request)
        oidc = settings.OIDC
        records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
        if oidc is None or not oidc.logs_out or not any(r.get("provider") == oidc.issuer for r in records):
            return here
        try:
            there = description_of(oidc).get("end_session_endpoint")
        except (RequestException, BadDiscovery):
            return here  # logged out here is logged out here
        back = {"client_id": oidc.client_id, "post_logout_redirect_uri": f"{settings.SITE_URL}{here}"}
        return f"{there}?{urlencode(back)}" if there else here

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk for somebody who runs a programme and takes part in none; the portal for all others."""
        user: Any = request.user
        takes_part = user.person_id and Enrolment.objects.filter(person_id=user.person_id).exists()
        if not takes_part and is_staff_member(user):
            return reverse("admin:index")
        return reverse("portal:home")


def _must_use_single_sign_on(user: User | None) -> bool:
    oidc = settings.OIDC
    return oidc is not None and oidc.only and (user is None or not user.is_superuser)
