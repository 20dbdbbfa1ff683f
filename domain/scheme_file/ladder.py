"""Which rows of a ladder anyone can come to be in, and which conditions can hold: a search over all breakpoints.

Whatever a condition looks at is tried at each number that it is compared with, beside it on both sides, and without any
figure where it may have none; the score and points only as far as they can go. What depends on each other in a bank (a
figure and its points) is tried apart, so that whatever is called impossible is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.money import plain
from domain.scheme_file import reach
from domain.scheme_file.conditions import Term, read_condition, terms_of
from domain.scheme_file.faults import Remark
from domain.scheme_file.reach import Reach, shown

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.faults import Path

Name = tuple[str, str | None]
Literal = tuple[Name, int]
"""What is looked at, and the places of its candidates (as bits) at which a comparison holds."""
Clause = Sequence[Literal]
SCORE: Name = ("score", None)
MOST_STEPS, MOST_STEPS_IN_ALL = 100_000, 300_000
"""Comparisons looked at for one question, and for one scheme; what is open then is told as undecided."""
DEEPEST = 300
UNDECIDED = "compare less, or try the scheme on figures: whether this can come about takes too long to be searched"


class UndecidedError(Exception):
    """There are too many combinations to be searched."""


@dataclass(slots=True)
class Search:
    """Everything that a scheme's conditions look at, each with the figures at which it is tried."""

    scheme: Scheme
    figures: dict[Name, list[Fraction]] = field(default_factory=dict)
    may_lack: set[Name] = field(default_factory=set)
    """What may have no figure: a place of its own above the others, at which no comparison holds."""
    ladder: list[list[Clause]] = field(default_factory=list)
    """The alternatives of each tier; the last one asks nothing."""
    denials: list[list[Clause]] = field(default_factory=list)
    steps: int = 0
    until: int = MOST_STEPS

    @classmethod
    def of(cls, scheme: Scheme) -> Search:
        numbers: dict[Name, set[Fraction]] = {SCORE: set()}
        for _, text in scheme.conditions():
            for term in terms_of(text):
                numbers.setdefault((term.measure, term.part), set()).add(Fraction(term.value))
        for tier in scheme.tiers:
            floors = [tier.floor, *(step.floor for step in tier.steps)]
            numbers[SCORE] |= {Fraction(floor) for floor in floors if floor is not None}
        search = cls(
            scheme,
            {name: _candidates(scheme, name, values) for name, values in numbers.items()},
            {name for name in numbers if _may_lack(scheme, name)},
        )
        search.ladder = [*(search.rows(tier.when, tier.floor) for tier in scheme.tiers[:-1]), [[]]]
        search.denials = [search.denied(rows) for rows in search.ladder]
        return search

    def better(self, n: int) -> list[Clause]:
        """That none of the tiers above the nth takes somebody in."""
        return [clause for denials in self.denials[:n] for clause in denials]

    def literal(self, term: Term) -> Literal:
        name, value = (term.measure, term.part), Fraction(term.value)
        figures = self.figures[name]
        below, upto = (1 << bisect_left(figures, value)) - 1, (1 << bisect_right(figures, value)) - 1
        known = (1 << len(figures)) - 1
        places = {"<": below, "<=": upto, "=": upto & ~below, "<>": known & ~upto | below,
                  ">=": known & ~below, ">": known & ~upto}  # fmt: skip
        return name, places[term.op]

    def rows(self, text: str | None, floor: Decimal | None = None) -> list[Clause]:
        """A condition with a floor, as alternatives that each ask all of their comparisons."""
        alternatives = read_condition(text) if text is not None else ((),)
        assert not isinstance(alternatives, str)
        score = [] if floor is None else [Term("score", ">=", floor)]
        return [[self.literal(term) for term in (*terms, *score)] for terms in alternatives]

    def denied(self, rows: Sequence[Clause]) -> list[Clause]:
        """That none of the alternatives holds: of each, one comparison fails."""
        return [[(name, self._all(name) & ~places) for name, places in row] for row in rows]

    def possible(self, row: Clause, clauses: Sequence[Clause]) -> bool:
        """Whether figures exist at which a row holds, and of each clause one comparison.
        UndecidedError where that can't be searched within the steps."""
        open_places = {name: self._all(name) for name in self.figures}
        for name, places in row:
            open_places[name] &= places
        return all(open_places.values()) and self._solve(open_places, clauses)

    def _all(self, name: Name) -> int:
        return (1 << len(self.figures[name]) + (name in self.may_lack)) - 1

    def _solve(self, open_places: dict[Name, int], clauses: Sequence[Clause], depth: int = 0) -> bool:
        left: list[Clause] = []
        for clause in clauses:
            self.steps += len(clause) + 1
            if self.steps > self.until or depth > DEEPEST:
                raise UndecidedError
            if any(open_places[name] & ~places == 0 for name, places in clause):
                continue
            living = [(name, places) for name, places in clause if open_places[name] & places]
            if not living:
                return False
            left.append(living)
        if not left:
            return True
        shortest = min(left, key=len)
        others = [clause for clause in left if clause is not shortest]
        return any(
            self._solve(open_places | {name: open_places[name] & places}, others, depth + 1)
            for name, places in shortest
        )


def _candidates(scheme: Scheme, name: Name, numbers: set[Fraction]) -> list[Fraction]:
    """Each number, what lies between neighbours and beyond the ends, within what is possible."""
    if name == ("certified", None):
        return [Fraction(0), Fraction(1)]
    within = _bounds(scheme, name)
    ends = [] if within is None else [one for one in within if abs(one) < reach.ENDLESS]
    marks = sorted(numbers | set(ends))
    tried = {*marks, *((a + b) / 2 for a, b in pairwise(marks))}
    tried |= {marks[0] - 1, marks[-1] + 1} if marks else {Fraction(0)}
    low, high = within or (None, None)
    return sorted(one for one in tried if (low is None or one >= low) and (high is None or one <= high))


