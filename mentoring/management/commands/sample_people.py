"""`manage.py sample_people`: whom of the sample to log in as."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from pairings.choices import STANDING
from participants.models import Delegation, Person
from programmes.models import Coordinator, CouncilMember, Enrolment, NamedContact, Sponsor


class Command(BaseCommand):
    help = "Prints people of the sample to log in as, with what each of them sees."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [
            ("coordinator", self._first(Coordinator.objects.order_by("pk"))),
            ("mentor with several mentees", self._busiest("mentor")),
            ("mentee", self._busiest("mentee")),
            ("named contact", self._first(NamedContact.objects.order_by("pk"))),
            ("sponsor", self._first(Sponsor.objects.order_by("pk"))),
            ("works-council member", self._first(CouncilMember.objects.order_by("pk"))),
        ]
        known = [(str(person.email), f"{person}, {part}") for part, person in found if person is not None]
        if not known:
            return
        for delegate in Delegation.objects.order_by("pk")[:1]:
            known.append((delegate.address, f"{delegate}, assistant who plans the dates of two leaders"))
        self.stdout.write("  Log in as (a code comes by mail):")
        width = max(len(address) for address, _who in known)
        for address, who in known:
            self.stdout.write(f"    {address:<{width}}  {who}")

    def _first(self, rows: Any) -> Person | None:
        row = rows.select_related("person").first()
        return row.person if row else None

    def _busiest(self, role: str) -> Person | None:
        pairs = f"pairings_as_{role}"
        rows = Enrolment.objects.filter(role=role, **{f"{pairs}__state__in": STANDING})
        return self._first(rows.annotate(n=Count(pairs)).order_by("-n", "pk"))
