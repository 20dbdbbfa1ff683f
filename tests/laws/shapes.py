"""Any shape of the rule language, as the text of a scheme file: the clauses of the language's list that it draws."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from domain.money import plain

Drawn = tuple[str, frozenset[int]]
"""A shape's text, and the numbers of the clauses that it stands for."""
RATES = st.sampled_from(["0.5", "1", "3", "0.333333", "7.25"])
PERS = st.sampled_from(["1", "3", "0.007", "1000"])
LIMITS = st.sampled_from(["2", "10", "33.333333", "100"])
EARNED = st.sampled_from(["0", "1", "4.5", "10", "3.3333"])
EDGES = st.sampled_from(["from", "to"])
ON = st.sampled_from(["measured", "completion"])
STEPS = st.sampled_from(["parts", "full", "parts", "started"])


def table(**keys: str | None) -> str:
    """An inline table; keys without a value are left out."""
    return "{ " + ", ".join(f"{key.rstrip('_')} = {value}" for key, value in keys.items() if value is not None) + " }"


def quoted(text: object) -> str:
    return f'"{text}"'


@st.composite
def places(draw: st.DrawFn, on: str, least: int, most: int) -> list[str]:
    """Rising places on an axis, where the figures of the law often lie."""
    drawn = draw(st.sets(st.integers(0, 24), min_size=least, max_size=most))
    step = Decimal("0.25") if on == "completion" else Decimal("0.5")
    return [quoted(plain(step * one)) for one in sorted(drawn)]


@st.composite
def completions(draw: st.DrawFn) -> Drawn:
    start = draw(st.sampled_from(["0.6", "0.25", None]))
    below, above = draw(st.none() | st.sampled_from(["0.5", "2"])), draw(st.none() | st.sampled_from(["0.3333", "1.5"]))
    under = draw(st.sampled_from(["0.8", "1", None]))
    cliff = None if under is None else table(under=quoted(under), keeps=quoted(draw(st.sampled_from(["0.5", "0"]))))
    text = table(
        kind='"completion"', cap=quoted(draw(st.sampled_from(["1", "1.2", "1.333333"]))),
        floor=quoted(draw(st.sampled_from(["0", "0.5", "0.1"]))), start=start and quoted(start),
        below=below and quoted(below), above=above and quoted(above), cliff=cliff,
    )  # fmt: skip
    clauses = {1} | ({2} if start else set()) | ({3} if below or above else set()) | ({4} if cliff else set())
    return text, frozenset(clauses)


@st.composite
def curves(draw: st.DrawFn) -> Drawn:
    on = draw(ON)
    points = [table(at=at, gives=quoted(draw(EARNED))) for at in draw(places(on, 2, 4))]
    return table(kind='"curve"', on=quoted(on), points=f"[{', '.join(points)}]"), frozenset({6})


@st.composite
def bands(draw: st.DrawFn) -> Drawn:
    on = draw(ON)
    edges = draw(places(on, 1, 4))
    ends = [None, *edges, None]
    interpolates = False
    rows = []
    for low, high in pairwise(ends):
        until = draw(st.none() | EARNED) if low and high else None
        interpolates |= until is not None
        rows.append(_band(low, high, quoted(draw(EARNED)), until and quoted(until)))
    text = table(kind='"bands"', on=quoted(on), edges=quoted(draw(EDGES)), bands=f"[{', '.join(rows)}]")
    return text, frozenset({7 if on == "measured" else 8} | ({9} if interpolates else set()))


def _band(low: str | None, high: str | None, gives: str, until: str | None) -> str:
    return table(from_=low, to=high, gives=gives, until=until)


@st.composite
def slices(draw: st.DrawFn) -> Drawn:
    counts = draw(st.sampled_from(["slice", "whole"]))
    begins = [None, *(one for one in draw(places("measured", 1, 3)) if one != '"0"')]
    rows = [table(from_=one, points=quoted(draw(RATES)), per=quoted(draw(PERS))) for one in begins]
    if len(rows) < 2:
        rows.append(table(from_='"5"', points='"2"', per='"1"'))
    text = table(
        kind='"slices"', counts=quoted(counts), edges=quoted(draw(EDGES)), limit=quoted(draw(LIMITS)),
        slices=f"[{', '.join(rows)}]",
    )  # fmt: skip
    return text, frozenset({10 if counts == "slice" else 11})


@st.composite
def rated(draw: st.DrawFn, kind: str) -> Drawn:
    steps = draw(STEPS)
    free = draw(st.none() | st.sampled_from(["0", "2", "0.5"])) if kind == "deduction" else None
    text = table(
        kind=quoted(kind), points=quoted(draw(RATES)), per=quoted(draw(PERS)), limit=quoted(draw(LIMITS)),
        steps=quoted(steps), free=free and quoted(free),
    )  # fmt: skip
    if kind == "deduction":
        return text, frozenset({14})
    return text, frozenset({12 if steps == "parts" else 13})


@st.composite
def controls(draw: st.DrawFn) -> Drawn:
    met = draw(st.sampled_from(["full", "missed"]))
    text = table(
        kind='"control"', better=quoted(draw(st.sampled_from(["more", "less"]))), met=quoted(met),
        points=quoted(draw(RATES)), per=quoted(draw(PERS)), limit=quoted(draw(LIMITS)),
        steps=quoted("started" if met == "missed" else draw(STEPS)),
        tolerance=quoted(draw(st.sampled_from(["0", "1", "0.25"]))),
    )  # fmt: skip
    return text, frozenset({17})


@st.composite
def ranks(draw: st.DrawFn) -> Drawn:
    """A place among peers; the edges are parts of small groups."""
    on = draw(ON)
    edges = sorted(draw(st.sets(st.sampled_from(["0.2", "0.25", "0.3333", "0.5", "0.75"]), min_size=1, max_size=3)))
    ends = [None, *map(quoted, edges), None]
    rows = []
    for low, high in pairwise(ends):
        until = draw(st.none() | EARNED) if low and high else None
        rows.append(_band(low, high, quoted(draw(EARNED)), until and quoted(until)))
    better = draw(st.sampled_from(["more", "less"])) if on == "measured" else "more"
    text = table(
        kind='"rank"', on=quoted(on), better=quoted(better),
        within=draw(st.sampled_from([None, '"branch"'])), ties=quoted(draw(st.sampled_from(["best", "worst"]))),
        smallest=str(draw(st.integers(1, 3))), small=quoted(draw(st.sampled_from(["spread", "zero", "full"]))),
        bands=f"[{', '.join(rows)}]",
    )  # fmt: skip
    return text, frozenset({33})


@st.composite
def outside(draw: st.DrawFn) -> Drawn:
    """A shape outside the 100."""
    kind = draw(st.sampled_from(["bonus", "penalty"]))
    free = draw(st.none() | st.just("2")) if kind == "penalty" else None
    text = table(
        kind=quoted(kind), points=quoted(draw(RATES)), per=quoted(draw(PERS)), limit=quoted(draw(LIMITS)),
        steps=quoted(draw(STEPS)), free=free and quoted(free),
    )  # fmt: skip
    return text, frozenset({15})


ALL_OR_NOTHING = st.sampled_from(["1", "0.9"]).map(
    lambda reached: (table(kind='"all-or-nothing"', reached=quoted(reached)), frozenset({5}))
)
SHAPES = st.one_of(
    completions(), completions(), ALL_OR_NOTHING, curves(), bands(), bands(), slices(), slices(),
    rated("per-unit"), rated("per-unit"), rated("per-unit"), rated("deduction"), controls(), ranks(),
)  # fmt: skip
"""Any shape within the 100."""
