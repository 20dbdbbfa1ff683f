"""What the next better tier would take, as it is answered: with names, units and words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil

from domain.money import MICRO, MILLI, canonical, unscaled
from domain.scheme import Indicator, Scheme
from domain.scheme_file.compiled import moves_to
from domain.wording import quotas, verdicts, ways
from domain.wording.names import Names
from domain.wording.ways import Reason
from projections.answers import Ask, NextTier, OutOfReach, Pace, Raised, Way, Words
from projections.at_position import both, words
from projections.reach import LONGEST, Reach
from projections.reach import Way as Found
from projections.rooms import Room
from projections.variants import Own


def next_tier(scheme: Scheme, reach: Reach, left: int, taken: Sequence[Room] = ()) -> NextTier:
    """The answer; `left` are the RM's own working days to come in the quarter, `taken` the quotas that leave nobody
    room."""
    tier, own = scheme.tiers[reach.place], reach.own
    missing = None if reach.lacks is None else _decimal(reach.lacks)
    barring = [name for name, cap in own.caps.items() if cap > reach.place]
    entries, is_closed = verdicts.limits(scheme, barring), any(not room.room for room in taken)
    return NextTier(
        tier=tier.id, name=words(tier), points=None if missing is None else canonical(missing),
        asks=[Ask(what=both(what), is_met=met) for what, met in verdicts.asks(scheme, tier, _known(own), own.held)],
        barred_by=[words(one) for one in entries],
        ways=[_way(scheme, way) for way in reach.ways], pace=_pace(scheme, reach, left),
        out_of_reach=[] if is_closed else list(_out_of_reach(scheme, reach, bool(barring))),
        compared=[words(one) for one in scheme.quotas if moves_to(scheme, one) > reach.place],
        taken=_taken(scheme, taken), is_closed=is_closed,
    )  # fmt: skip


def _taken(scheme: Scheme, rooms: Sequence[Room]) -> list[Words]:
    return [both(quotas.room_words(scheme, one.quota, one.to, one.peers, one.room)) for one in rooms]


def beyond_quota(scheme: Scheme, quota: str, place: int, rooms: Sequence[Room] = ()) -> NextTier:
    """The tier above the one that a quota moved down to: which of the two it is hangs on everybody's scores, where the
    quota leaves anybody there."""
    tier, compared = scheme.tiers[place - 1], [one for one in scheme.quotas if one.id == quota]
    closed = [room for room in rooms if room.quota == quota and not room.room]
    return NextTier(
        tier=tier.id, name=words(tier), points=None, asks=[], barred_by=[], ways=[], pace=None,
        out_of_reach=[], compared=[words(one) for one in compared],
        taken=_taken(scheme, closed), is_closed=bool(closed),
    )  # fmt: skip


def _known(own: Own) -> verdicts.Known:
    """What conditions look at, in the units in which they are written."""
    known = dict[tuple[str, str | None], Fraction | None]()
    known |= {(kind, None): Fraction(quantity, MILLI) for kind, quantity in own.kinds.items()}
    known |= {(name, None): value for name, value in own.figures.items()}
    for name, target in own.targets.items():
        value = own.figures[name]
        known[name, "completion"] = None if value is None else value * MILLI / target
    for name, points in (own.points | own.sections).items():
        known[name, "points"] = None if points is None else Fraction(points, MICRO)
    return known | {("score", None): own.score / MICRO, ("certified", None): Fraction(own.certified)}


def _decimal(millionths: Fraction) -> Decimal:
    """Points as they are read, to the millionth: what is missing is never told as less than it is."""
    return unscaled(ceil(millionths), MICRO)


def _unit(scheme: Scheme, figure: str) -> tuple[str, str]:
    """The unit of a figure, of a part where it states none that of nothing."""
    if figure in scheme.kinds:
        return scheme.kinds[figure].unit.en, scheme.kinds[figure].unit.zh
    one = next((each for each in scheme.indicators if each.id == figure), None) or scheme.measures[figure]
    return Names(scheme).unit_of(one) or ("", "")


def _way(scheme: Scheme, found: Found) -> Way:
    mover, names = found.mover, Names(scheme)
    now, to = None if mover.now is None else unscaled(mover.now, MILLI), unscaled(found.to, MILLI)
    unit = _unit(scheme, mover.figure)
    of = names.several(mover.lines) if mover.lines and mover.figure not in mover.lines else None
    return Way(
        figure=mover.figure, name=both(names.of(mover.figure)), lines=list(mover.lines), now=now, to=to,
        more=None if now is None else canonical(to - now), step=unscaled(mover.step, MILLI), unit=both(unit),
        sentence=both(ways.way_words(names.of(mover.figure), unit, now, to, of)),
    )  # fmt: skip


def _pace(scheme: Scheme, reach: Reach, left: int) -> Pace | None:
    if reach.pace is None:
        return None
    raised = list(_raised(scheme, reach)) if reach.pace.days else []
    sentence = ways.pace_words(reach.pace.days, left, LONGEST)
    return Pace(days=reach.pace.days, left=left, longest=LONGEST, raised=raised, sentence=both(sentence))


def _raised(scheme: Scheme, reach: Reach) -> Iterator[Raised]:
    assert reach.pace
    for one in scheme.indicators:
        now, to = reach.own.measured.get(one.id), reach.pace.moved.get(one.id)
        if to is not None and now is not None and to != now:
            yield Raised(
                figure=one.id, name=words(one), more=unscaled(to - now, MILLI), to=unscaled(to, MILLI),
                unit=both(_unit(scheme, one.id)),
            )  # fmt: skip


OWN_REASONS: dict[str | None, Reason] = {
    "zeroed": "zeroed",
    "no-target": "no-target",
    "nothing-due": "nothing-due",
}
"""Of a line that is not scored by its figure, why none is enough."""


def _out_of_reach(scheme: Scheme, reach: Reach, is_barred: bool) -> Iterator[OutOfReach]:
    own = reach.own
    reached = {line for way in reach.ways for line in way.mover.lines}
    for one in scheme.indicators:
        if one.id not in reached:
            gain = unscaled(reach.gains.get(one.id, 0), MICRO)
            reason = _reason(one, reach, is_barred)
            if reason == "too-little" and reach.lacks is not None and reach.gains[one.id] * own.times >= reach.lacks:
                reason = "asks-more"
            sentence = ways.out_of_reach_words((one.en, one.zh), reason, gain)
            yield OutOfReach(indicator=one.id, reason=reason, gain=gain, sentence=both(sentence))


def _reason(one: Indicator, reach: Reach, is_barred: bool) -> Reason:
    """Why no figure of a line is enough."""
    why = reach.own.reasons.get(one.id)
    if one.shape.columns().axis == "rank":
        return "ranked"
    if one.id in reach.outdone:
        return "outdone"
    if {one.id, *one.measure.parts} & set(reach.undecided):
        return "undecided"
    if why in OWN_REASONS:
        return OWN_REASONS[why]
    falls = one.measure.flows and one.shape.columns().better == "less"
    if falls and not reach.gains.get(one.id) and _has_lost(one, reach.own):
        return "undone"
    if is_barred:
        return "barred"
    if why in ("not-rated", "not-delivered", "no-figure"):
        return "no-figure"
    if not reach.gains.get(one.id):
        return "full"
    return "made-of" if one.measure.derived else "too-little"


def _has_lost(one: Indicator, own: Own) -> bool:
    """Whether a line that takes points off took any."""
    whole = Fraction(0) if one.shape.outside else own.shares.get(one.id)
    return own.exact.get(one.id) not in (None, whole)
