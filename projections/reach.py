"""What it would take: which figure alone, or how many days of the own pace, bring the next better tier.

Nothing is promised by a formula. Candidates are scored by the models that grade the bank, many at a time: those around
every edge of shapes and conditions first, then ever finer ones between the last that does not reach the tier and the
first that does, until these are neighbours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from domain.money import MICRO, MILLI, scaled
from domain.scheme import Measure, Scheme
from projections.edges import Edges
from projections.links import Links
from projections.tried import LONGEST_FIGURE, Tried
from projections.variants import Moved, Own, Variants

ROUNDS, FINER = 12, 48
"""How often candidates are scored at most, and how many lie between two of before."""
LONGEST = 260
"""Days of the own pace that are looked at: the working days of a year."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A figure that may be other than it is, and the lines that it alone is, or that are made of it; a figure or kind
    that conditions alone look at has none. It falls to `least` at most: never so far that a line has no figure left,
    which would only spread its weight. `unreached` are numbers of steps that no actions come to."""

    figure: str
    lines: tuple[str, ...]
    now: int | None
    step: int
    rises: bool
    falls: bool
    least: int = 0
    unreached: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Way:
    """One figure that alone reaches the tier: what it is now and what it has to be, in thousandths. `moved` is all that
    is other then; one `step` less does not reach it."""

    mover: Mover
    to: int
    moved: Moved
    less: Moved


@dataclass(frozen=True, slots=True)
class Pace:
    """The fewest days of the own pace that reach the tier (None where a year of them does not), what moves then, and
    what would with one day less."""

    days: int | None
    moved: Moved
    less: Moved


@dataclass(frozen=True, slots=True)
class Reach:
    """The place of the next better tier, and what reaches it. `gains` are the points each line could still win at
    most; `undecided` are figures of which the search came to no end; `outdone` are lines that would bring the tier if
    better scores did not stand before."""

    place: int
    own: Own
    floor: Fraction | None
    ways: list[Way]
    pace: Pace | None
    gains: dict[str, int]
    undecided: list[str]
    outdone: frozenset[str] = frozenset()

    @property
    def lacks(self) -> Fraction | None:
        """The points that the score lacks of the tier's floor, in millionths; None where it has none."""
        return self.floor if self.floor is None else max(self.floor - self.own.score, Fraction(0))


def reach(scheme: Scheme, tried: Tried, days: int) -> Reach | None:
    """What brings an RM the next better tier, who has worked some days of the quarter; None at the top or without a
    grade."""
    with Variants(scheme, tried, {}) as variants:
        return find(scheme, variants, tried, days)


def find(scheme: Scheme, variants: Variants, tried: Tried, days: int) -> Reach | None:
    """The same of an RM who is scored already."""
    if not variants.own.place:
        return None
    return _Search(scheme, variants, variants.own.place - 1).found(_paces(scheme, tried, days))


