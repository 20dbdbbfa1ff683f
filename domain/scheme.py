"""A scheme: one bank's dated rule book, read from TOML and compiled to rows that the SQL models join.

`read_scheme` gives the scheme or every mistake in the file at once, each with its line and with what would be right.
The language is described in `schemes/README.md`.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from domain.calendar import Quarter
from domain.money import MICRO, MILLI, plain, scaled
from domain.scheme_file.checks import CHECKS, read_entries
from domain.scheme_file.conditions import read_condition
from domain.scheme_file.entries import (
    AMOUNT_UNIT,
    UNSTATED,
    Appraisal,
    Chinese,
    English,
    Entry,
    Gate,
    Indicator,
    IndicatorClass,
    Kind,
    Measure,
    QuarterlyCheck,
    Rounding,
    Tier,
    Words,
)
from domain.scheme_file.faults import Fault, Right, TextLike, read_toml

__all__ = ["SCHEME_TABLES", "Fault", "Gate", "Indicator", "Kind", "Measure", "Scheme", "Tier", "Words", "read_scheme"]

SCHEME_TABLES = {
    "scheme_versions": "scheme VARCHAR, effective DATE, points_unit BIGINT, half VARCHAR, "
    "minimum_working_days INTEGER, without_target VARCHAR, green BIGINT, amber BIGINT, silent_days INTEGER",
    "scheme_positions": "scheme VARCHAR, effective DATE, post VARCHAR",
    "scheme_kinds": "scheme VARCHAR, effective DATE, kind VARCHAR, counted VARCHAR, points BIGINT, daily_limit BIGINT, "
    "at_once BOOLEAN, self_reported BOOLEAN",
    "scheme_indicators": "scheme VARCHAR, effective DATE, indicator VARCHAR, ordinal INTEGER, class VARCHAR, "
    "nature VARCHAR, weight BIGINT, rule VARCHAR, measured_by VARCHAR, over_base BOOLEAN, deposit BOOLEAN, "
    "target BIGINT, unrated VARCHAR, shape VARCHAR, cap BIGINT, floor BIGINT, rate_points BIGINT, rate_per BIGINT, "
    "rate_limit BIGINT",
    "scheme_terms": "scheme VARCHAR, effective DATE, indicator VARCHAR, kind VARCHAR, sign INTEGER",
    "scheme_gates": "scheme VARCHAR, effective DATE, gate VARCHAR, ordinal INTEGER, cap_tier VARCHAR, "
    "cap_ordinal INTEGER, coefficient BIGINT",
    "scheme_gate_terms": "scheme VARCHAR, effective DATE, gate VARCHAR, alternative INTEGER, measure VARCHAR, "
    "of_kind BOOLEAN, op VARCHAR, value BIGINT",
    "scheme_tiers": "scheme VARCHAR, effective DATE, tier VARCHAR, ordinal INTEGER, floor BIGINT, coefficient BIGINT",
}
"""The columns of each table of a compiled scheme: measured figures in thousandths, points and ratios in millionths."""

Row = tuple[object, ...]


def _first_day_of_a_quarter(value: object) -> object:
    if not isinstance(value, date) or isinstance(value, datetime) or Quarter.of(value).first_day != value:
        raise ValueError("not a quarter's first day")
    return value


class Head(Entry):
    """What stands at the top of the file: which scheme, from when, for whom, and how it rounds."""

    scheme: Annotated[str, TextLike('an id of a-z, 0-9 and -, like "north-personal-rm"', "[a-z0-9-]{1,48}")]
    effective: Annotated[
        date, Right("a quarter's first day without quotes, like 2026-01-01"), BeforeValidator(_first_day_of_a_quarter)
    ]
    en: English
    zh: Chinese
    positions: Annotated[
        tuple[Annotated[str, TextLike("", r"[A-Za-z0-9_-]{1,32}|[*]")], ...],
        Field(min_length=1),
        Right('a list of the positions it appraises, or ["*"] for all that no other scheme names'),
    ]
    rounding: Annotated[Rounding, Right('a table [rounding] with points = "0.01" and half = "up"')]
    appraisal: Annotated[Appraisal, Right("a table [appraisal] with minimum_working_days and without_target")]
    quarterly_check: Annotated[
        QuarterlyCheck, Right("a table [quarterly_check] with clause, en, zh, green, amber and silent_days")
    ] = UNSTATED


SECTIONS = ("clauses", "kinds", "indicators", "gates", "tiers")


class Scheme(Head):
    """One version of a scheme, whole and consistent. `file` and `text` say where it was read."""

    clauses: dict[str, Words]
    kinds: dict[str, Kind]
    indicators: tuple[Indicator, ...]
    gates: tuple[Gate, ...]
    tiers: tuple[Tier, ...]
    file: str = Field(exclude=True, repr=False)
    text: str = Field(exclude=True, repr=False)

    def unit_of(self, indicator: Indicator) -> Words:
        """The words for one unit of what an indicator measures."""
        measure = indicator.measure
        if indicator.unit:
            return indicator.unit
        if measure.rule == "rating":
            return Words(en="points", zh="分")
        if measure.rule == "distinct-customers":
            return Words(en="customers", zh="户")
        if measure.of == "amount":
            return Words(en=AMOUNT_UNIT[0], zh=AMOUNT_UNIT[1])
        return self.kinds[measure.kinds[0]].unit

    def warnings(self) -> list[Fault]:
        """Where the scheme is lawful TOML but not what the regulator of the trade asks for (S25)."""
        document = read_toml(self.text, self.file)
        if isinstance(document, Fault):
            return [document]
        for n, message in (*self._balance(), *self._deposits()):
            document.fault(("indicators", n), message)
        return sorted(document.faults)

    def _balance(self) -> Iterator[tuple[int, str]]:
        weights: dict[IndicatorClass, Decimal] = {}
        for one in self.indicators:
            weights[one.indicator_class] = weights.get(one.indicator_class, Decimal(0)) + one.weight
        restraint = weights.pop("compliance", Decimal(0)) + weights.pop("risk", Decimal(0))
        for name, weight in weights.items():
            if weight >= restraint:
                first = next(n for n, one in enumerate(self.indicators) if one.indicator_class == name)
                message = f"make compliance and risk together weigh more than {name}: they have {plain(restraint)}"
                yield first, f"{message}, it has {plain(weight)}"

    def _deposits(self) -> Iterator[tuple[int, str]]:
        for n, one in enumerate(self.indicators):
            if one.deposit and one.measure.rule == "ready":
                yield n, "have the warehouse deliver deposits as a daily average: no target may be set for one day"
            elif one.deposit and one.measure.rule != "daily-average":
                message = f"measure deposits by their daily average, not by {one.measure.rule}"
                yield n, f"{message}: no target may be set for one day"

    def rows(self) -> dict[str, list[Row]]:
        """The scheme compiled to the rows of `SCHEME_TABLES`."""
        bare: dict[str, Iterator[Row]] = {
            "scheme_versions": self._version_rows(),
            "scheme_positions": ((post,) for post in self.positions),
            "scheme_kinds": self._kind_rows(),
            "scheme_indicators": self._indicator_rows(),
            "scheme_terms": self._term_rows(),
            "scheme_gates": self._gate_rows(),
            "scheme_gate_terms": self._gate_term_rows(),
            "scheme_tiers": self._tier_rows(),
        }
        return {table: [(self.scheme, self.effective, *row) for row in rows] for table, rows in bare.items()}

    def _version_rows(self) -> Iterator[Row]:
        unit, check = scaled(self.rounding.points, MICRO), self.quarterly_check
        lights = (scaled(check.green, MICRO), scaled(check.amber, MICRO), check.silent_days)
        yield unit, self.rounding.half, self.appraisal.minimum_working_days, self.appraisal.without_target, *lights

    def _kind_rows(self) -> Iterator[Row]:
        for key, kind in self.kinds.items():
            limit = None if kind.daily_limit is None else scaled(kind.daily_limit, MILLI)
            yield key, kind.counted, scaled(kind.points, MICRO), limit, kind.counts_at_once, kind.self_reported

    def _indicator_rows(self) -> Iterator[Row]:
        for n, one in enumerate(self.indicators):
            target = None if one.target is None else scaled(one.target, MILLI)
            measure = (one.measure.rule, one.measure.of, one.measure.over_base, one.deposit, target, one.unrated)
            yield one.id, n, one.indicator_class, one.nature, scaled(one.weight, MICRO), *measure, *one.shape.columns()

    def _term_rows(self) -> Iterator[Row]:
        for one in self.indicators:
            signed = ((one.measure.plus, 1), (one.measure.minus, -1), (one.measure.sets, 0))
            yield from ((one.id, kind, sign) for kinds, sign in signed for kind in kinds)

    def _gate_rows(self) -> Iterator[Row]:
        places: dict[str | None, int] = {tier.id: n for n, tier in enumerate(self.tiers)}
        for n, gate in enumerate(self.gates):
            coefficient = None if gate.coefficient is None else scaled(gate.coefficient, MICRO)
            yield gate.id, n, gate.cap_tier, places.get(gate.cap_tier), coefficient

    def _gate_term_rows(self) -> Iterator[Row]:
        for gate in self.gates:
            condition = read_condition(gate.when)
            for n, terms in enumerate(() if isinstance(condition, str) else condition):
                for term in terms:
                    yield gate.id, n, term.measure, term.measure in self.kinds, term.op, scaled(term.value, MILLI)

    def _tier_rows(self) -> Iterator[Row]:
        for n, tier in enumerate(self.tiers):
            yield tier.id, n, scaled(tier.floor, MICRO), scaled(tier.coefficient, MICRO)


def read_scheme(text: str, file: str = "scheme.toml") -> Scheme | list[Fault]:
    """The scheme that a file states, or every mistake in it, by line. `file` is only the name in the faults."""
    document = read_toml(text, file)
    if isinstance(document, Fault):
        return [document]
    entries = read_entries(document)
    top = {key: one for key, one in document.data.items() if key not in SECTIONS}
    head = document.read(Head, (), top, also=SECTIONS)
    for check in CHECKS:
        for path, message in check(entries):
            document.fault(path, message)
    if document.faults or head is None:
        return sorted(document.faults)
    return Scheme(
        **{name: getattr(head, name) for name in Head.model_fields},
        clauses=entries.clauses,
        kinds=entries.kinds,
        indicators=tuple(entries.indicators.values()),
        gates=tuple(entries.gates.values()),
        tiers=tuple(entries.tiers.values()),
        file=file,
        text=text,
    )
