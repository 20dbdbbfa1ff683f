"""The reference of leaderboards: who stands where, in plain Python. The boards of the read model are held equal to it.

It is written from what the language says of boards, over grades, lines and points of people, which other laws hold
to references of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.calendar import Quarter
from domain.scheme import Scheme
from domain.scheme_file.game_entries import Board, looked_at
from projections.periods import Period
from tests.reference import rounded
from tests.reference_of_game import Fact

ONE = Fraction(1, 10**6)


@dataclass
class Known:
    """What is known of people: grades by RM and quarter as (unit, score), of which some fell under a gate; figures of
    lines; completions of lines; points by day; the day on which each joined, position and customers."""

    scheme: Scheme
    above: dict[str, dict[str, str]]
    """By unit, its units above by their level, itself among them."""
    grades: dict[tuple[str, str], tuple[str, Fraction]] = field(default_factory=dict)
    gated: set[tuple[str, str]] = field(default_factory=set)
    lines: dict[tuple[str, str, str], tuple[Fraction, Fraction | None]] = field(default_factory=dict)
    days: dict[str, dict[date, Fraction]] = field(default_factory=dict)
    joined: dict[str, date] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    facts: dict[str, list[Fact]] = field(default_factory=dict)
    served: set[tuple[str, str]] = field(default_factory=set)
    """Who was under a scheme in which quarter."""
    off: set[str] = field(default_factory=set)
    off_at_close: dict[str, set[str]] = field(default_factory=dict)
    """By quarter that is over, who had left the boards when it was closed."""


@dataclass(frozen=True)
class Place:
    """A row: who, the rank, whether it is shared, the value."""

    who: str
    rank: Fraction
    tied: bool
    value: Fraction


def board_of(
    known: Known, board: Board, period: Period, before: Period | None, today: date, is_in: Callable[[str], bool]
) -> list[Place]:
    """A board, best first; of everybody who `is_in`."""
    quarter = str(period.appraised(today))
    quarters = {quarter, *map(str, period.quarters(today))}
    on = [
        rm for rm, of in known.grades
        if of == quarter and is_in(rm) and rm not in known.off
        and not (board.eligible == "gates-passed" and any((rm, one) in known.gated for one in quarters))
    ]  # fmt: skip
    parts = [
        {rm: value for rm in on if (value := figure(known, by, rm, period, before, today)) is not None}
        for by in board.ranked
    ]
    values = parts[0] if len(parts) == 1 else weighed(parts, [Fraction(one) for one in board.ranked.values()])
    latest = {rm: last_entry(known, board, rm, period) for rm in values}
    if board.level:
        values, latest = teams(known, board, quarter, values)
    less = {one.id for one in known.scheme.indicators if one.shape.columns().better == "less"}
    sign = -1 if board.by in less else 1
    merits = {who: sign * value for who, value in values.items()}
    return placed(merits, board.ties or known.scheme.boards.ties, latest, sign)


def figure(known: Known, by: str, rm: str, period: Period, before: Period | None, today: date) -> Fraction | None:
    """What an RM has in a period: points add up, all else is the mean of the quarters that begin in it."""
    looks_at, measure = looked_at(by)
    if looks_at == "improved":
        was = str(before.appraised(today)) if before else ""
        if before is None or (measure == "points" and (rm, was) not in known.grades):
            return None
        pair = [figure(known, str(measure), rm, one, None, today) for one in (period, before)]
        return None if pair[0] is None or pair[1] is None else pair[0] - pair[1]
    if looks_at == "points":
        days = known.days.get(rm, {})
        return sum((n for day, n in days.items() if period.first_day <= day <= period.last_day), Fraction(0))
    found = [_of_quarter(known, looks_at, str(measure), rm, str(each)) for each in period.quarters(today)]
    have = [one for one in found if one is not None]
    unit = Fraction(1, 1000) if looks_at == "measured" else ONE
    return rounded(sum(have, Fraction(0)) / len(have), unit, "up") if have else None


def _of_quarter(known: Known, looks_at: str, measure: str, rm: str, quarter: str) -> Fraction | None:
    if looks_at == "score":
        return known.grades[rm, quarter][1] if (rm, quarter) in known.grades else None
    measured, completion = known.lines.get((rm, quarter, measure), (None, None))
    return measured if looks_at == "measured" else completion


def last_entry(known: Known, board: Board, rm: str, period: Period) -> int:
    """When the last action came to count of which something is left, of the kinds that a board looks at."""
    kinds = looked_into(known.scheme, board)
    return max((
        fact.order for fact in known.facts.get(rm, [])
        if fact.left > 0 and fact.kind in kinds and period.first_day <= fact.day <= period.last_day
        and (rm, str(Quarter.of(fact.day))) in known.served
    ), default=0)  # fmt: skip


def looked_into(scheme: Scheme, board: Board) -> set[str]:
    """The kinds that earn points, or that an indicator is made of; of what is made of more, every kind."""
    if len(board.ranked) == 1:
        [by] = board.ranked
        looks_at, measure = looked_at(by)
        if "points" in (looks_at, measure):
            return {id for id, kind in scheme.kinds.items() if kind.points}
        made_of = {name: {*one.plus, *one.minus, *one.sets} for name, one in scheme.measured()}
        if measure and made_of.get(measure):
            return made_of[measure]
    return set(scheme.kinds)


def best_of_unit(known: Known, by: str, period: Period, first: int, level: str) -> set[str]:
    """Who stands among the first of the units of a level at a quarter's close, among who is on the boards then."""
    quarter, today = period.text, period.last_day
    found = dict[str, dict[str, Fraction]]()
    for rm, of in known.grades:
        if of == quarter and rm not in known.off_at_close[quarter]:
            value, unit = figure(known, by, rm, period, None, today), known.above[known.grades[rm, of][0]].get(level)
            if unit and value is not None and (value > 0 or by != "points"):
                found.setdefault(unit, {})[rm] = value
    places = [one for values in found.values() for one in placed(values, "standard", {}, 1)]
    return {one.who for one in places if one.rank <= first}


