"""Programmes, their cohorts and who takes part in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        from operations.querysets import coordinated_programmes
        from outbox.querysets import coordinated_programmes as programmes_of_mail
        from outbox.services import programme_name
        from participants.querysets import coordinated_people, needed_people

        from . import privacy, selectors  # noqa: F401  (privacy fills the register)
        from .selectors import naming

        coordinated_programmes.fill("programmes", selectors.coordinated_programme_ids)
        programmes_of_mail.fill("programmes", selectors.coordinated_programme_ids)
        programme_name.fill("programmes", naming.programme_name)
        coordinated_people.fill("programmes", selectors.coordinated_person_ids)
        needed_people.fill("programmes", selectors.needed_person_ids)
