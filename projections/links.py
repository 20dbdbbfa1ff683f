"""Which figures move together because they count the same actions, and by how much a figure can move at least."""

from domain.money import FEN, MILLI
from domain.scheme import Measure, Scheme
from domain.scheme_file.entries import AMOUNT_UNIT


def companies(scheme: Scheme) -> dict[str, frozenset[str]]:
    """Of each figure those that count the very same actions and so move with it, itself among them; and of a sum of one
    kind's quantity that kind. What is rated or delivered moves alone."""
    by_rule = dict[tuple[object, ...], set[str]]()
    for name, measure in scheme.measured():
        alone = name if measure.rule in ("rating", "ready") else None
        kinds = (measure.rule, measure.of, measure.plus, measure.minus, measure.sets)
        members = by_rule.setdefault((alone, *kinds, *sorted(measure.factors.items())), {name})
        members.add(name)
        if measure.rule == "sum" and measure.of == "quantity" and len(measure.kinds) == 1 and not measure.factors:
            members |= set(measure.plus)
    return {name: frozenset(members) for members in by_rule.values() for name in members if name not in scheme.kinds}


def step(scheme: Scheme, name: str, measure: Measure, now: int | None = None) -> int:
    """The least that a figure can grow by, in thousandths: a fen, one piece, or what a ready figure is exact to, unless
    it counts pieces and is a whole number `now`."""
    is_whole = measure.rule == "ready" and not (now or 0) % MILLI and scheme.is_of_pieces(name)
    if measure.rule in ("count", "distinct-customers") or is_whole:
        return MILLI
    unit = scheme.named(name).unit
    if measure.of == "amount" or (unit is not None and unit.en == AMOUNT_UNIT[0]):
        return MILLI // FEN
    return 1 if measure.rule == "ready" or measure.of == "counted" else MILLI
