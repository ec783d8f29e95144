"""A programme's texts as somebody reads them: its own where it has one, the shipped one otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from programmes.choices import Role, TextKey
from programmes.engine.hours import DAYS_A_MONTH, Budget, budget
from programmes.engine.plain_text import Block, blocks, filled
from programmes.models import Cohort, Programme, ProgrammeText
from programmes.selectors.shipped import shipped


@dataclass(frozen=True)
class ShownText:
    """A text in one language.

    Args:
        is_own: the programme has settled it; otherwise it is the shipped one.
        version: of the settled text; 0 for the shipped one.
    """

    subject: str
    body: str
    language: str
    is_own: bool = False
    version: int = 0

    @property
    def blocks(self) -> list[Block]:
        """Its paragraphs, headings and lists."""
        return blocks(self.body)

    def filled(self, values: Mapping[str, object]) -> ShownText:
        """The same text with the names in curly brackets filled in."""
        subject, body = filled(self.subject, values), filled(self.body, values)
        return ShownText(subject, body, self.language, self.is_own, self.version)


def text_of(
    programme: Programme, key: str, language: str, *, stored: ProgrammeText | None = None
) -> ShownText:
    """What this programme says under ``key``.

    A settled text that lacks this language is read in the programme's first one.

    Args:
        stored: the settled text, when the caller has it; asked for otherwise.
    """
    own = stored or ProgrammeText.objects.filter(programme=programme, key=key).first()
    if own is None:
        return shipped_text(programme, key, language)
    for code in (language, programme.language):
        body = getattr(own, f"body_{code}")
        if body:
            return ShownText(getattr(own, f"subject_{code}"), body, code, True, own.version)
    return shipped_text(programme, key, language)


def shipped_text(programme: Programme, key: str, language: str) -> ShownText:
    """The text that comes with the product."""
    found = shipped(key, programme.confidentiality)
    with translation.override(language):
        return ShownText(str(found.subject), str(found.body), language)


def shipped_values(programme: Programme, key: str) -> dict[str, str]:
    """The shipped text in every language under the names of the model's fields, to begin a form with."""
    values: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        text = shipped_text(programme, key, code)
        values |= {f"subject_{code}": text.subject, f"body_{code}": text.body}
    return values


def settled_keys(programme: Programme) -> set[str]:
    """The keys of the texts that the programme has settled in its first language."""
    rows = ProgrammeText.objects.filter(programme=programme).exclude(**{f"body_{programme.language}": ""})
    return set(rows.values_list("key", flat=True))


def texts_of(
    programme: Programme, language: str, keys: Iterable[str] = TextKey.values
) -> dict[str, ShownText]:
    """Several texts in one query."""
    stored = {row.key: row for row in ProgrammeText.objects.filter(programme=programme)}
    return {
        key: text_of(programme, key, language, stored=stored[key])
        if key in stored
        else shipped_text(programme, key, language)
        for key in keys
    }


def budget_of(run: Programme | Cohort, role: str, partners: int = 1) -> Budget:
    """The time that a role takes in a cohort, or in a programme as its charter plans it (S2b.5)."""
    return budget(
        role,
        days=_days(run),
        cadence=run.cadence,
        meeting_minutes=run.meeting_minutes,
        partners=partners,
        has_circles=run.has_circles,
    )


def _days(run: Programme | Cohort) -> int:
    if isinstance(run, Cohort):
        return (run.ends_on - run.starts_on).days + 1
    return round(run.months * DAYS_A_MONTH)


def names_for(
    run: Programme | Cohort, *, role: str, name: str = "…", partners: int = 1, language: str = ""
) -> dict[str, object]:
    """What the names in curly brackets stand for, for somebody in this role.

    Args:
        partners: how many they have room for; the hours are theirs.
        language: of the text; that of the page if none.
    """
    programme = run if isinstance(run, Programme) else run.programme
    return {
        "name": name,
        "programme": programme.name,
        "purpose": programme.purpose_in(language),
        "months": run.months,
        "hours": budget_of(run, role, partners).hours,
        "sponsor": programme.signed_by or "…",
    }


def sponsor_letter(run: Programme | Cohort, language: str, *, name: str = "…") -> ShownText:
    """The letter in which the sponsor asks a senior to take part (dossier 2.5, S3.35)."""
    programme = run if isinstance(run, Programme) else run.programme
    text = text_of(programme, TextKey.SPONSOR_LETTER, language)
    return text.filled(names_for(run, role=Role.MENTEE, name=name, language=language))


def signatures(programme: Programme) -> list[str]:
    """The sponsors of a programme as they would sign: name and title."""
    people = [one.person for one in programme.sponsors.select_related("person").order_by("pk")]
    signed = (", ".join(filter(None, (person.full_name, person.job_title))) for person in people)
    return [name[:120] for name in signed if name]
