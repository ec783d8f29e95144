"""Ask to be contacted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.selectors.contact import ContactPage
from programmes.choices import ContactTarget
from programmes.models import Programme


class ContactForm(forms.Form):
    """One question: who should get in touch. No text, no reason (decision 24)."""

    choice = forms.ChoiceField(
        label=_("Who should get in touch with you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who should get in touch with you.")},
    )

    def __init__(self, *args: Any, page: ContactPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes: dict[str, Programme] = {}
        field = self.fields["choice"]
        field.choices = [  # type: ignore[attr-defined]
            option for contacts in page.programmes for option in self._options(contacts)
        ]

    def _options(self, contacts: Any) -> list[tuple[str, str]]:
        self.programmes[str(contacts.programme.pk)] = contacts.programme
        groups = [
            (ContactTarget.COORDINATOR, contacts.coordinators, _("%(names)s, coordinator of %(programme)s")),
            (
                ContactTarget.CONTACT,
                contacts.contacts,
                _("%(names)s, named contact of %(programme)s, outside every reporting line"),
            ),
        ]
        return [
            (
                f"{contacts.programme.pk}:{target}",
                str(label) % {"names": ", ".join(map(str, people)), "programme": contacts.programme},
            )
            for target, people, label in groups
            if people
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if choice := data.get("choice"):
            programme, _colon, target = choice.partition(":")
            data.update(programme=self.programmes[programme], target=ContactTarget(target))
        return data
