"""Published figures, ready for a page. Everything here reads the frozen snapshot; nothing is computed anew.

A cell is ``None`` where too few answered; pages print one and the same "hush" for it, whatever is behind (A-10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluations.choices import RoundKind, RoundState, Score
from evaluations.engine.disclosure import ALL, department_cut, role_cut
from evaluations.engine.figures import NPS_KEY
from evaluations.engine.instruments import MENTOR, ROLES, SCORE_OF_ROLE, SCORES, TEXT
from evaluations.engine.release import PARTICIPANTS, STAFF
from evaluations.models import Round
from evaluations.selectors.answering import MEMBERS, in_language, options
from evaluations.selectors.printing import (
    DETAILS,
    NOT_ASKED,
    SHORT,
    Cell,
    Entry,
    Group,
    Line,
    Row,
    Share,
    Slide,
    asked_group,
    bounded,
    drawn_at,
    group_label,
    leading_share,
    share_text,
    tone,
)
from programmes.models import Enrolment

#: What the table of groups shows, by kind of round: scores, and questions that stand for themselves.
HEADLINES: Final[Mapping[str, tuple[str, ...]]] = {
    RoundKind.BASELINE: ("opn", "gen", "skl", "dig", "crf"),
    RoundKind.PULSE: ("p_worth", "pul_m", "pul_e"),
    RoundKind.QUARTERLY: ("psi", "rqi", "sat"),
    RoundKind.FINAL: ("psi", "rqi", "sat", "skl", "dig"),
    RoundKind.FOLLOWUP: ("u_lasting", "stay"),
}


@dataclass(frozen=True)
class Results:
    """A page of results.

    Args:
        answered: how many answered, or None when they are too few to say.
        columns, table: the headline table, a row per group with one entry per column.
        details: scores of the mentors alone, part by part; empty where a round asks nothing of the kind.
        groups, lines: every question, with one entry per group.
        slides: what changed since the last round that asked the same, the largest change first; ``fallen`` is
            what became worse most.
        comments: question and what was written, in a fixed order; None when this reader gets none.
        hides: whether anything on the page is suppressed.
    """

    round: Round
    answered: int | None
    columns: tuple[str, ...]
    table: tuple[Row, ...]
    details: tuple[Entry, ...]
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    recommendation: Cell | None
    slides: tuple[Slide, ...]
    fallen: Slide | None
    comments: tuple[tuple[str, tuple[str, ...]], ...] | None
    hides: bool


def results_for_participants(round: Round) -> Results:
    """What everybody in the cohort sees after publication: figures, no comments.

    Raises:
        LookupError: the round is not published.
    """
    if round.state != RoundState.PUBLISHED:
        raise LookupError(f"round {round.pk} is not published")
    return _results(round, PARTICIPANTS, with_comments=False)


def results_for_desk(round: Round, user: Any) -> Results:
    """What a coordinator sees from the moment the figures are frozen.

    Somebody who takes part in the programme knows one of the answers: they see what participants see, and no
    comments (A-08). Comments are for coordinators alone, operators included out.

    Raises:
        LookupError: the figures are not frozen yet.
    """
    if not hasattr(round, "snapshot"):
        raise LookupError(f"round {round.pk} has no figures yet")
    if user.person_id is not None and takes_part(round, user.person_id):
        return _results(round, PARTICIPANTS, with_comments=False)
    coordinates = round.cohort.programme.coordinators.filter(person_id=user.person_id).exists()
    return _results(round, STAFF, with_comments=coordinates)


def takes_part(round: Round, person_id: int) -> bool:
    """Whether this person was asked, or belongs to any cohort of the programme."""
    enrolled = Enrolment.objects.filter(
        cohort__programme_id=round.cohort.programme_id, person_id=person_id, state__in=MEMBERS
    )
    return any(one["person"] == person_id for one in round.audience) or enrolled.exists()


def _results(round: Round, reader: str, *, with_comments: bool) -> Results:
    page = _Page(round, round.snapshot.content, reader)
    lines = page.lines()
    table, details = page.table(), page.details()
    slides = page.slides()
    entries = [entry for line in lines for entry in line.entries]
    entries += [entry for row in table for entry in row.entries] + [*details]
    return Results(
        round=round,
        answered=page.content["answered"],
        columns=page.columns(),
        table=table,
        details=details,
        groups=page.groups,
        lines=lines,
        recommendation=page.recommendation(),
        slides=slides,
        fallen=next((one for one in slides if one.tone == "worse"), None),
        comments=page.comments() if with_comments else None,
        hides=any(entry.cell is None for entry in entries),
    )


def _name(code: str) -> str:
    return str(Score(code).label if code in SCORES else SHORT[code])


class _Page:
    """Puts one reader's view of a snapshot into words and numbers of the present language."""

    def __init__(self, round: Round, content: Mapping[str, Any], reader: str) -> None:
        self.round, self.content = round, content
        self.view = content["views"][reader]
        self.items = {item["key"]: item for item in round.questions["items"]}
        self.scales = round.questions["scales"]
        self.language = get_language() or "en"
        self.groups = self._groups()

    def _groups(self) -> tuple[Group, ...]:
        """All groups that were frozen at launch, whether or not they have figures now."""
        by_role = self.round.segments["by_role"] or any(
            len(item["roles"]) == 1 for item in self.items.values()
        )
        cuts = [ALL, *(role_cut(role) for role in ROLES if by_role)]
        cuts += [department_cut(name) for name in self.round.segments["departments"]]
        return tuple(Group(cut, group_label(cut)) for cut in cuts)

    # --- the headline table -----------------------------------------------------------------------------

    def _headlines(self) -> list[str]:
        return [code for code in HEADLINES[RoundKind(self.round.kind)] if self._asked_parts(code)]

    def _asked_parts(self, code: str) -> list[Mapping[str, Any]]:
        return [self.items[key] for key in SCORES.get(code, (code,)) if key in self.items]

    def columns(self) -> tuple[str, ...]:
        return (_("Answers"), *(_name(code) for code in self._headlines()))

    def table(self) -> tuple[Row, ...]:
        return tuple(Row(group, self._entries(group.cut)) for group in self.groups)

    def details(self) -> tuple[Entry, ...]:
        """What mentors said of their own skills and of being heard, part by part (S0.21, S3.30)."""
        codes = [code for code in DETAILS.get(self.round.kind, ()) if self._asked_parts(code)]
        return tuple(Entry(_name(code), self._headline(code, role_cut(MENTOR))) for code in codes)

    def _entries(self, cut: str) -> tuple[Entry, ...]:
        cells = (self._count(cut), *(self._headline(code, cut) for code in self._headlines()))
        return tuple(Entry(label, cell) for label, cell in zip(self.columns(), cells, strict=True))

    def _count(self, cut: str) -> Cell | None:
        numbers = [cells[cut]["n"] for cells in self.view["figures"].values() if cut in cells]
        numbers = [number for number in numbers if number is not None]
        return Cell(number_format(max(numbers))) if numbers else None

    def _headline(self, code: str, cut: str) -> Cell | None:
        if code not in SCORES:
            return self._of_most(code, cut)
        if not self._score_is_for(code, cut):
            return NOT_ASKED
        score = self.view["scores"].get(code, {}).get(cut)
        return None if score is None else Cell(_("%(score)s of 100") % {"score": number_format(score)})

    def _of_most(self, key: str, cut: str) -> Cell | None:
        """A question's mean with the end of its scale: "8.1 of 10"."""
        cell = self._cell(key, cut)
        if cell is None or cell == NOT_ASKED:
            return cell
        most = self.scales[self.items[key]["scale"]]["values"][-1]
        return Cell(_("%(mean)s of %(most)s") % {"mean": cell.text, "most": most}, cell.n)

    def _score_is_for(self, code: str, cut: str) -> bool:
        if code in SCORE_OF_ROLE:
            return cut == role_cut(SCORE_OF_ROLE[code])
        return all(self._is_asked(item, cut) for item in self._asked_parts(code))

    def _is_asked(self, item: Mapping[str, Any], cut: str) -> bool:
        """Whether a question was put to this group as a group; one for a single role has that group alone."""
        if len(item["roles"]) == 1:
            return cut == role_cut(item["roles"][0])
        return True

    # --- questions --------------------------------------------------------------------------------------

    def lines(self) -> tuple[Line, ...]:
        asked = [item for item in self.items.values() if self.scales[item["scale"]]["kind"] != TEXT]
        return tuple(self._line(item) for item in asked)

    def _line(self, item: Mapping[str, Any]) -> Line:
        return Line(
            key=item["key"],
            text=in_language(item["text"], self.language),
            stem=in_language(self.round.questions["stems"].get(item["stem"], {}), self.language),
            entries=tuple(Entry(group.label, self._cell(item["key"], group.cut)) for group in self.groups),
            shares=self._shares(item),
        )

    def _cell(self, key: str, cut: str) -> Cell | None:
        item = self.items[key]
        if not self._is_asked(item, cut):
            return NOT_ASKED
        one = self.view["figures"][key].get(cut)
        if one is None:
            return None
        if one["mean"] is None:
            return Cell(leading_share(one["shares"], self.scales[item["scale"]], self.language), one["n"])
        return Cell(bounded(number_format(one["mean"], 1), one["bound"]), one["n"])

    def _shares(self, item: Mapping[str, Any]) -> tuple[Share, ...]:
        one = self.view["figures"][item["key"]].get(asked_group(item))
        if one is None or one["shares"] is None:
            return ()
        labels = options(self.scales[item["scale"]], self.language)
        return tuple(
            Share(str(label), share["percent"], share_text(share))
            for (_value, label), share in zip(labels, one["shares"], strict=True)
        )

    def recommendation(self) -> Cell | None:
        if NPS_KEY not in self.items:
            return NOT_ASKED
        one = self.view["recommendation"].get(ALL)
        if one is None:
            return None
        text = f"{one['score']:+d}".replace("-", "−")
        return Cell(_("%(score)s, indicative") % {"score": text} if one["indicative"] else text)

    # --- change, and words ------------------------------------------------------------------------------

    def slides(self) -> tuple[Slide, ...]:
        titles = {one.pk: one.title for one in Round.objects.light().filter(cohort_id=self.round.cohort_id)}
        made = []
        for key, item in self.items.items():
            change = self.view["trends"].get(key, {}).get(asked_group(item))
            if change is not None:
                made.append(self._slide(item, change, titles.get(change["round"], "")))
        return tuple(sorted(made, key=lambda slide: -abs(slide.size)))

    def _slide(self, item: Mapping[str, Any], change: Mapping[str, Any], since: str) -> Slide:
        steps = self.scales[item["scale"]]["values"]
        sign = f"{change['change']:+.1f}"[0]
        return Slide(
            text=in_language(item["text"], self.language),
            group=group_label(asked_group(item)),
            since=since,
            before=number_format(change["before"], 1),
            after=number_format(change["after"], 1),
            change=sign.replace("-", "−") + number_format(abs(change["change"]), 1),
            tone=tone(item, change["change"]),
            size=change["change"] / (int(steps[-1]) - int(steps[0])),
            x_before=drawn_at(change["before"], steps),
            x_after=drawn_at(change["after"], steps),
        )

    def comments(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found = self.content["comments"]
        return tuple(
            (in_language(item["text"], self.language), tuple(found[key]))
            for key, item in self.items.items()
            if key in found
        )
