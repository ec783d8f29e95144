"""Sign up for one of the two roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.forms import Choice, Who
from common.privacy import who_sees
from programmes.choices import Criterion, EnrolmentState, Fulfilment, Role
from programmes.models import Assessment
from programmes.selectors import CallView

_TITLES = {Role.MENTOR: _("As a mentor"), Role.MENTEE: _("As a mentee")}
_CONSEQUENCES = {
    Role.MENTOR: _("I am the junior colleague, and I lead the conversations."),
    Role.MENTEE: _("I am the senior colleague, and I listen, ask and act."),
}
#: The three criteria as somebody says them of themselves, and what they may answer.
OWN_VIEWS = {
    Criterion.DIGITAL: _("I am at home with digital tools"),
    Criterion.INNOVATIVE: _("I look for new ways of doing things"),
    Criterion.COMMUNICATION: _("I say clearly what I think, and I listen"),
}
OWN_RATINGS = [
    ("", _("I would rather not say")),
    (Fulfilment.MET, _("yes")),
    (Fulfilment.PARTLY, _("partly")),
    (Fulfilment.NOT_YET, _("not yet")),
]
#: How far a colleague meets a criterion, for whoever names them.
RATINGS = [
    ("", _("I would rather not say")),
    *((value, label) for value, label in Fulfilment.choices if value != Fulfilment.NOT_KNOWN),
]


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


class OwnViewForm(forms.Form):
    """How a candidate sees themselves on the three criteria, if they like to say (S0.27)."""

    digital = forms.ChoiceField(label=OWN_VIEWS[Criterion.DIGITAL], required=False)
    innovative = forms.ChoiceField(label=OWN_VIEWS[Criterion.INNOVATIVE], required=False)
    communication = forms.ChoiceField(label=OWN_VIEWS[Criterion.COMMUNICATION], required=False)

    def __init__(self, *args: Any, assessment: Assessment | None, **kwargs: Any) -> None:
        if assessment is not None:
            kwargs["initial"] = {name: getattr(assessment, f"own_{name}") for name in Criterion.values}
        super().__init__(*args, **kwargs)
        for name in Criterion.values:
            field: Any = self.fields[name]
            field.choices = OWN_RATINGS
            field.who = Who(*who_sees("programmes.Assessment", f"own_{name}"))


class NominationForm(forms.Form):
    """A colleague's address, a role, one sentence, and if one likes the three criteria."""

    address = forms.CharField(
        label=_("Their work address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("For which role?"), widget=forms.RadioSelect, choices=Role.choices)
    words = forms.CharField(
        label=_("Why, in one sentence"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Write nothing that they should not read. It is deleted when the cohort begins."),
    )
    digital = forms.ChoiceField(label=capfirst(Criterion.DIGITAL.label), required=False)
    innovative = forms.ChoiceField(label=capfirst(Criterion.INNOVATIVE.label), required=False)
    communication = forms.ChoiceField(label=capfirst(Criterion.COMMUNICATION.label), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Criterion.values:
            field: Any = self.fields[name]
            field.choices = RATINGS
        words: Any = self.fields["words"]
        words.who = Who(*who_sees("programmes.Nomination", "words"))