def weighed(parts: Sequence[dict[str, Fraction]], weights: Sequence[Fraction]) -> dict[str, Fraction]:
    """Each part is worth its weight times the part of the others whom one is not behind, equals counting half."""
    whole = [rm for rm in parts[0] if all(rm in part for part in parts)]
    found = dict.fromkeys(whole, Fraction(0))
    for part, weight in zip(parts, weights, strict=True):
        for rm in whole:
            others = [part[other] for other in whole if other != rm]
            beaten = Fraction(sum(2 * (one < part[rm]) + (one == part[rm]) for one in others), 2)
            found[rm] += rounded(weight * beaten / len(others), ONE, "up") if others else weight
    return found


def teams(
    known: Known, board: Board, quarter: str, values: dict[str, Fraction]
) -> tuple[dict[str, Fraction], dict[str, int]]:
    """The units of a level, by the mean or the total of their people; those with too few are left out."""
    people = dict[str, list[Fraction]]()
    for rm, value in values.items():
        if unit := known.above[known.grades[rm, quarter][0]].get(str(board.level)):
            people.setdefault(unit, []).append(value)
    big = {unit: each for unit, each in people.items() if len(each) >= known.scheme.boards.smallest_team}
    sums = {unit: sum(each, Fraction(0)) for unit, each in big.items()}
    if board.teams == "mean":
        sums = {unit: rounded(total / len(big[unit]), ONE, "up") for unit, total in sums.items()}
    return sums, dict.fromkeys(sums, 0)


def placed(merits: dict[str, Fraction], ties: str, latest: dict[str, int], sign: int) -> list[Place]:
    """The ranks by a rule for ties; equals stand in the order of their ids."""
    rows = sorted(merits, key=lambda who: (-merits[who], latest[who] if ties == "ordinal" else 0, who))
    found = []
    for place, who in enumerate(rows, 1):
        better = sum(other > merits[who] for other in merits.values())
        equal = sum(other == merits[who] for other in merits.values())
        rank = {
            "standard": Fraction(1 + better), "modified": Fraction(better + equal),
            "dense": Fraction(1 + len({other for other in merits.values() if other > merits[who]})),
            "fractional": Fraction(2 * better + equal + 1, 2), "ordinal": Fraction(place),
        }[ties]  # fmt: skip
        found.append(Place(who, rank, equal > 1 and ties != "ordinal", sign * merits[who]))
    return found


def alike(known: Known, among: str, day: date) -> Callable[[str], bool]:
    """Who is alike: by years of service on a day, or by customers."""
    side, _, band = among.partition(":")
    stated = known.scheme.boards
    begins: Sequence[Decimal | int] = (0, *(stated.tenure if side == "tenure" else stated.portfolio))
    least = begins[int(band)]
    below = begins[int(band) + 1] if int(band) + 1 < len(begins) else None

    def has(rm: str) -> Fraction:
        return Fraction(known.customers.get(rm, 0)) if side == "portfolio" else _years(known.joined[rm], day)

    return lambda rm: has(rm) >= Fraction(least) and (below is None or has(rm) < Fraction(below))


def _years(joined: date, day: date) -> Fraction:
    """Whole months served, in years."""
    months = 12 * (day.year - joined.year) + day.month - joined.month
    is_last_of_month = (day + timedelta(days=1)).day == 1
    return Fraction(months - (joined.day > day.day and not is_last_of_month), 12)
