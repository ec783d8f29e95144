"""One pair in plain Python: rules, terms and facts, worked out a second time without a single matrix.

Explanations come from here, and ``verify`` and the tests hold the matrices against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from matching.engine import codes as c
from matching.engine.chains import superiors
from matching.engine.encode import points
from matching.engine.hours import Calendar, shared
from matching.engine.model import Person, Problem
from matching.engine.result import CriterionReason, PairReasons, TopicGain, Window
from matching.engine.score import DEPARTMENT_TENTHS, ENOUGH_WINDOWS, OTHER_STYLE_TENTHS, tenths

_ALL_LEVELS = 5


class Judge:
    """Judges single pairs of a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.most = points(problem.policy.weights)
        self._found_windows: dict[tuple[str, str], tuple[Window, ...]] = {}
        self._mentees = {person.key: person for person in problem.mentees}
        self._mentors = {person.key: person for person in problem.mentors}

    def reasons(self, mentee_key: str, mentor_key: str) -> PairReasons:
        """Why these two, as data. With given scores there is nothing to explain but the figure itself."""
        if self.problem.scores is not None:
            score = self._given.get((mentee_key, mentor_key))
            return PairReasons(mentee_key, mentor_key, score, {}, {}, (), (), (), (), (), None)
        mentee, mentor = self._mentees[mentee_key], self._mentors[mentor_key]
        learns, gives_back = topic_gains(mentee, mentor), topic_gains(mentor, mentee)
        terms = self.terms(mentee, mentor)
        return PairReasons(
            mentee=mentee_key,
            mentor=mentor_key,
            score=sum(terms.values()),
            terms=terms,
            most=dict(self.most),
            criteria=self._criteria(mentee, mentor),
            learns=learns,
            gives_back=gives_back,
            windows=self._windows(mentee, mentor),
            languages=tuple(sorted(set(mentee.languages) & set(mentor.languages))),
            grade_distance=None if None in (mentee.grade, mentor.grade) else mentee.grade - mentor.grade,  # type: ignore[operator]
        )

    def score(self, mentee_key: str, mentor_key: str) -> int | None:
        """Score of a pair, ``None`` where it was to be given and was not."""
        if self.problem.scores is not None:
            return self._given.get((mentee_key, mentor_key))
        return sum(self.terms(self._mentees[mentee_key], self._mentors[mentor_key]).values())

    def terms(self, mentee: Person, mentor: Person) -> dict[str, int]:
        """Whole points per criterion (dossier 2.4)."""
        windows = min(shared(self._windows(mentee, mentor)), ENOUGH_WINDOWS)
        return {
            c.KNOWLEDGE: taught(mentee, mentor, self.most[c.KNOWLEDGE]),
            c.PERSPECTIVE: self.most[c.PERSPECTIVE] if _has_wanted_view(mentee, mentor) else 0,
            c.DISTANCE: self._distance(mentee, mentor),
            c.LOGISTICS: _nearest(self.most[c.LOGISTICS] * windows, ENOUGH_WINDOWS),
            c.STYLE: self._style(mentee, mentor),
            c.RETURN_GAIN: taught(mentor, mentee, self.most[c.RETURN_GAIN]),
        }

    def broken_rules(self, mentee_key: str, mentor_key: str) -> tuple[str, ...]:
        """Codes of all rules that remove a pair, in the order of ``codes.RULES``."""
        mentee, mentor = self._mentees[mentee_key], self._mentors[mentor_key]
        broken = self._broken_links(mentee, mentor)
        if self.problem.scores is None:
            broken |= self._broken_facts(mentee, mentor)
        elif (mentee_key, mentor_key) not in self._given:
            broken.add(c.NOT_LISTED)
        return tuple(rule for rule in c.RULES if rule in broken)

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar(self.problem)

    @cached_property
    def _given(self) -> Mapping[tuple[str, str], int]:
        return {(mentee, mentor): score for mentee, mentor, score in self.problem.scores or ()}

    @cached_property
    def _above(self) -> Mapping[str, frozenset[str]]:
        return superiors(self.problem)

    @cached_property
    def _apart(self) -> Mapping[str, frozenset[frozenset[str]]]:
        return {
            c.NOT_AVAILABLE: frozenset(frozenset(link) for link in self.problem.blocked),
            c.PAST_PAIR: frozenset(frozenset(link) for link in self.problem.past),
        }

    @cached_property
    def _rejected(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.problem.rejects)

    @cached_property
    def _knows_countries(self) -> bool:
        return any(person.country for person in (*self.problem.mentees, *self.problem.mentors))

    @cached_property
    def _knows_languages(self) -> bool:
        return any(person.languages for person in (*self.problem.mentees, *self.problem.mentors))

    def _windows(self, mentee: Person, mentor: Person) -> tuple[Window, ...]:
        link = mentee.key, mentor.key
        if link not in self._found_windows:
            self._found_windows[link] = self._calendar.windows(mentee, mentor)
        return self._found_windows[link]

    def _broken_links(self, mentee: Person, mentor: Person) -> set[str]:
        link = frozenset((mentee.key, mentor.key))
        return {
            rule
            for rule, is_broken in (
                (c.NO_CAPACITY, mentee.capacity == 0 or mentor.capacity == 0),
                (c.REJECTED, (mentee.key, mentor.key) in self._rejected),
                (c.NOT_AVAILABLE, link in self._apart[c.NOT_AVAILABLE]),
                (c.PAST_PAIR, self.problem.policy.rules.past_pairs and link in self._apart[c.PAST_PAIR]),
            )
            if is_broken
        }

    def _broken_facts(self, mentee: Person, mentor: Person) -> set[str]:
        rules = self.problem.policy.rules
        broken = {self._grade(mentee, mentor), self._border(mentee, mentor), self._language(mentee, mentor)}
        broken |= self._hours(mentee, mentor)
        line = mentor.key in self._above[mentee.key] or mentee.key in self._above[mentor.key]
        walls = {(a, b) for pair in rules.barriers for a, b in (pair, pair[::-1])}
        behind = any((a, b) in walls for a in mentee.barrier_groups for b in mentor.barrier_groups)
        broken |= {
            rule
            for rule, is_broken in (
                (c.REPORTING_LINE, line),
                (c.SAME_PERSON, mentee.key == mentor.key),
                (c.NOT_AVAILABLE, behind),
                (c.SAME_TEAM, rules.same_team and _same(mentee.team, mentor.team)),
                (c.SAME_DEPARTMENT, rules.other_department and _same(mentee.department, mentor.department)),
            )
            if is_broken
        }
        return broken - {""}

    def _grade(self, mentee: Person, mentor: Person) -> str:
        if mentee.grade is None or mentor.grade is None:
            return c.GRADE_UNKNOWN
        distance = mentee.grade - mentor.grade
        if distance < 1:
            return c.GRADE_DIRECTION
        return c.GRADE_DISTANCE if distance < self.problem.policy.rules.min_grade_distance else ""

    def _border(self, mentee: Person, mentor: Person) -> str:
        asked = self.problem.policy.rules.cross_border and self._knows_countries
        if not asked or (mentee.cross_border and mentor.cross_border):
            return ""
        if not mentee.country or not mentor.country:
            return c.COUNTRY_UNKNOWN
        return "" if mentee.country == mentor.country else c.CROSS_BORDER

    def _language(self, mentee: Person, mentor: Person) -> str:
        if not self.problem.policy.rules.language or not self._knows_languages:
            return ""
        if not mentee.languages or not mentor.languages:
            return c.LANGUAGE_UNKNOWN
        return "" if set(mentee.languages) & set(mentor.languages) else c.LANGUAGE

    def _hours(self, mentee: Person, mentor: Person) -> set[str]:
        if not self.problem.policy.rules.availability or not self._calendar.is_asked:
            return set()
        both = (mentee, mentor)
        broken = set()
        if not all(person.availability for person in both):
            broken.add(c.AVAILABILITY_UNKNOWN)
        if any(person.availability and self._calendar.zone(person) is None for person in both):
            broken.add(c.TIME_ZONE_UNKNOWN)
        if not broken and not self._windows(mentee, mentor):
            broken.add(c.AVAILABILITY)
        return broken

    def _distance(self, mentee: Person, mentor: Person) -> int:
        most = self.most[c.DISTANCE]
        if mentee.perspective_wanted == c.CRAFT:
            return most if _same(mentee.discipline, mentor.discipline) else 0
        for_department = tenths(most, DEPARTMENT_TENTHS)
        found = for_department if _other(mentee.department, mentor.department) else 0
        return found + (most - for_department if _other(mentee.site, mentor.site) else 0)

    def _style(self, mentee: Person, mentor: Person) -> int:
        most = self.most[c.STYLE]
        return most if _same(mentee.style, mentor.style) else tenths(most, OTHER_STYLE_TENTHS)

    def _criteria(self, mentee: Person, mentor: Person) -> tuple[CriterionReason, ...]:
        windows = shared(self._windows(mentee, mentor))
        hours_known = all(self._calendar.slots(person) for person in (mentee, mentor))
        return (
            _gain_reason(c.KNOWLEDGE, mentee, mentor),
            CriterionReason(c.PERSPECTIVE, None, (_view_fact(mentee, mentor),)),
            _distance_reason(mentee, mentor),
            CriterionReason(
                c.LOGISTICS,
                c.STRONG if windows >= ENOUGH_WINDOWS else c.SOME if windows else c.NONE,
                ("shared_windows" if windows else "no_shared_window" if hours_known else "hours_unknown",),
            ),
            _style_reason(mentee, mentor),
            _gain_reason(c.RETURN_GAIN, mentor, mentee),
        )


