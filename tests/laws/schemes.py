"""Any scheme of the rule language, and RMs measured under it, with the clauses of the language's list that it draws.

The figures are often small whole numbers, which lie on the edges of bands, steps and tiers.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from hypothesis import strategies as st

from domain.money import MILLI, plain
from domain.scheme import Scheme, read_scheme
from domain.scheme_file.exactness import MOST_VOTES
from projections.tried import Figure, Tried
from tests.laws.shapes import SHAPES, outside

NUMBERS = st.decimals(min_value=-1000, max_value=10**9, places=3) | st.integers(-3, 12).map(Decimal)
TARGETS = (
    st.none() | st.decimals(min_value=Decimal("0.001"), max_value=10**9, places=3) | st.integers(1, 9).map(Decimal)
)
MEASURES = "".join(
    f'[measures.m{n}]\nclause = "1"\nen = "M"\nzh = "量"\n'
    'unit = { en = "CNY", zh = "元" }\nmeasure = { rule = "ready" }\n'
    for n in range(3)
)
DERIVED = {
    "ratio": ('{ rule = "ratio", top = "m0", bottom = "m1", times = "100", when_zero = "7" }', 17),
    "ratio without": ('{ rule = "ratio", top = "m0", bottom = "m1" }', 17),
    "difference": ('{ rule = "difference", top = "m0", bottom = "m2" }', 18),
    "mean": ('{ rule = "mean", weights = { m0 = "50", m1 = "30", m2 = "0.5" } }', 26),
    "votes": ('{ rule = "votes", levels = { m0 = "100", m1 = "85", m2 = "0" } }', 27),
    "levels": ('{ rule = "mean", weights = { m0 = "2", m1 = "1" }, weakest = { below = "3", most = "4" } }', 28),
}
"""What is made of other measures, each with its clause."""
CARRIED = st.none() | st.integers(0, 9).map(Decimal) | st.decimals(min_value=0, max_value=10**6, places=3)
FIGURES = st.builds(Figure, st.none() | NUMBERS, TARGETS, st.none() | NUMBERS, CARRIED)
WITH_TARGET = ('"completion"', '"all-or-nothing"', '"control"')
"""What the text of a shape says that needs a target."""
HEADS, TIES = st.sampled_from(["floor", "ceiling"]), st.sampled_from(["keep", "fall"])
UNITS = st.sampled_from(["1", "0.01", "0.000001"])
TIERS = (("t0", "90", "1.2"), ("t1", "70", "1"), ("t2", "40.5", "0.8"), ("t3", "0", "0.5"))
KIND = """
[kinds.visit]
clause = "1"
en = "Visit"
zh = "走访"
unit = { en = "visits", zh = "次" }
counted = "quantity"
reported = "fed"
counts = "at-once"
"""


class Bank(NamedTuple):
    """A scheme, the clauses it was drawn for (one entry each time), and RMs measured under it."""

    scheme: Scheme
    clauses: list[int]
    tried: dict[str, Tried]


class Drawing:
    """One scheme in the making: its text piece by piece, and the clauses drawn for it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.clauses: list[int] = []
        cuts = sorted(draw(st.sets(st.integers(1, 9_999), min_size=3, max_size=9)))
        weights = [Decimal(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]
        self.weights: list[Decimal | None] = [*weights, *[None] * draw(st.integers(0, 2))]
        self.sections = self._placed(len(self.weights))
        self.names = [f"i{n}" for n in range(len(self.weights))]

    def _placed(self, indicators: int) -> list[str | None]:
        """The section of each indicator; of few schemes there are none."""
        return [self.draw(st.sampled_from([None, "s0", "s1"])) for _ in range(indicators)]

    def text(self) -> str:
        """The whole file."""
        multipliers = list(self._multipliers())
        return "\n".join(
            [
                self._head(bool(multipliers)), KIND, MEASURES, *self._sections(), *self._indicators(), *multipliers,
                *(self._gate(n) for n in range(self.draw(st.integers(0, 4)))), *self._tiers(),
                *self._quotas(),
            ]
        )  # fmt: skip

    def _head(self, multiplied: bool) -> str:
        draw = self.draw
        half, without = draw(st.sampled_from(["up", "even"])), draw(st.sampled_from(["spread", "zero", "full"]))
        section = draw(st.none() | UNITS)
        score = draw(UNITS) if multiplied else draw(st.none() | UNITS)
        rounding = {"points": draw(UNITS), "half": half, "section": section, "score": score,
                    "tier": draw(st.sampled_from(["exact", "rounded"]))}  # fmt: skip
        self.clauses += [40, 41]
        keys = ", ".join(f'{key} = "{value}"' for key, value in rounding.items() if value)
        return f"""
scheme = "law"
effective = 2026-01-01
en = "Law"
zh = "法"
positions = ["*"]
rounding = {{ {keys} }}
clauses."1" = {{ en = "One.", zh = "一。" }}
[appraisal]
clause = "1"
en = "Who"
zh = "谁"
minimum_working_days = {draw(st.sampled_from([0, 0, 20]))}
without_target = "{without}"
{self._service()}
{self._coefficient()}
"""

    def _service(self) -> str:
        """How much is asked of who was not there all quarter, or is new."""
        mode = self.draw(st.sampled_from(["whole", "working-days", "calendar-days", "full-months"]))
        ramped = self.draw(st.dictionaries(st.integers(1, 3), st.sampled_from(["0.3333", "0.5", "1"]), max_size=2))
        self.clauses += [38] * (mode != "whole" or bool(ramped))
        parts = ", ".join(f'{{ quarter = {quarter}, part = "{part}" }}' for quarter, part in ramped.items())
        return f'targets = "{mode}"\nramp_up = [{parts}]'

    def _coefficient(self) -> str:
        """In some schemes the score alone gives the coefficient."""
        if not self.draw(st.booleans()):
            return ""
        self.clauses.append(39)
        edges, unit = self.draw(st.sampled_from(["from", "to"])), self.draw(UNITS)
        bands = '[{ to = "40.5", gives = "0.5" }, { from = "40.5", to = "90", gives = "0.8", until = "1.1" }, '
        return f"""[coefficient]
clause = "1"
en = "Pay"
zh = "系数"
edges = "{edges}"
rounding = "{unit}"
bands = {bands}{{ from = "90", gives = "1.2" }}]
"""

    def _sections(self) -> Iterator[str]:
        for name in sorted({one for one in self.sections if one}):
            weight = sum((w for w, s in zip(self.weights, self.sections, strict=True) if w and s == name), Decimal(0))
            if not weight:  # nothing within the 100 lies in it
                self.sections = [None if one == name else one for one in self.sections]
                continue
            self.clauses.append(35)
            bounds = {"least": self.draw(st.none() | st.sampled_from(["0", "-3"])),
                      "most": self.draw(st.none() | st.sampled_from(["5", "40.5"])),
                      "minimum": self.draw(st.none() | st.sampled_from(["3", "20"]))}  # fmt: skip
            if bounds["minimum"]:
                bounds["cap_tier"] = self.draw(st.sampled_from(["t1", "t2", "t3"]))
            keys = "\n".join(f'{key} = "{value}"' for key, value in bounds.items() if value)
            head = f'[[sections]]\nid = "{name}"\nclause = "1"\nen = "S"\nzh = "分项"\n'
            yield f'{head}weight = "{plain(weight)}"\n{keys}\n'

    def _indicators(self) -> Iterator[str]:
        for name, weight, section in zip(self.names, self.weights, self.sections, strict=True):
            shape, clauses = self.draw(SHAPES if weight else outside())
            self.clauses += sorted(clauses)
            rule = self.draw(st.sampled_from(["rating", "sum", "ready", *DERIVED]))
            rest = (
                "" if rule == "sum" else f'target = "100"\nunrated = "{self.draw(st.sampled_from(["spread", "zero"]))}"'
            )
            if rule in DERIVED:
                self.clauses.append(DERIVED[rule][1])
            measure = {
                **{name: f'{text}\nunit = {{ en = "%", zh = "%" }}' for name, (text, _) in DERIVED.items()},
                "rating": '{ rule = "rating" }',
                "sum": '{ rule = "sum", of = "quantity", plus = ["visit"], over_base = true }',
                "ready": '{ rule = "ready", over_base = true }\nunit = { en = "CNY", zh = "元" }',
            }[rule]
            carries = rule in ("sum", "ready") and any(one in shape for one in WITH_TARGET) and self.draw(st.booleans())
            if carries:
                self.clauses.append(25)
                rest += "\ncarried = true"
            keys = {"weight": None if weight is None else plain(weight), "section": section}
            stated = "\n".join(f'{key} = "{value}"' for key, value in keys.items() if value)
            yield f"""
[[indicators]]
id = "{name}"
clause = "1"
en = "I"
zh = "指标"
class = "compliance"
nature = "{"qualitative" if rule == "rating" else "quantitative"}"
{stated}
measure = {measure}
shape = {shape}
{rest}
"""

    def _conditions(self, of_figures: bool) -> st.SearchStrategy[str]:
        """Conditions over figures, or over points, sections and the score as well."""
        figures = ["visit", "m0", *self.names[:3], f"{self.names[0]}.completion", "certified"]
        points = ["score", *(f"{name}.points" for name in self.names[:3])]
        points += [f"{name}.points" for name in sorted({one for one in self.sections if one})]
        terms = st.builds(
            lambda name, op, value: f"{name} {op} {value}",
            st.sampled_from(figures if of_figures else figures + points),
            st.sampled_from(["<", "<=", "=", "<>", ">=", ">"]),
            st.integers(0, 5) | st.sampled_from(["0.8", "40.5", "70"]),
        )
        return st.recursive(
            terms,
            lambda inner: st.one_of(
                st.builds(lambda a: f"not ({a})", inner),
                st.builds(lambda a, word, b: f"({a}) {word} ({b})", inner, st.sampled_from(["and", "or"]), inner),
            ),
            max_leaves=4,
        )

    def _multipliers(self) -> Iterator[str]:
        for n in range(self.draw(st.sampled_from([0, 0, 1, 2, 4]))):
            self.clauses.append(36)
            when, times = self.draw(self._conditions(of_figures=True)), self.draw(st.sampled_from(["0.9", "1.05", "0"]))
            head = f'[[multipliers]]\nid = "m{n}"\nclause = "1"\nen = "M"\nzh = "系数"\n'
            yield f'{head}when = {json.dumps(when)}\ntimes = "{times}"\n'

    def _gate(self, n: int) -> str:
        self.clauses.append(37)
        does = self.draw(
            st.sampled_from(['cap_tier = "t1"', 'cap_tier = "t3"', 'coefficient = "0.9"', 'coefficient = "0"',
                             'zero = ["i0"]', 'zero = ["i1", "i0"]', 'then = "held"', 'then = "not-gradable"'])
        )  # fmt: skip
        when = self.draw(self._conditions(of_figures=does.startswith("zero")))
        return f'[[gates]]\nid = "g{n}"\nclause = "1"\nen = "G"\nzh = "门"\nwhen = {json.dumps(when)}\n{does}\n'

    def _tiers(self) -> Iterator[str]:
        """By score, by conditions, or both; the last takes in whoever is left."""
        ladder = self.draw(st.booleans())
        self.clauses += [30, 32] if ladder else [29]
        for n, (name, floor, coefficient) in enumerate(TIERS):
            keys = f'[[tiers]]\nid = "{name}"\nen = "T"\nzh = "等"\ncoefficient = "{coefficient}"\n'
            by_condition = ladder and n < len(TIERS) - 1 and self.draw(st.booleans())
            if by_condition:
                keys += f"when = {json.dumps(self.draw(self._conditions(of_figures=False)))}\n"
            if not by_condition or self.draw(st.booleans()):
                keys += f'floor = "{floor}"\n'
            if n == 1 and self.draw(st.booleans()):
                self.clauses += [31, 39]
                keys += 'steps = [{ floor = "75", coefficient = "1.1" }, { floor = "80.5", coefficient = "1.15" }]\n'
            yield keys

    def _quotas(self) -> Iterator[str]:
        """Some parts of the people, at most in a tier or a better one or at least in it or a worse one."""
        sides = [("at_most", tier) for tier, _, _ in TIERS[:-1]] + [("at_least", tier) for tier, _, _ in TIERS[1:]]
        for n, (side, tier) in enumerate(self.draw(st.lists(st.sampled_from(sides), max_size=2, unique=True))):
            self.clauses.append(34)
            part, heads = self.draw(st.sampled_from(["0", "0.2", "0.333333", "0.5", "1"])), self.draw(HEADS)
            within = self.draw(st.sampled_from(["", 'within = "branch"\n']))
            yield (
                f'[[quotas]]\nid = "q{n}"\nclause = "1"\nen = "Q"\nzh = "比例"\ntier = "{tier}"\n{side} = "{part}"\n'
                f'heads = "{heads}"\nties = "{self.draw(TIES)}"\nsmallest = {self.draw(st.integers(1, 4))}\n{within}'
            )


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """A scheme, and RMs measured under it."""
    drawing = Drawing(draw)
    scheme = read_scheme(drawing.text())
    assert isinstance(scheme, Scheme), [str(fault) for fault in scheme]
    names = st.sampled_from([*(name for name, _ in scheme.measured()), "visit"])
    groups = st.sampled_from(["", "a"])
    person = st.builds(
        Tried, figures=st.dictionaries(names, FIGURES), certified=st.booleans(), group=groups,
        days=st.none() | st.integers(0, 60), calendar_days=st.none() | st.integers(0, 90),
        months=st.none() | st.integers(0, 3), nth_quarter=st.none() | st.integers(1, 4),
    )  # fmt: skip
    people = draw(st.lists(person, min_size=1, max_size=12))
    return Bank(scheme, drawing.clauses, {f"rm{n}": _voted(scheme, one) for n, one in enumerate(people)})


def _voted(scheme: Scheme, one: Tried) -> Tried:
    """The same RM with fewer than ten thousand votes of a level, which every shape counts exactly; who has more can be
    left without a grade, as the language says."""
    levels = {part for _, measure in scheme.measured() if measure.rule == "votes" for part in measure.parts}
    voted = {
        name: replace(figure, measured=figure.measured % (MOST_VOTES // MILLI))
        for name, figure in one.figures.items()
        if name in levels and figure.measured is not None
    }
    return replace(one, figures={**one.figures, **voted})