def _bounds(scheme: Scheme, name: Name) -> Reach | None:
    """How far it can go, where that is known."""
    measure, part = name
    if name == SCORE:
        least, most = reach.of_score(scheme)
        unit, half = scheme.rounding.score, scheme.rounding.half
        if unit is not None and scheme.rounding.tier == "rounded":
            return Reach(*(reach.rounded(one, Fraction(unit), half) for one in (least, most)))
        return Reach(least, most)
    if part is None and measure in scheme.kinds:
        return Reach(Fraction(0), reach.ENDLESS)
    if part == "points":
        return _points_bounds(scheme, measure)
    return None


def _points_bounds(scheme: Scheme, measure: str) -> Reach | None:
    for one in scheme.indicators:
        if one.id == measure:
            shares = {Fraction(one.weight), reach.largest_share(scheme, one)}
            ends = [reach.of_line(scheme, one, share) for share in shares]
            unit, half = Fraction(scheme.rounding.points), scheme.rounding.half
            least, most = min(each.least for each in ends), max(each.most for each in ends)
            return Reach(reach.rounded(least, unit, half), reach.rounded(most, unit, half))
    if reach.spreads(scheme):
        section = next(one for one in scheme.sections if one.id == measure)
        return None if section.most is None else Reach(-reach.ENDLESS, Fraction(section.most) + 1)
    return reach.of_section(scheme, measure)


def _may_lack(scheme: Scheme, name: Name) -> bool:
    """Whether a comparison may find no figure there: then it never holds."""
    measure, part = name
    if measure in ("score", "certified") or measure in scheme.kinds:
        return False
    if part == "points":
        return True
    lacking = {of: rule.may_lack for of, rule in scheme.measured()}
    return lacking[measure] or part == "completion"


def ladder_findings(scheme: Scheme) -> Iterator[Remark]:
    """Tiers, steps, gates and multipliers that nobody can come to, or everybody comes to; and what was not decided."""
    search = Search.of(scheme)
    questions: list[tuple[Path, Callable[[], Remark | None]]] = []
    for n, tier in enumerate(scheme.tiers):
        questions.append((("tiers", n), partial(_tier_finding, search, n)))
        questions += [
            (("tiers", n, "steps", nth), partial(_step_finding, search, n, nth)) for nth in range(len(tier.steps))
        ]
    conditions = [("gates", n, one.when) for n, one in enumerate(scheme.gates)]
    conditions += [("multipliers", n, one.when) for n, one in enumerate(scheme.multipliers)]
    for section, n, text in conditions:
        path: Path = (section, n, "when")
        questions.append((path, partial(_condition_finding, search, path, text)))
    for path, question in questions:
        if search.steps > MOST_STEPS_IN_ALL:
            return
        search.until = min(search.steps + MOST_STEPS, MOST_STEPS_IN_ALL)
        try:
            found = question()
        except UndecidedError:
            found = Remark(path, UNDECIDED, "note")
        if found:
            yield found


def _tier_finding(search: Search, n: int) -> Remark | None:
    rows, better = search.ladder[n], search.better(n)
    brought = search.scheme.tiers[n].id in _caps(search.scheme) or (n and search.scheme.quotas)
    if brought or any(search.possible(row, better) for row in rows):
        return None
    tier, most = search.scheme.tiers[n], reach.of_score(search.scheme).most
    is_last = n == len(search.scheme.tiers) - 1
    if tier.floor is not None and not is_last and Fraction(tier.floor) > most:
        right = f"put it at {shown(most)} or lower: no score can come to more, so that nobody is in this tier"
        return Remark(("tiers", n, "floor"), right)
    path: Path = ("tiers", n, "floor" if tier.when is None and tier.floor is not None else "when")
    path = path if tier.when is not None or tier.floor is not None else ("tiers", n)
    if not any(search.possible(row, []) for row in rows):
        return Remark(
            path, "ask what can hold: nothing that can be recorded fulfils this, so that nobody is in this tier"
        )
    for other in range(n):
        if not any(search.possible(row, search.denials[other]) for row in rows):
            name = search.scheme.tiers[other].id
            return Remark(path, f"put the tier above `{name}`, or leave it out: `{name}` takes in whoever it would")
    return Remark(path, "leave the tier out, or ask more of those above: they take in whoever it would")


def _caps(scheme: Scheme) -> set[str | None]:
    """The tiers that a gate or a section brings people down to, whatever their score."""
    return {one.cap_tier for one in scheme.gates} | {one.cap_tier for one in scheme.sections}


def _step_finding(search: Search, n: int, nth: int) -> Remark | None:
    tier = search.scheme.tiers[n]
    floor, better = tier.steps[nth].floor, search.better(n)
    raised = [[*row, search.literal(Term("score", ">=", floor))] for row in search.ladder[n]]
    if any(search.possible(row, better) for row in raised):
        return None
    right = f"put the step lower, or leave it out: from {plain(floor)} on nobody can be in `{tier.id}`"
    return Remark(("tiers", n, "steps", nth, "floor"), right)


def _condition_finding(search: Search, path: Path, text: str) -> Remark | None:
    rows = search.rows(text)
    if not any(search.possible(row, []) for row in rows):
        return Remark(path, "write a condition that can hold: nothing that can be recorded fulfils this one")
    if not search.possible([], search.denied(rows)):
        return Remark(path, "write a condition that can fail: whatever is recorded fulfils this one")
    return None
