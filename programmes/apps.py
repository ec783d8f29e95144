"""Programmes, their cohorts and who takes part in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        from operations.querysets import coordinated_programmes
        from participants.querysets import coordinated_people, needed_people

        from . import privacy, selectors  # noqa: F401  (privacy fills the register)

        coordinated_programmes.fill("programmes", selectors.coordinated_programme_ids)
        coordinated_people.fill("programmes", selectors.coordinated_person_ids)
        needed_people.fill("programmes", selectors.needed_person_ids)
