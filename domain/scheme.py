"""A scheme: one bank's dated rule book, read from TOML and compiled to rows that the SQL models join.

`read_scheme` gives the scheme or every mistake in the file at once, each with its line and with what would be right.
The language is described in `schemes/README.md`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from domain.calendar import Quarter
from domain.scheme_file.checks import CHECKS, untold
from domain.scheme_file.compiled import SCHEME_TABLES, Row, compiled
from domain.scheme_file.entries import (
    AMOUNT_UNIT,
    UNSTATED,
    UNSTATED_REVIEW,
    Appraisal,
    Chinese,
    CoefficientOfScore,
    English,
    Entry,
    Gate,
    Indicator,
    Kind,
    Measure,
    Multiplier,
    NamedMeasure,
    QuarterlyCheck,
    Quota,
    ReviewRules,
    Rounding,
    Section,
    Tier,
    Words,
)
from domain.scheme_file.faults import Document, Fault, Path, Right, TextLike, read_toml
from domain.scheme_file.game_entries import (
    UNSTATED_BOARDS,
    UNSTATED_GAME,
    Badge,
    Board,
    Boards,
    ClawBack,
    Game,
    GameLevel,
    Season,
    Streak,
)
from domain.scheme_file.reading import GAME_LISTS, TABLES, read_entries
from domain.scheme_file.review import refused, review
from domain.scheme_file.schema import json_schema as schema_of
from domain.scheme_file.sizes import crowded
from domain.shapes.bands import band_faults
from domain.shapes.ranks import Rank

__all__ = [
    "SCHEME_TABLES", "Checked", "Fault", "Gate", "Indicator", "Kind", "Measure", "Quota", "Scheme", "Section", "Tier",
    "Words", "check_scheme", "fresh_scheme", "json_schema", "read_scheme",
]  # fmt: skip


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
    units: Annotated[
        tuple[Annotated[str, TextLike("", r"[A-Za-z0-9_-]{1,32}")], ...],
        Right('a list of the units whose people it appraises, like ["north"]; left out: the whole bank'),
    ] = ()
    rounding: Annotated[Rounding, Right('a table [rounding] with points = "0.01" and half = "up"')]
    appraisal: Annotated[Appraisal, Right("a table [appraisal] with minimum_working_days and without_target")]
    coefficient: Annotated[
        CoefficientOfScore | None, Right("a table [coefficient] with clause, en, zh, edges, rounding and bands")
    ] = None
    quarterly_check: Annotated[
        QuarterlyCheck, Right("a table [quarterly_check] with clause, en, zh, green, amber and silent_days")
    ] = UNSTATED
    review: Annotated[
        ReviewRules, Right("a table [review] with clause, en, zh, the working days of each step, and what is asked")
    ] = UNSTATED_REVIEW
    game: Annotated[Game, Right("a table [game] with clause, en, zh, limit_by, repeats and repeats_within")] = (
        UNSTATED_GAME
    )
    boards: Annotated[
        Boards, Right("a table [boards] with clause, en, zh, ties, what others see, and the bands of people alike")
    ] = UNSTATED_BOARDS
    regulation: Literal["china", "none"] = "china"


RATED, CUSTOMERS = Words(en="points", zh="分"), Words(en="customers", zh="户")
"""The units of a rating, and of customers that are counted."""
MOST_TOLD = 100
"""Faults of one file that are told at once."""
SECTIONS = (
    "clauses", "kinds", "measures", "sections", "indicators", "multipliers", "gates", "tiers", "quotas", *GAME_LISTS,
)  # fmt: skip


class Scheme(Head):
    """One version of a scheme, whole and consistent. `file` and `text` say where it was read."""

    clauses: dict[str, Words]
    kinds: dict[str, Kind]
    measures: dict[str, NamedMeasure]
    sections: tuple[Section, ...]
    indicators: tuple[Indicator, ...]
    multipliers: tuple[Multiplier, ...]
    gates: tuple[Gate, ...]
    tiers: tuple[Tier, ...]
    quotas: tuple[Quota, ...]
    claw_backs: tuple[ClawBack, ...] = ()
    seasons: tuple[Season, ...] = ()
    levels: tuple[GameLevel, ...] = ()
    streaks: tuple[Streak, ...] = ()
    badges: tuple[Badge, ...] = ()
    board: tuple[Board, ...] = ()
    file: str = Field(exclude=True, repr=False)
    text: str = Field(exclude=True, repr=False)

    def unit_of(self, measured: Indicator | NamedMeasure) -> Words:
        """The words for one unit of what is measured; what is made of others states its own."""
        measure = measured.measure
        if measured.unit:
            return measured.unit
        if measure.rule == "rating":
            return RATED
        if measure.rule == "distinct-customers":
            return CUSTOMERS
        if measure.of == "amount":
            return Words(en=AMOUNT_UNIT[0], zh=AMOUNT_UNIT[1])
        return self.kinds[measure.kinds[0]].unit

    def is_of_pieces(self, name: str) -> bool:
        """Whether a ready figure counts pieces, as far as the scheme tells: votes, customers, or what one of its kinds
        counts. A rate, money or a rating has parts."""
        if any(name in measure.levels for _, measure in self.measured()):
            return True
        units = {kind.unit for kind in self.kinds.values() if kind.counted == "quantity"} | {CUSTOMERS}
        return self.named(name).unit in units - {RATED}

    def findings(self) -> list[Fault]:
        """What is to be said of the scheme beside that it can be read: errors, warnings and notes, by line."""
        return review(self)

    def errors(self) -> list[Fault]:
        """What keeps it from being published although it can be read."""
        return refused(self)

    def warnings(self) -> list[Fault]:
        """What is publishable, and told."""
        return [one for one in self.findings() if one.severity == "warning"]

    def measured(self) -> Iterator[tuple[str, Measure]]:
        """What is measured, by its name: the indicators, then the measures that others are made of."""
        yield from ((one.id, one.measure) for one in self.indicators)
        yield from ((name, one.measure) for name, one in self.measures.items())

    def placed(self) -> Iterator[tuple[Path, Indicator | NamedMeasure]]:
        """What is measured, each with its place in the file."""
        yield from ((("indicators", n), one) for n, one in enumerate(self.indicators))
        yield from ((("measures", name), one) for name, one in self.measures.items())

    def named(self, name: str) -> Indicator | NamedMeasure:
        """What is measured under a name."""
        return self.measures.get(name) or next(one for one in self.indicators if one.id == name)

    def peer_levels(self) -> set[str]:
        """The levels of the organisation within whose units people are compared; "" for the whole scheme."""
        ranked = {one.shape.within or "" for one in self.indicators if isinstance(one.shape, Rank)}
        return ranked | {one.within or "" for one in self.quotas}

    def conditions(self) -> Iterator[tuple[str, str]]:
        """Every condition of the scheme by its name."""
        yield from ((f"times:{one.id}", one.when) for one in self.multipliers)
        yield from ((f"gate:{one.id}", one.when) for one in self.gates)
        yield from ((f"tier:{one.id}", one.when) for one in self.tiers if one.when is not None)

    def rows(self) -> dict[str, list[Row]]:
        """The scheme compiled to the rows of `SCHEME_TABLES`."""
        return compiled(self)


def _head_faults(head: Head, clauses: set[str]) -> Iterator[tuple[Path, str]]:
    """What is wrong between the keys at the top of a file."""
    if "units" in head.model_fields_set and not head.units:
        yield ("units",), "name at least one unit, or leave `units` out: then it is for the whole bank"
    nth = [one.quarter for one in head.appraisal.ramp_up]
    if len(set(nth)) < len(nth):
        yield ("appraisal", "ramp_up"), "name each quarter of service once"
    if head.coefficient:
        yield from ((("coefficient", "bands"), message) for message in band_faults(head.coefficient.bands))
        if head.coefficient.clause not in clauses:
            yield ("coefficient", "clause"), untold(head.coefficient.clause)


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a scheme's text: the scheme where it can be read, and every finding, by line."""

    scheme: Scheme | None
    findings: list[Fault]

    @property
    def errors(self) -> list[Fault]:
        """What keeps it from being published."""
        return [one for one in self.findings if one.severity == "error"]

    @property
    def told(self) -> list[Fault]:
        """Warnings and notes: it may be published all the same."""
        return [one for one in self.findings if one.severity != "error"]


