"""Programmes, their cohorts and who takes part in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        from common.admin import record_opened
        from operations.querysets import coordinated_programmes
        from operations.services import register_job
        from outbox.querysets import coordinated_programmes as programmes_of_mail
        from outbox.selectors import planned
        from outbox.services import outdated, programme_lines, programme_name, still_valid
        from participants.querysets import coordinated_people, needed_people
        from participants.services import erasure_asked, lines_changed, person_erased, person_left

        from . import emails, privacy, selectors, services  # noqa: F401  (privacy fills the register)

        coordinated_programmes.fill("programmes", selectors.coordinated_programme_ids)
        programmes_of_mail.fill("programmes", selectors.coordinated_programme_ids)
        coordinated_people.fill("programmes", selectors.coordinated_person_ids)
        needed_people.fill("programmes", selectors.needed_person_ids)
        erasure_asked.fill("programmes", emails.erasure_asked)
        person_erased.fill("programmes", services.forget_person)
        person_left.fill("programmes", services.withdraw_person)
        lines_changed.fill("programmes", services.warn_of_lines)
        record_opened.fill("programmes", services.note_opening)
        planned.fill("programmes", selectors.announcements_planned)
        programme_lines.fill("programmes", services.lines_of_programme)
        programme_name.fill("programmes", services.name_of_programme)
        outdated.fill("programmes", services.out_of_reach)
        still_valid.fill("programmes", services.is_still_valid)
        register_job(services.IMPORT_JOB, services.run_import)
        register_job(services.ANNOUNCE_JOB, services.run_announcement)
        register_job(services.ASK_TOPICS_JOB, services.run_asking)