@dataclass(slots=True)
class _Track:
    """The candidates of one figure in one direction: by how many steps off they lie whether each reaches the tier."""

    mover: Mover
    sign: int
    known: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known |= dict.fromkeys(self.mover.unreached, False)
        self.known[0 if self.mover.now is not None else -1] = False

    def value(self, steps: int) -> int:
        return (self.mover.now or 0) + self.sign * steps * self.mover.step

    def first(self) -> tuple[int, int] | None:
        """The last before the first that reaches, and that one."""
        before = min(self.known)
        for steps in sorted(self.known):
            if self.known[steps]:
                return before, steps
            before = steps
        return None

    def is_found(self) -> bool:
        return (first := self.first()) is not None and first[1] - first[0] == 1

    def asked(self, edges: set[Fraction]) -> set[int]:
        """The steps around some edges."""
        start, found = min(self.known), set[int]()
        for edge in edges:
            near = floor((edge - (self.mover.now or 0)) / self.mover.step) * self.sign
            found |= {near + n for n in (-1, 0, 1)}
        fit = {one for one in found if one > start and self._is_fit(self.value(one))}
        return fit - self.mover.unreached

    def finer(self) -> set[int]:
        """Steps between the last that does not reach and the first that does."""
        if (first := self.first()) is None or first[1] - first[0] == 1:
            return set()
        low, high = first
        return {low + (high - low) * n // FINER for n in range(1, FINER)} - {low, high}

    def less(self, steps: int) -> int:
        """The last number of steps before some that can be had."""
        return max(one for one in self.known if one < steps and one not in self.mover.unreached)

    def _is_fit(self, value: int) -> bool:
        return abs(value) < LONGEST_FIGURE // MILLI and (self.sign > 0 or value >= self.mover.least)


class _Search:
    """Looks for the ways of one RM to one tier."""

    def __init__(self, scheme: Scheme, variants: Variants, place: int) -> None:
        self._scheme, self._variants, self._place = scheme, variants, place
        own, rows = variants.own, scheme.rows()
        self._links, terms = Links(scheme), rows["scheme_figure_terms"]
        wanted = frozenset(gain for gain in _wanted(scheme, own, rows["scheme_point_terms"]) if gain > 0)
        self._edges = Edges(scheme, own, self._links, terms, wanted)
        self._tracks = [
            _Track(mover, sign) for mover in _movers(scheme, own, self._links, terms) for sign in _signs(mover)
        ]

    def found(self, paces: Mapping[str, Fraction]) -> Reach:
        """Search, and say what was found."""
        edges = {track.mover.figure: self._edges.of(track.mover.figure) for track in self._tracks}
        self._score({n: track.asked(edges[track.mover.figure]) for n, track in enumerate(self._tracks)})
        own, most = self._variants.own, self._variants.most
        gains = {name: most.get(name, points) - points for name, points in own.points.items() if points is not None}
        ahead = list(self._days({name: pace for name, pace in paces.items() if gains.get(name, 0) > 0}))
        reached = self._score({n: track.finer() for n, track in enumerate(self._tracks)}, ahead)
        for _ in range(ROUNDS):
            if not (finer := {n: steps for n, track in enumerate(self._tracks) if (steps := track.finer())}):
                break
            self._score(finer)
        fewest = reached.index(True) + 1 if True in reached else None
        pace = None
        if ahead:
            days = fewest or len(ahead)
            pace = Pace(fewest, ahead[days - 1], ahead[days - 2] if days > 1 else {})
        undecided = [track.mover.figure for track in self._tracks if track.first() and not track.is_found()]
        tier = self._scheme.tiers[self._place]
        floor = None if tier.floor is None else Fraction(scaled(tier.floor, MICRO))
        return Reach(self._place, own, floor, list(self._ways()), pace, gains, undecided)

    def _score(self, asked: Mapping[int, set[int]], also: list[Moved] | None = None) -> list[bool]:
        """Score candidates of the tracks, and others beside them; whether each of these reaches the tier."""
        every = [(n, steps) for n, found in asked.items() for steps in found]
        moved = [self._moved(self._tracks[n], steps) for n, steps in every]
        scored = self._variants.score(moved + (also or []))
        reached = [place is not None and place <= self._place for place in scored]
        for (n, steps), does in zip(every, reached, strict=False):
            self._tracks[n].known[steps] = does
        return reached[len(every) :]

    def _moved(self, track: _Track, steps: int) -> Moved:
        """All that is other where a figure lies so many steps off."""
        return {} if steps < 0 else self._shifted(track.mover.figure, track.value(steps) - (track.mover.now or 0))

    def _shifted(self, figure: str, by: int) -> dict[str, int]:
        return {
            name: self._now(name) + self._bounded(floor(by * part)) for name, part in self._links.of(figure).items()
        }

    def _now(self, name: str) -> int:
        own = self._variants.own
        return own.kinds.get(name, 0) if name in self._scheme.kinds else own.measured.get(name) or 0

    def _bounded(self, by: int) -> int:
        return max(-LONGEST_FIGURE // 2, min(LONGEST_FIGURE // 2, by))

    def _days(self, paces: Mapping[str, Fraction]) -> Iterator[Moved]:
        """What the figures are after one, two, three … days more of the own pace; what is no whole step is left out."""
        steps = {name: self._links.step(name) for name in paces}
        for days in range(1, LONGEST + 1 if paces else 1):
            moved = dict[str, int]()
            grown = {name: floor(pace * days / steps[name]) * steps[name] for name, pace in paces.items()}
            for name, by in grown.items():
                moved |= self._shifted(name, by)
            yield moved | {name: self._now(name) + by for name, by in grown.items()}

    def _ways(self) -> Iterator[Way]:
        """Of each figure one way: upwards first."""
        found = dict[str, Way]()
        for track in self._tracks:
            if track.is_found() and (first := track.first()):
                less, steps = track.less(first[1]), first[1]
                way = Way(track.mover, track.value(steps), self._moved(track, steps), self._moved(track, less))
                found.setdefault(track.mover.figure, way)
        yield from found.values()


def _paces(scheme: Scheme, tried: Tried, days: int) -> dict[str, Fraction]:
    """How much each growing figure of which more is better grew by a day on average, in thousandths."""
    paces = dict[str, Fraction]()
    for one in scheme.indicators:
        figure = tried.figures.get(one.id)
        if days > 0 and one.measure.flows and one.shape.columns().better == "more" and figure and figure.measured:
            paces[one.id] = Fraction(scaled(figure.measured, MILLI), days)
    return {name: pace for name, pace in paces.items() if pace > 0}


def _wanted(scheme: Scheme, own: Own, terms: Sequence[tuple[object, ...]]) -> Iterator[Fraction]:
    """The points that the score, a section or a line lacks for the tier's floor or a condition, in millionths."""
    assert own.place
    floor_of_tier = scheme.tiers[own.place - 1].floor
    floors = set() if floor_of_tier is None else {scaled(floor_of_tier, MICRO)}
    for _, _, _, _, looks_at, measure, _, value in terms:
        assert isinstance(value, int)
        if looks_at == "score":
            floors.add(value * MILLI)
        else:
            now = own.sections.get(str(measure)) if looks_at == "section" else own.points.get(str(measure))
            yield Fraction(value * MILLI - (now or 0))
    for one in scheme.sections:
        if one.minimum is not None:
            yield Fraction(scaled(one.minimum, MICRO) - (own.sections.get(one.id) or 0))
    unit = scaled(scheme.rounding.score, MICRO) if scheme.rounding.score and scheme.rounding.tier == "rounded" else 0
    for edge in floors if own.times else ():
        yield (edge - own.score) / own.times
        if unit:
            yield (edge - own.score - Fraction(unit, 2)) / own.times


def _movers(scheme: Scheme, own: Own, links: Links, terms: Sequence[tuple[object, ...]]) -> Iterator[Mover]:
    """The figures that lines are made of, and those that conditions look at; of what is made of others its parts."""
    measures, lines, first = dict(scheme.measured()), dict[str, list[str]](), dict[str, str]()
    looked_at = [str(term[5]) for term in terms if term[4] != "certified"]
    alone = [one.id for one in scheme.indicators if one.shape.columns().axis != "rank"]  # a place hangs on others
    for name in dict.fromkeys([*alone, *looked_at]):
        measure = measures.get(name)
        parts = measure.parts if measure and measure.derived else (name,)
        for part in (each for one in parts for each in links.through(one)):
            figure = first.setdefault(part, part)  # what counts the same actions is one figure
            first |= {other: first.get(other, figure) for other in links.of(figure) if links.are_one(other, figure)}
            lines.setdefault(figure, [])
            if name in own.points and name in alone:
                lines[figure].append(name)
    for figure, made in lines.items():
        if figure in scheme.kinds:
            yield Mover(figure, tuple(made), own.kinds[figure], MILLI, rises=True, falls=False)
            continue
        measure, now = measures[figure], own.measured[figure]
        falls = now is not None and not measure.flows and measure.rule != "maximum"
        unit = links.step(figure, now)
        least = unit if _is_divisor(figure, measures, own) else 0
        yield Mover(figure, tuple(made), now, unit, True, falls, least, links.unreached(figure))


def _is_divisor(figure: str, measures: Mapping[str, Measure], own: Own) -> bool:
    """Whether what is made of a figure has none itself once it is 0: a ratio by it, or votes of which no others are."""
    for measure in measures.values():
        others = [own.measured[name] for name in measure.levels if name != figure]
        if (measure.bottom == figure and measure.when_zero is None and measure.rule == "ratio") or (
            figure in measure.levels and not any(others)
        ):
            return True
    return False


def _signs(mover: Mover) -> Iterator[int]:
    yield from (sign for sign, may in ((1, mover.rises), (-1, mover.falls)) if may)
