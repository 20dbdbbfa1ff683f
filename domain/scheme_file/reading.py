"""The entries of a scheme file as far as they can be read, so that one mistake hides no other."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from domain.scheme_file.entries import (
    Entry,
    Gate,
    Indicator,
    Kind,
    Multiplier,
    NamedMeasure,
    QuarterlyCheck,
    Quota,
    ReviewRules,
    Section,
    Tier,
    Words,
)
from domain.scheme_file.faults import Document, Path
from domain.scheme_file.game_entries import Badge, Board, Boards, ClawBack, Game, GameLevel, Season, Streak
from domain.scheme_file.mistyped import two_brackets

E = TypeVar("E", bound=Entry)
Findings = Iterator[tuple[Path, str]]
GAME_LISTS = ("claw_backs", "seasons", "levels", "streaks", "badges", "board")
"""The lists of the game."""
MAY_LACK = {"sections", "multipliers", "gates", "quotas", *GAME_LISTS}
TABLES = ("quarterly_check", "review", "game", "boards")
"""The tables that a file may leave out, and that stand on a clause."""


@dataclass(frozen=True)
class Entries:
    """The entries that could be read, by id or by place in the file; `document` holds the others as they stand."""

    document: Document
    clauses: dict[str, Words]
    kinds: dict[str, Kind]
    measures: dict[str, NamedMeasure]
    sections: dict[int, Section]
    indicators: dict[int, Indicator]
    multipliers: dict[int, Multiplier]
    gates: dict[int, Gate]
    tiers: dict[int, Tier]
    quotas: dict[int, Quota]
    quarterly_check: QuarterlyCheck | None
    review: ReviewRules | None
    game: Game | None
    claw_backs: dict[int, ClawBack]
    seasons: dict[int, Season]
    levels: dict[int, GameLevel]
    streaks: dict[int, Streak]
    badges: dict[int, Badge]
    boards: Boards | None
    board: dict[int, Board]

    def named(self, section: str, key: str = "id") -> dict[int, Any]:
        """One key of every entry of a list in the file, readable or not."""
        return {n: one[key] for n, one in enumerate(listed(self.document, section)) if key in one}

    def are_read(self, section: str) -> bool:
        """Whether there is a list, and every entry of it could be read: what adds them up is then worth telling."""
        return 0 < len(getattr(self, section)) == len(listed(self.document, section))

    def kind_ids(self) -> list[str]:
        kinds = self.document.data.get("kinds")
        return list(kinds) if isinstance(kinds, dict) else []

    def measure_ids(self) -> list[str]:
        measures = self.document.data.get("measures")
        return list(measures) if isinstance(measures, dict) else []

    def measured(self) -> Iterator[tuple[Path, Indicator | NamedMeasure]]:
        """What is measured, each with its place in the file."""
        yield from ((("indicators", n), one) for n, one in self.indicators.items())
        yield from ((("measures", name), one) for name, one in self.measures.items())

    def indicator_ids(self) -> list[str]:
        return [one for one in self.named("indicators").values() if isinstance(one, str)]

    def tier_ids(self) -> list[str]:
        return [one for one in self.named("tiers").values() if isinstance(one, str)]


def listed(document: Document, section: str) -> list[dict[str, Any]]:
    """The tables of a list in the file; nothing where it is something else."""
    value = document.data.get(section)
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else []


def dotted(clauses: Any, path: Path = ()) -> Iterator[Path]:
    """The tables that lie in the table of a clause: `[clauses.5.1]` says them where `[clauses."5.1"]` is meant."""
    for key, one in clauses.items() if isinstance(clauses, dict) else ():
        if isinstance(one, dict):
            if path:
                yield (*path, key)
            yield from dotted(one, (*path, key))


def _read_clauses(document: Document) -> dict[str, Words]:
    """The texts of the clauses; what has a dot in its name without quotes is told once."""
    inside = list(dotted(document.data.get("clauses")))
    for path in inside:
        name = ".".join(map(str, path))
        document.fault(("clauses", *path), f'write [clauses."{name}"]: a name with a dot in it stands in quotes')
    return _read_named(document, "clauses", Words, {path[0] for path in inside})


def read_entries(document: Document) -> Entries:
    """Read every entry on its own, so that one mistake hides no other."""
    return Entries(
        document,
        _read_clauses(document),
        _read_named(document, "kinds", Kind),
        _read_named(document, "measures", NamedMeasure),
        _read_list(document, "sections", Section),
        _read_list(document, "indicators", Indicator),
        _read_list(document, "multipliers", Multiplier),
        _read_list(document, "gates", Gate),
        _read_list(document, "tiers", Tier),
        _read_list(document, "quotas", Quota),
        _read_table(document, "quarterly_check", QuarterlyCheck),
        _read_table(document, "review", ReviewRules),
        _read_table(document, "game", Game),
        _read_list(document, "claw_backs", ClawBack),
        _read_list(document, "seasons", Season),
        _read_list(document, "levels", GameLevel),
        _read_list(document, "streaks", Streak),
        _read_list(document, "badges", Badge),
        _read_table(document, "boards", Boards),
        _read_list(document, "board", Board),
    )


def _read_table(document: Document, section: str, model: type[E]) -> E | None:
    """A table that a file may leave out; what is no table is told by its head."""
    value = document.data.get(section)
    return document.read(model, (section,), value) if isinstance(value, dict) else None


def _read_named(document: Document, section: str, model: type[E], divided: Collection[object] = ()) -> dict[str, E]:
    value = document.data.get(section, {})
    if not isinstance(value, dict):
        document.fault((section,), f"write each entry as a table [{section}.<id>]")
        return {}
    tables = {
        key: {name: each for name, each in one.items() if not isinstance(each, dict)} if key in divided else one
        for key, one in value.items()
    }
    read = {key: document.read(model, (section, key), one) for key, one in tables.items() if one or key not in divided}
    return {key: one for key, one in read.items() if one is not None}


def _read_list(document: Document, section: str, model: type[E]) -> dict[int, E]:
    if section not in document.data and section not in MAY_LACK:
        document.fault((), f"add at least one table [[{section}]]")
    elif section in document.data and not listed(document, section):
        one = isinstance(document.data[section], dict)
        document.fault((section,), two_brackets(section) if one else f"write each entry as a table [[{section}]]")
    read = {n: document.read(model, (section, n), one) for n, one in enumerate(listed(document, section))}
    return {n: one for n, one in read.items() if one is not None}