def topic_gains(learner: Person, teacher: Person) -> tuple[TopicGain, ...]:
    """Topics on which the teacher is ahead of what the learner wants to learn, most gain first."""
    found = []
    for topic, priority in learner.wants.items():
        own, theirs = learner.offers.get(topic, 0), teacher.offers.get(topic, 0)
        if theirs > own:
            found.append(TopicGain(topic, priority, own, theirs, priority * (theirs - own)))
    return tuple(sorted(found, key=lambda gain: (-gain.gain, -gain.priority, gain.topic)))


def taught(learner: Person, teacher: Person, most: int) -> int:
    """Points for what the teacher can give of everything the learner wants: whole points a level, in the order of
    topics and levels, so that all levels together give ``most`` to the point."""
    whole, climbed, points = possible(learner), 0, 0
    for topic in sorted(learner.wants):
        for level in range(learner.offers.get(topic, 0), _ALL_LEVELS):
            before = climbed
            climbed += learner.wants[topic]
            if level < teacher.offers.get(topic, 0):
                points += _nearest(most * climbed, whole) - _nearest(most * before, whole)
    return points


def possible(learner: Person) -> int:
    """What somebody who knows everything could teach the learner."""
    return sum(p * (_ALL_LEVELS - learner.offers.get(topic, 0)) for topic, p in learner.wants.items())


