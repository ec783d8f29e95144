"""Topics at the desk: what is asked and not offered, offered and not asked, and who offers what (S4.11)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin
from common.policies import policy
from programmes.models import Programme, Topic
from programmes.selectors.supply import (
    OfferFilter,
    as_offer_lines,
    as_topic_lines,
    offering_departments,
    offers,
    topic_lines,
)

#: Lines on one page.
PER_PAGE = 25


class SupplyForm(forms.Form):
    """What to look at; an unknown value is everything."""

    is_filter = True
    shown = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("all topics")),
            ("missing", _("asked for, and nobody offers it")),
            ("idle", _("offered, and nobody asks for it")),
        ],
    )
    department = forms.ChoiceField(label=_("Department"), required=False)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.choices = [("", _("all")), *((one, one) for one in offering_departments(programme))]

    def chosen(self, name: str) -> str:
        """A valid choice, or "" for everything."""
        self.full_clean()
        return str(self.cleaned_data.get(name, ""))


class OfferForm(SupplyForm):
    """Whom to look for: by topic, department and words."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)
    words = forms.CharField(label=_("Name, topic or words of an example"), required=False, max_length=80)
    field_order = ("topic", "department", "words")

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        del self.fields["shown"]
        topics = sorted(Topic.objects.offered_in(programme.pk), key=lambda one: str(one).casefold())
        field: Any = self.fields["topic"]
        field.choices = [("", _("all")), *((one.code, str(one)) for one in topics)]

    def looked_for(self) -> OfferFilter:
        """What was chosen, for the selector."""
        return OfferFilter(**{name: self.chosen(name) for name in ("topic", "department", "words")})


class SupplyPages(ScopedModelAdmin):
    """The two pages, for the list of topics."""

    def supply_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("supply/<int:programme_id>/", guard(self.supply_view), name="programmes_topic_supply"),
            path("offers/<int:programme_id>/", guard(self.offers_view), name="programmes_topic_offers"),
        ]

    def _programme(self, request: HttpRequest, programme_id: int) -> Programme:
        mine = Programme.objects.visible_to(request.user)
        programme: Programme | None = mine.filter(pk=programme_id).distinct().first()
        if programme is None:
            raise Http404
        return programme

    def _page(self, request: HttpRequest, programme: Programme, template: str, **more: Any) -> HttpResponse:
        base = self.admin_site.each_context(request)
        context = {**base, "opts": self.opts, "programme": programme, **more}
        return TemplateResponse(request, f"admin/programmes/{template}.html", context)

    @policy("coordinator")
    def supply_view(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        """Each topic with how many offer it and how many ask for it."""
        programme = self._programme(request, programme_id)
        form = SupplyForm(request.GET, programme=programme)
        department, shown = form.chosen("department"), form.chosen("shown") or "all"
        rows = topic_lines(programme, department=department, shown=shown)
        page: Any = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = as_topic_lines(list(page.object_list))
        return self._page(
            request, programme, "supply", title=_("Offered and asked for"), form=form, page=page,
            department=department,
        )  # fmt: skip

    @policy("coordinator")
    def offers_view(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        """Who has something to say about a topic."""
        programme = self._programme(request, programme_id)
        form = OfferForm(request.GET, programme=programme)
        page: Any = Paginator(offers(programme, form.looked_for()), PER_PAGE).get_page(
            request.GET.get("page")
        )
        page.object_list = as_offer_lines(list(page.object_list))
        return self._page(request, programme, "offers", title=_("Who offers what"), form=form, page=page)
