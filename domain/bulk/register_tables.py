"""The register as tables that lines are joined with: who serves when in which position, which scheme is in force."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import duckdb
import pyarrow as pa

from domain.register import Register
from domain.relationship_manager import RM

LAST_DAY = date.max
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "512MB",
    "enable_external_access": False,
    "python_enable_replacements": False,
}
RMS = pa.schema({"rm": pa.string(), "joined_on": pa.date32(), "left_on": pa.date32()})
SPAN = {"from_day": pa.date32(), "to_day": pa.date32()}
POSTINGS = pa.schema({"rm": pa.string(), "position": pa.string(), "org": pa.string(), **SPAN})
IN_FORCE = pa.schema({"position": pa.string(), "org": pa.string(), **SPAN, "scheme": pa.int32()})
KINDS = pa.schema({"scheme": pa.int32(), "kind": pa.string(), "counts_at_once": pa.bool_()})
INDICATORS = pa.schema({"scheme": pa.int32(), "indicator": pa.string(), "ready": pa.bool_(), "has_target": pa.bool_()})
SERVING = """
SELECT rm, greatest(p.from_day, f.from_day) AS from_day, least(p.to_day, f.to_day, left_on) AS to_day, scheme
FROM postings p JOIN rms USING (rm) JOIN in_force f USING (position, org)
WHERE greatest(p.from_day, f.from_day) <= least(p.to_day, f.to_day, left_on)
"""
"""Under which scheme an RM serves, by spans of days (both included) that do not overlap."""


class RegisterTables:
    """One state of the register's people, units and schemes in a database of its own, for as long as it holds."""

    def __init__(self, register: Register) -> None:
        self._rms, self._units, self._schemes = register.rms, register.units, register.schemes
        self._connection = duckdb.connect(":memory:", config=SETTINGS)
        numbers = {key: number for number, key in enumerate(register.schemes)}
        self._make("rms", RMS, [(rm, each.joined_on, each.left_on) for rm, each in register.rms.items()])
        self._make("postings", POSTINGS, [row for rm in register.rms.values() for row in _spans_of_service(rm)])
        self._make("in_force", IN_FORCE, list(_spans_in_force(register, numbers)))
        self._make("kinds", KINDS, list(_kinds(register, numbers)))
        self._make("indicators", INDICATORS, list(_indicators(register, numbers)))
        self._connection.execute(f"CREATE TABLE serving AS {SERVING}")

    def hold(self, register: Register) -> bool:
        """Whether these are still the people and schemes of a register; states that are the same compare quickly."""
        same = self._rms is register.rms or self._rms == register.rms
        same_tree = self._units is register.units or self._units == register.units
        return same and same_tree and self._schemes.keys() == register.schemes.keys()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection to the tables, for one thread, with temporary tables of its own."""
        return self._connection.cursor()

    def close(self) -> None:
        self._connection.close()

    def _make(self, name: str, schema: pa.Schema, rows: list[tuple[object, ...]]) -> None:
        columns = zip(*rows, strict=True) if rows else [[] for _ in schema]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        self._connection.register("given", pa.Table.from_arrays(arrays, schema=schema))
        self._connection.execute(f"CREATE TABLE {name} AS FROM given")
        self._connection.unregister("given")


def _spans_of_service(rm: RM) -> Iterator[tuple[object, ...]]:
    """Each posting with its first and last day."""
    for posting, first, last in rm.spans():
        yield rm.rm, posting.position, posting.org, first, last


def _spans_in_force(register: Register, numbers: dict[tuple[str, date], int]) -> Iterator[tuple[object, ...]]:
    """Which version of which scheme appraises a position of a unit, from when to when: it changes on a scheme's day of
    effect."""
    changes = sorted({effective for _, effective in register.schemes})
    spans = [(first, after - timedelta(days=1)) for first, after in pairwise(changes)]
    spans += [(changes[-1], LAST_DAY)] if changes else []
    for position, org in {(posting.position, posting.org) for rm in register.rms.values() for posting in rm.postings}:
        for first, last in spans:
            if scheme := register.scheme_in_force(position, first, org):
                yield position, org, first, last, numbers[(scheme.scheme, scheme.effective)]


def _kinds(register: Register, numbers: dict[tuple[str, date], int]) -> Iterator[tuple[object, ...]]:
    for key, scheme in register.schemes.items():
        for kind, rules in scheme.kinds.items():
            yield numbers[key], kind, rules.counts_at_once


def _indicators(register: Register, numbers: dict[tuple[str, date], int]) -> Iterator[tuple[object, ...]]:
    for key, scheme in register.schemes.items():
        agreed = {one.id for one in scheme.indicators if one.takes_target}
        for name, measure in scheme.measured():
            yield numbers[key], name, measure.rule == "ready", name in agreed
