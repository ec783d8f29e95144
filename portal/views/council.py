"""What a works council reads: the information sheet, in the language it chooses."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from common.policies import policy
from participants.models import Person
from portal import access
from portal.selectors.sheet import sheet_now, sheet_of
from portal.selectors.staff import council_page


@require_safe
@access.for_council
def page(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Where the programme stands with its works council: settings, agreements and what differs; nobody's data."""
    programme = access.watched_programme_for(person, pk)
    return render(request, "portal/works_council.html", {"page": council_page(programme)})


@policy("council")
@login_required
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Two printed pages in the language of ``lang``, of what is set now or of an earlier agreement."""
    programme = access.programme_with_sheet_for(request.user, pk)
    language = request.GET.get("lang", "")
    if language not in dict(settings.LANGUAGES):
        language = (translation.get_language() or "en")[:2]
    number = request.GET.get("version", "")
    agreement = programme.agreements.filter(number=int(number)).first() if _is_number(number) else None
    if number and agreement is None:
        raise Http404
    today = timezone.localdate()
    with translation.override(language):
        page = sheet_of(agreement, today=today) if agreement else sheet_now(programme, today=today)
        response = render(
            request, "council/sheet.html", {"page": page, "language": language, "number": number}
        )
    response.headers["Content-Language"] = language
    return response


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5
