"""Law: whatever the scheme and the figures, the SQL models give the reference scorer's points, tier and coefficient."""

import json
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import plain
from domain.scheme import Scheme, read_scheme
from projections.trial import Trial, score
from projections.tried import Figure, Tried
from tests.reference import Graded, grade

Numbers = st.decimals(min_value=-1000, max_value=10**9, places=3) | st.integers(-3, 12).map(Decimal)
Targets = (
    st.none() | st.decimals(min_value=Decimal("0.001"), max_value=10**9, places=3) | st.integers(1, 9).map(Decimal)
)
Figures = st.builds(Figure, st.none() | Numbers, Targets, st.none() | Numbers)
Rates = st.sampled_from(["0.5", "1", "3", "0.333333", "7.25"])
Shapes = st.one_of(
    st.builds(
        lambda cap, floor: f'{{ kind = "completion", cap = "{cap}", floor = "{floor}" }}',
        st.sampled_from(["1", "1.2", "1.333333"]),
        st.sampled_from(["0", "0.5", "0.1"]),
    ),
    st.builds(
        lambda kind, points, per, limit: (
            f'{{ kind = "{kind}", points = "{points}", per = "{per}", limit = "{limit}" }}'
        ),
        st.sampled_from(["per-unit", "deduction"]),
        Rates,
        st.sampled_from(["1", "3", "0.007", "1000"]),
        st.sampled_from(["2", "10", "33.333333", "100"]),
    ),
)
Conditions = st.recursive(
    st.builds(
        lambda name, op, value: f"{name} {op} {value}",
        st.sampled_from(["visit", "i0", "i1"]),
        st.sampled_from(["<", "<=", "=", "<>", ">=", ">"]),
        st.integers(0, 5),
    ),
    lambda inner: st.one_of(
        st.builds(lambda a: f"not ({a})", inner),
        st.builds(lambda a, word, b: f"({a}) {word} ({b})", inner, st.sampled_from(["and", "or"]), inner),
    ),
    max_leaves=4,
)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """A scheme of two to five indicators with any weights, shapes, rounding and gates."""
    cuts = sorted(draw(st.sets(st.integers(1, 9_999_999), min_size=1, max_size=4)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 10_000_000], strict=True)]
    indicators = [_indicator(draw, n, Decimal(weight) / 100_000) for n, weight in enumerate(weights)]
    gates = [_gate(draw, n) for n in range(draw(st.integers(0, 3)))]
    head = _head(
        draw(st.sampled_from(["1", "0.01", "0.000001"])),
        draw(st.sampled_from(["up", "even"])),
        draw(st.sampled_from(["spread", "zero"])),
    )
    scheme = read_scheme("\n".join([head, *indicators, *gates, TIERS]))
    assert isinstance(scheme, Scheme), [str(fault) for fault in scheme]
    return scheme


def _head(points: str, half: str, without_target: str) -> str:
    return f"""
scheme = "law"
effective = 2026-01-01
en = "Law"
zh = "法"
positions = ["*"]
rounding = {{ points = "{points}", half = "{half}" }}
clauses."1" = {{ en = "One.", zh = "一。" }}
[appraisal]
clause = "1"
en = "Who"
zh = "谁"
minimum_working_days = 0
without_target = "{without_target}"
[kinds.visit]
clause = "1"
en = "Visit"
zh = "走访"
unit = {{ en = "visits", zh = "次" }}
counted = "quantity"
reported = "fed"
counts = "at-once"
"""


TIERS = "".join(
    f'[[tiers]]\nid = "t{n}"\nen = "T"\nzh = "等"\nfloor = "{floor}"\ncoefficient = "{coefficient}"\n'
    for n, (floor, coefficient) in enumerate([("90", "1.2"), ("70", "1"), ("40.5", "0.8"), ("0", "0.5")])
)


def _indicator(draw: st.DrawFn, n: int, weight: Decimal) -> str:
    rule = draw(st.sampled_from(["rating", "sum", "ready"]))
    rest = "" if rule == "sum" else 'target = "100"\nunrated = "' + draw(st.sampled_from(["spread", "zero"])) + '"'
    measure = {
        "rating": '{ rule = "rating" }',
        "sum": '{ rule = "sum", of = "quantity", plus = ["visit"], over_base = true }',
        "ready": '{ rule = "ready", over_base = true }\nunit = { en = "CNY", zh = "元" }',
    }[rule]
    return f"""
[[indicators]]
id = "i{n}"
clause = "1"
en = "I"
zh = "指标"
class = "compliance"
nature = "{"qualitative" if rule == "rating" else "quantitative"}"
weight = "{plain(weight)}"
measure = {measure}
shape = {draw(Shapes)}
{rest}
"""


def _gate(draw: st.DrawFn, n: int) -> str:
    does = draw(st.sampled_from(['cap_tier = "t1"', 'cap_tier = "t3"', 'coefficient = "0.9"', 'coefficient = "0"']))
    when = json.dumps(draw(Conditions))
    return f'[[gates]]\nid = "g{n}"\nclause = "1"\nen = "G"\nzh = "门"\nwhen = {when}\n{does}\n'


@st.composite
def banks(draw: st.DrawFn) -> tuple[Scheme, dict[str, Tried]]:
    """A scheme, and RMs measured under it."""
    scheme = draw(schemes())
    names = st.sampled_from([*(one.id for one in scheme.indicators), "visit"])
    people = draw(st.lists(st.dictionaries(names, Figures), min_size=1, max_size=25))
    return scheme, {f"rm{n}": Tried(figures=figures) for n, figures in enumerate(people)}


@settings(max_examples=30)
@given(banks())
def test_every_line_score_tier_and_coefficient_is_the_reference_scorers(bank: tuple[Scheme, dict[str, Tried]]) -> None:
    scheme, tried = bank
    for trial in score(scheme, tried):
        assert _as_fractions(trial) == grade(scheme, tried[trial.rm])


def _as_fractions(trial: Trial) -> Graded:
    return Graded(
        points={line.indicator: _fraction(line.points) for line in trial.lines},
        completion={line.indicator: _fraction(line.completion) for line in trial.lines},
        gates=trial.gates,
        score=_fraction(trial.score),
        tier=trial.tier,
        coefficient=_fraction(trial.coefficient),
    )


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