def _sum(gains: tuple[TopicGain, ...]) -> int:
    return sum(gain.gain for gain in gains)


def _nearest(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole) if whole else 0


def _same(one: str | None, other: str | None) -> bool:
    return bool(one) and one == other


def _other(one: str | None, other: str | None) -> bool:
    return bool(one) and bool(other) and one != other


def _has_wanted_view(mentee: Person, mentor: Person) -> bool:
    return bool(mentee.perspective_wanted) and mentee.perspective_wanted in mentor.perspectives_offered


def _view_fact(mentee: Person, mentor: Person) -> str:
    if not mentee.perspective_wanted:
        return "not_asked"
    return "offered" if _has_wanted_view(mentee, mentor) else "not_offered"


def _gain_reason(criterion: str, learner: Person, teacher: Person) -> CriterionReason:
    found, whole = _sum(topic_gains(learner, teacher)), possible(learner)
    band = c.NONE if not found else c.STRONG if 2 * found >= whole else c.SOME
    return CriterionReason(
        criterion, band, ("gain" if found else "no_gain" if learner.wants else "nothing_wanted",)
    )


def _distance_reason(mentee: Person, mentor: Person) -> CriterionReason:
    """From department and site alone, whatever the score looked at: a band that followed the discipline would tell
    who asked for the craft perspective (decision 31)."""
    facts = tuple(
        f"other_{name}" if _other(one, other) else f"same_{name}" if _same(one, other) else f"{name}_unknown"
        for name, one, other in (
            ("department", mentee.department, mentor.department),
            ("site", mentee.site, mentor.site),
        )
    )
    far = sum(fact.startswith("other_") for fact in facts)
    return CriterionReason(c.DISTANCE, (c.NONE, c.SOME, c.STRONG)[far], facts)


def _style_reason(mentee: Person, mentor: Person) -> CriterionReason:
    if _same(mentee.style, mentor.style):
        return CriterionReason(c.STYLE, c.STRONG, ("same_style",))
    fact = "other_style" if _other(mentee.style, mentor.style) else "style_unknown"
    return CriterionReason(c.STYLE, c.NONE, (fact,))