def check_scheme(text: str, file: str = "scheme.toml") -> Checked:
    """Everything there is to say of a scheme's text before it counts."""
    read = fresh_scheme(text, file)
    return Checked(read, read.findings()) if isinstance(read, Scheme) else Checked(None, read)


def fresh_scheme(text: str, file: str = "scheme.toml") -> Scheme | list[Fault]:
    """A scheme that may be published, or why not: what every door that publishes asks. More is asked of it than of one
    that stands in the log, which `read_scheme` reads."""
    document = read_toml(text, file)
    if isinstance(document, Fault):
        return [document]
    read = crowded(document) or _read(document, text)
    faults = read.errors() if isinstance(read, Scheme) else read
    if len(faults) > MOST_TOLD:
        rest = f"mend these first: {len(faults) - MOST_TOLD} more are at fault"
        return [*faults[:MOST_TOLD], Fault(file, faults[MOST_TOLD].line, rest)]
    return faults or read


def json_schema() -> dict[str, Any]:
    """The rule language as a JSON schema, for editors."""
    return schema_of(Head)


def read_scheme(text: str, file: str = "scheme.toml") -> Scheme | list[Fault]:
    """The scheme that a file states, or every mistake in it, by line. `file` is only the name in the faults."""
    document = read_toml(text, file)
    return [document] if isinstance(document, Fault) else _read(document, text)


def _read(document: Document, text: str) -> Scheme | list[Fault]:
    entries = read_entries(document)
    seen = {*SECTIONS, *(table for table in TABLES if isinstance(document.data.get(table), dict))}
    top = {key: one for key, one in document.data.items() if key not in seen}
    head = document.read(Head, (), top, also=SECTIONS)
    for check in CHECKS:
        for path, message in islice(check(entries), MOST_TOLD + 1):
            document.fault(path, message)
    if head is not None:
        for path, message in _head_faults(head, set(entries.clauses)):
            document.fault(path, message)
    if document.faults or head is None:
        return sorted(document.faults)
    return Scheme(
        **{name: getattr(head, name) for name in Head.model_fields}
        | {table: getattr(entries, table) or getattr(head, table) for table in TABLES}
        | {name: tuple(getattr(entries, name).values()) for name in GAME_LISTS},
        clauses=entries.clauses,
        kinds=entries.kinds,
        measures=entries.measures,
        sections=tuple(entries.sections.values()),
        indicators=tuple(entries.indicators.values()),
        multipliers=tuple(entries.multipliers.values()),
        gates=tuple(entries.gates.values()),
        tiers=tuple(entries.tiers.values()),
        quotas=tuple(entries.quotas.values()),
        file=document.file,
        text=text,
    )
