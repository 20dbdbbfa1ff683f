"""Clearing a table: the lines that are plainly right, with the state that will be stored; the rest is doubtful."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
from pydantic_core import to_json

from domain.bulk.register_tables import RegisterTables
from domain.bulk.rules import as_said, fields_clear, quoted, read_values, state_of, unescaped
from domain.bulk.subjects import Subject
from domain.events import Stamp
from domain.log import Text

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a table's lines come to, as of one state of the register.

    So many as `count` are cleared, with the free `texts` of some; their streams and states stand in the table `cleared`
    of `cursor`, and `ready` is what the log makes of it. `doubtful` are the numbers of the lines that the one-line door
    decides, `waiting` those of lines that it decides last, as they refer to others.
    """

    subject: Subject
    tables: RegisterTables
    cursor: duckdb.DuckDBPyConnection
    doubtful: list[int]
    waiting: list[int] = field(default_factory=list)
    count: int = 0
    ready: pa.Table | None = None
    texts: list[Text] = field(default_factory=list)

    def compared(self, standing: Mapping[str, bytes]) -> tuple[Numbers, list[int]]:
        """The cleared lines whose streams stand already, by their row numbers: which say the same, and which don't."""
        if not standing:
            return np.empty(0, np.int64), []
        keys, states = pa.array(list(standing), pa.string()), pa.array(list(standing.values()), pa.binary())
        self.cursor.register("standing", pa.table({"stream": keys, "state": states}))
        contents = [content_of(self.subject, state) for state in ("decode(s.state)", unescaped("c.state"))]
        differs = " IS DISTINCT FROM ".join(contents) if self.subject.content else "true"
        found = self.cursor.execute(
            f"SELECT number, {differs} AS differs FROM standing s JOIN cleared c ON c.stream = s.stream ORDER BY number"
        ).fetchnumpy()
        self.cursor.unregister("standing")
        differing = found["differs"].astype(bool)
        return found["number"][~differing], found["number"][differing].tolist()


def clear(
    subject: Subject,
    lines: pa.Table,
    tables: RegisterTables,
    moment: tuple[date, Stamp],
    salts: Callable[[], str],
    ready: str,
) -> Cleared:
    """Clear what is plainly right in a table of texts. All is doubtful where a column is foreign or holds no texts."""
    today, stamp = moment
    cursor, names = tables.cursor(), frozenset(lines.column_names)
    if not _holds_texts(lines) or names - subject.rules.keys():
        return Cleared(subject, tables, cursor, list(range(lines.num_rows)))
    cursor.register("given", _numbered(lines, subject, salts))
    told = {"today": today, "stamp": to_json(to_json(stamp).decode().removesuffix("}")).decode()[1:-1]}
    count = cursor.execute(_clearing(subject, names), told).fetchall()[0][0]
    doubtful = [] if count == lines.num_rows else _doubtful(cursor, subject, names)
    made = None if subject.continues else cursor.sql(ready).to_arrow_table()
    texts = _texts(cursor, subject, names)
    cursor.unregister("given")
    now, last = ([number for number, waits in doubtful if waits is wanted] for wanted in (False, True))
    return Cleared(subject, tables, cursor, now, last, count, made, texts)


def content_of(subject: Subject, state: str) -> str:
    """What makes a stored state the same as another: the texts of its content."""
    return f"json_extract_string({state}, {[f'$.{name}' for name in subject.content]})"


def _holds_texts(lines: pa.Table) -> bool:
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_null)
    return all(any(is_kind(field.type) for is_kind in kinds) for field in lines.schema)


def _numbered(lines: pa.Table, subject: Subject, salts: Callable[[], str]) -> pa.Table:
    """The lines with their row numbers, and a salt for each that holds a free text."""
    numbered = lines.append_column("number", pa.array(np.arange(lines.num_rows)))
    if not subject.text or subject.text[0] not in lines.column_names:
        return numbered
    drawn = [salts() if text else None for text in lines.column(subject.text[0]).to_pylist()]
    return numbered.append_column("salt", pa.array(drawn, pa.string()))


@cache
def _clearing(subject: Subject, names: frozenset[str]) -> str:
    """Of several lines of one fact only the first may be cleared: the others are compared with what it says."""
    reads = ", ".join(
        [read_values(subject.line, subject.rules), *(f"{value} AS {name}" for name, value in subject.reads.items())]
    )
    return f"""
    CREATE OR REPLACE TEMP TABLE cleared AS
    WITH {_said(subject, names)},
    read AS (SELECT *, {subject.stream} AS stream, {reads} FROM said WHERE NOT ({subject.waits})),
    firsts AS (SELECT min(number) AS number FROM read GROUP BY {subject.once}),
    line AS (
        SELECT * FROM read SEMI JOIN firsts USING (number) WHERE {fields_clear(subject.line, subject.rules)}
    )
    SELECT number, stream, {_state(subject)} AS state FROM line {subject.register} WHERE {subject.clears}
    """


def _state(subject: Subject) -> str:
    digest = {subject.text[1]: f"sha256(salt || {quoted(subject.text[0])})"} if subject.text else {}
    return state_of(subject.event, {**subject.values, **digest})


def _said(subject: Subject, names: frozenset[str]) -> str:
    salted = subject.text is not None and subject.text[0] in names
    salt = "salt" if salted else "NULL::VARCHAR AS salt"
    return f"said AS (SELECT number, {salt}, {as_said(subject.line, names)} FROM given)"


def _doubtful(cursor: duckdb.DuckDBPyConnection, subject: Subject, names: frozenset[str]) -> list[tuple[int, bool]]:
    cursor.execute(f"""
    CREATE OR REPLACE TEMP TABLE doubtful AS
    WITH {_said(subject, names)}
    SELECT number, {subject.stream} AS stream, {subject.waits} AS waits FROM said ANTI JOIN cleared USING (number)
    """)
    return cursor.execute("SELECT number, waits FROM doubtful ORDER BY number").fetchall()


def _texts(cursor: duckdb.DuckDBPyConnection, subject: Subject, names: frozenset[str]) -> list[Text]:
    if not subject.text or subject.text[0] not in names:
        return []
    name = subject.text[0]
    cursor.execute(
        f"SELECT stream, salt, {quoted(name)} FROM cleared JOIN given USING (number) WHERE salt IS NOT NULL ORDER BY 1"
    )
    return [Text(stream, 1, name, salt, text) for stream, salt, text in cursor.fetchall()]
