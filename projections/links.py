"""Which figures move together because they count the same actions, and by how much a figure can move at least."""

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from math import gcd

from domain.money import FEN, MILLI
from domain.scheme import Measure, Scheme
from domain.scheme_file.conditions import names_of
from domain.scheme_file.entries import AMOUNT_UNIT

Company = Mapping[str, Fraction]
"""What moves with a figure, itself among it, and by how much of its move."""
Counted = tuple[str, bool]
"""A kind, and whether its amounts are counted."""
MOST_UNREACHED = 10_000
"""How many steps no combination of factors may come to; beyond it the least factor is the step."""


class Links:
    """What moves with each figure and each kind of a scheme. Whoever does more of a kind moves all that counts it: a
    figure of several kinds moves by one that nothing else counts, or else by one that no condition looks at. Where
    there is none, it moves as its kinds do (`through`). A new customer is an action more; an action more is no new
    customer. Amounts move no kind: how many actions they took is not known. What is rated or delivered moves alone."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._looked_at = {name for _, text in scheme.conditions() for name in names_of(text)} & set(scheme.kinds)
        self._measures = dict(scheme.measured())
        self._terms = {name: _terms(scheme, measure) for name, measure in self._measures.items()}
        self._moved = dict[Counted, dict[str, Fraction]]()
        for name, terms in self._terms.items():
            for of, factor in terms.items():
                self._moved.setdefault(of, {} if of[1] else {of[0]: Fraction(1)})[name] = factor
        self._same = _same(scheme)

    def of(self, name: str) -> Company:
        """What moves with a figure or kind."""
        if name in self._scheme.kinds:
            return self._moved.get((name, False), {name: Fraction(1)})
        same = dict.fromkeys(self._same[name], Fraction(1))
        measure = self._measures[name]
        if measure.rule == "distinct-customers":
            (kind, *others) = measure.plus
            return same if others else {**self._moved.get((kind, False), {kind: Fraction(1)}), **same}
        if not self._terms[name]:
            return same
        by = self._by(name)[0]
        return {other: factor / self._terms[name][by] for other, factor in self._moved[by].items()} | same

    def through(self, name: str) -> tuple[str, ...]:
        """What a figure is moved through: itself, or each of its kinds where conditions look at all of them."""
        plus = [of for of, factor in self._terms.get(name, {}).items() if factor > 0]
        is_looked_at = all(not by_amount and kind in self._looked_at for kind, by_amount in plus)
        return tuple(kind for kind, _ in plus) if len(plus) > 1 and is_looked_at else (name,)

    def are_one(self, one: str, other: str) -> bool:
        """Whether two of them always move together."""
        return set(self.of(one)) == set(self.of(other))

    def step(self, name: str, now: int | None = None) -> int:
        """The least that a figure can grow by, in thousandths: a fen, what one action adds, or what a ready figure is
        exact to, unless it counts pieces and is a whole number `now`."""
        measure = self._measures[name]
        is_whole = measure.rule == "ready" and not (now or 0) % MILLI and self._scheme.is_of_pieces(name)
        if measure.rule == "distinct-customers" or is_whole:
            return MILLI
        if self._terms[name] and not any(by_amount for _, by_amount in self._terms[name]):
            return self._steps(name)[0]
        unit = self._scheme.named(name).unit
        if measure.of == "amount" or (unit is not None and unit.en == AMOUNT_UNIT[0]):
            return MILLI // FEN
        return 1 if measure.rule == "ready" or measure.of == "counted" else MILLI

    def unreached(self, name: str) -> frozenset[int]:
        """The numbers of steps that no actions together come to: with factors 1 and 1.5 a single half."""
        terms = self._terms.get(name, {})
        return self._steps(name)[1] if terms and not any(by_amount for _, by_amount in terms) else frozenset()

    def _steps(self, name: str) -> tuple[int, frozenset[int]]:
        parts = [self._terms[name][of] * MILLI for of in self._by(name)]
        if any(part.denominator > 1 for part in parts):
            return max(int(min(parts)), 1), frozenset()
        adds = [int(part) for part in parts]
        step = reduce(gcd, adds)
        sizes = {one // step for one in adds}
        if min(sizes) * max(sizes) > MOST_UNREACHED:
            return min(adds), frozenset()
        reached = [True]
        for n in range(1, min(sizes) * max(sizes)):
            reached.append(any(n >= size and reached[n - size] for size in sizes))
        return step, frozenset(n for n, does in enumerate(reached) if not does)

    def _by(self, name: str) -> list[Counted]:
        """The kinds that a figure moves by: those that nothing else counts or looks at, or one."""
        plus = [of for of, factor in self._terms[name].items() if factor > 0]
        free = [
            of for of in plus if set(self._moved[of]) <= {of[0], *self._same[name]} and of[0] not in self._looked_at
        ]
        return free or [next((of for of in plus if of[0] not in self._looked_at), plus[0])]


def _terms(scheme: Scheme, measure: Measure) -> dict[Counted, Fraction]:
    """What a sum or count counts, and what one more of it adds."""
    if measure.rule not in ("sum", "count"):
        return {}

    def by_amount(kind: str) -> bool:
        is_amount = measure.of == "amount" or (measure.of == "counted" and scheme.kinds[kind].counted == "amount")
        return measure.rule == "sum" and is_amount

    signed = [*((kind, 1) for kind in measure.plus), *((kind, -1) for kind in measure.minus)]
    return {(kind, by_amount(kind)): sign * Fraction(measure.factors.get(kind, 1)) for kind, sign in signed}


def _same(scheme: Scheme) -> dict[str, frozenset[str]]:
    """Of each figure those that count the very same actions in the same way."""
    by_rule = dict[tuple[object, ...], set[str]]()
    for name, measure in scheme.measured():
        alone = name if measure.rule in ("rating", "ready") or measure.derived else None
        kinds = (measure.rule, measure.of, measure.plus, measure.minus, measure.sets)
        by_rule.setdefault((alone, *kinds, *sorted(measure.factors.items())), set()).add(name)
    return {name: frozenset(members) for members in by_rule.values() for name in members}
