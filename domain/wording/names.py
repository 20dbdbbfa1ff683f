"""What a scheme's ids are called, and its conditions in words."""

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from domain.scheme import Indicator, Kind, Scheme, Section, Words
from domain.scheme_file.conditions import Term, read_condition
from domain.scheme_file.entries import NamedMeasure
from domain.shapes.words import Told, figure, joined, percent

COMPARED: dict[str, Told] = {
    "<": ("less than", "低于"),
    "<=": ("at most", "不超过"),
    "=": ("exactly", "等于"),
    "<>": ("other than", "不等于"),
    ">=": ("at least", "达到"),
    ">": ("more than", "超过"),
}
HOLDS = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, "<>": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
CERTIFIED: dict[tuple[bool, bool], Told] = {
    (False, True): ("with a professional certificate", "持有资格证书"),
    (True, False): ("without a professional certificate", "无资格证书"),
    (True, True): ("with or without a professional certificate", "不论有无资格证书"),
    (False, False): ("neither with nor without a professional certificate", "不可能成立的资格条件"),
}
"""By whether a comparison of `certified` holds without one, and with one."""


def told(words: Words) -> Told:
    """The scheme's own words as a pair."""
    return words.en, words.zh


@dataclass(frozen=True)
class Names:
    """The names that one scheme gives to what its entries and conditions call by id."""

    scheme: Scheme

    def of(self, name: str) -> Told:
        """A kind, an indicator, a measure or a section; an unknown id stands as it is."""
        found = self._called.get(name)
        return (found.en, found.zh) if found else (name, name)

    @cached_property
    def _called(self) -> dict[str, Kind | Indicator | NamedMeasure | Section]:
        """Everything that an id may name; a kind wins over a measure, and that over a section of the same id."""
        scheme = self.scheme
        sections, indicators = ({one.id: one for one in of} for of in (scheme.sections, scheme.indicators))
        return {**sections, **scheme.measures, **indicators, **scheme.kinds}

    def tier(self, tier: str) -> Told:
        """A grade by its id."""
        return next(((one.en, one.zh) for one in self.scheme.tiers if one.id == tier), (tier, tier))

    def several(self, names: Iterable[str]) -> Told:
        """Some of them in a row."""
        return joined(map(self.of, names))

    def unit_of(self, measured: Indicator | NamedMeasure) -> Told | None:
        """The unit of a figure; None of one that is made of others and states none."""
        if measured.unit is None and measured.measure.derived:
            return None
        return told(self.scheme.unit_of(measured))

    def condition(self, text: str) -> Told:
        """A condition as its alternatives: "breaches at least 1 or complaints more than 3"."""
        read = read_condition(text)
        if isinstance(read, str):
            return text, text
        ways = [joined(map(self.term, terms), " and ", "，且") for terms in read]
        apart = any(len(terms) > 1 for terms in read)
        return joined(ways, "; or " if apart else " or ", "；或" if apart else "，或")

    def term(self, term: Term) -> Told:
        """One comparison."""
        if term.measure == "certified":
            holds = HOLDS[term.op]
            return CERTIFIED[holds(0, term.value), holds(1, term.value)]
        (en, zh), (op, op_zh) = self._looked_at(term), COMPARED[term.op]
        value = percent(term.value) if term.part == "completion" else figure(term.value)
        unit = self._unit(term)
        return f"{en} {op} {value}{unit[0]}", f"{zh}{op_zh} {value}{unit[1]}"

    def _looked_at(self, term: Term) -> Told:
        if term.measure == "score":
            return "score", "总分"
        en, zh = self.of(term.measure)
        if term.part is None:
            return en, zh
        return (f"completion of {en}", f"{zh}完成率") if term.part == "completion" else (f"points of {en}", f"{zh}得分")

    def _unit(self, term: Term) -> Told:
        """The unit of what an indicator or a measure measures; a count of a kind, points and the score need none."""
        if term.part or term.measure in self.scheme.kinds or term.measure == "score":
            return "", ""
        indicator = next((one for one in self.scheme.indicators if one.id == term.measure), None)
        found = indicator or self.scheme.measures.get(term.measure)
        unit = self.unit_of(found) if found else None
        return (f" {unit[0]}", f" {unit[1]}") if unit else ("", "")


def amount(value: Decimal, unit: Told | None) -> Told:
    """A figure with its unit in both languages."""
    return (f"{figure(value)} {unit[0]}", f"{figure(value)} {unit[1]}") if unit else (figure(value), figure(value))
