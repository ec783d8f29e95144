"""Sign up for one of the two roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Choice, Who
from common.privacy import who_sees
from programmes.choices import EnrolmentState, Role
from programmes.selectors import CallView

_TITLES = {Role.MENTOR: _("As a mentor"), Role.MENTEE: _("As a mentee")}
_CONSEQUENCES = {
    Role.MENTOR: _("I am the junior colleague, and I lead the conversations."),
    Role.MENTEE: _("I am the senior colleague, and I listen, ask and act."),
}


class SignUpForm(forms.Form):
    """The roles that are free for this person; whoever could take only one is asked nothing else."""

    role = forms.ChoiceField(
        label=_("How would you take part?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the two roles."),
            "invalid_choice": _("Choose one of the two roles."),
        },
    )

    def __init__(self, *args: Any, view: CallView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [offer for offer in view.offers if not offer.obstacle]
        field: Any = self.fields["role"]
        field.choices = [
            (offer.role, Choice(_TITLES[Role(offer.role)], _CONSEQUENCES[Role(offer.role)])) for offer in free
        ]
        field.who = Who(*who_sees("programmes.Enrolment", "role"))
        usual = [offer.role for offer in free if offer.is_usual] or [
            offer.role for offer in free if len(free) == 1
        ]
        stands = view.enrolment is not None and view.enrolment.state == EnrolmentState.APPLIED
        self.initial["role"] = view.enrolment.role if stands and view.enrolment else (usual or [""])[0]
