"""`manage.py messages`: bring the catalogues up to date with the sources, or check that they are."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mentoring import catalogues


class Command(BaseCommand):
    help = "Updates locale/*/LC_MESSAGES/django.po from the sources; --check only tells what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when anything is open")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        template = catalogues.template_catalogue(settings.BASE_DIR)
        open_points = []
        for language, _name in settings.LANGUAGES[1:]:
            path = catalogues.catalogue_path(language)
            wanted = catalogues.merged(language, template)
            found = catalogues.problems(wanted)
            content = catalogues.as_po(wanted)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            elif not path.exists() or path.read_bytes() != content:
                open_points.append(f"{language}: the catalogue is behind the sources; run `make messages`")
            open_points += [f"{language}: {problem}" for problem in found]
            self.stdout.write(f"{language}: {len(wanted)} texts, {len(found)} open")
        if check and open_points:
            raise CommandError("\n".join(open_points))
