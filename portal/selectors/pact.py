"""The page of a mentoring agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pairings.models import Agreement
from pairings.selectors import Pact, digest_of
from participants.models import Person


@dataclass(frozen=True)
class AgreementPage:
    """The agreement as one of the two reads it.

    Args:
        clauses: name and words of each, of the agreement that would be accepted today.
        digest: of these words, which the form carries.
        state: ``signed`` when both have accepted these words; ``partner`` when the reader has, the partner not
            yet; ``you`` when it is the other way round; ``open`` when nobody has.
        signed_at: when the agreement that holds was accepted by the second of the two; None while none holds.
        older: the words that hold, when today's are others.
    """

    pact: Pact
    partner: Person
    clauses: Sequence[Sequence[str]]
    digest: str
    state: str
    signed_at: datetime | None
    older: Sequence[Sequence[str]] | None

    @property
    def may_accept(self) -> bool:
        return self.state in ("you", "open")


def agreement_page(pact: Pact, person: Person, *, language: str) -> AgreementPage:
    """Everything the page shows; no query of its own.

    Args:
        language: of the reader, one of ``settings.LANGUAGES``.
    """
    held = pact.signed
    is_todays = held is not None and pact.is_today(held)
    return AgreementPage(
        pact=pact,
        partner=pact.pairing.partner_of(person),
        clauses=pact.wording[language],
        digest=digest_of(pact.wording),
        state="signed" if is_todays else _state(pact, person),
        signed_at=held.agreed_at if held else None,
        older=pact.words_of(held)[language] if held is not None and not is_todays else None,
    )


def _state(pact: Pact, person: Person) -> str:
    waiting: Agreement | None = pact.waiting
    if waiting is None or not pact.is_today(waiting):
        return "open"
    return "partner" if waiting.accepted_at(str(pact.pairing.role_of(person))) else "you"
