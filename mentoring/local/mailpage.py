"""`/local/mail/`: what arrived at the local SMTP server. There is no such page outside local mode."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from common.policies import policy
from mentoring.local.layout import Layout
from mentoring.local.mailbox import StoredMail, load, names

MAILS_PER_PAGE = 25
# A mail's HTML is a stranger's: no script, no request to anywhere, and no part in this site's origin.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

View = Callable[..., HttpResponse]


def local_page(view: View) -> View:
    """A read-only page that exists in local mode only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.LOCAL_MODE:
            raise Http404
        return view(request, *args, **kwargs)

    return policy("local")(require_safe(guarded))


@local_page
def mail_list(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    page = Paginator(names(_folder()), MAILS_PER_PAGE).get_page(request.GET.get("page"))
    mails = [_mail(name) for name in page.object_list]
    return render(request, "local/mail_list.html", {"page": page, "mails": mails})


@local_page
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its text, its HTML in a frame, its calendar part."""
    mail = _mail(name)
    context = {
        "mail": mail,
        "text": mail.text("text/plain"),
        "has_html": bool(mail.text("text/html")),
        "calendar": mail.text("text/calendar"),
    }
    return render(request, "local/mail_detail.html", context)


@local_page
@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part by itself, for the frame."""
    html = _mail(name).text("text/html")
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


urlpatterns = [
    path("mail/", mail_list, name="mail-list"),
    path("mail/<slug:name>/", mail_detail, name="mail-detail"),
    path("mail/<slug:name>/html/", mail_html, name="mail-html"),
]


def _folder() -> Path:
    return Layout.current().mail_dir


def _mail(name: str) -> StoredMail:
    try:
        return load(_folder(), name)
    except FileNotFoundError:
        raise Http404 from None
