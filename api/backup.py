"""A bank in one file: copied from a store that is written to meanwhile, checked, and put into an empty store again.

The file is an SQLite store whatever the store is, so that it also moves a bank from one store to another. Sessions and
kept answers are not in it, nor is the read model, which is made from the log.
Longer than 300 lines because what is copied, checked and restored stands together.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from api.card_readings import CardReadings
from api.counted import counted
from api.identity import Identity
from domain import events
from domain.bank import Bank
from domain.log import Cursor
from domain.sqlite_log import SQLiteLog, named_faults

KEYS = {
    "stored_events": ("position",), "texts": ("originator_id", "originator_version", "field"), "users": ("name",),
    "tokens": ("token",), "demo_sign_ins": ("name",), "demo_builds": ("seed",), "account_changes": ("number",),
    "card_readings": ("number",),
}  # fmt: skip
"""What is copied, in this order, and by which columns its rows are told apart."""
COPIED = tuple(KEYS)
LEFT_OUT = ("sessions", "idempotency_keys")
CONTENTS = "backup_contents"
"""What the file held when it was made: rows and digest of each table."""
SQLITES_OWN = ("sqlite_stat1", "sqlite_stat4")
APPLICATION, APPLICATION_AT, HEADER = b"RMAB", 68, 72
"""By these bytes, SQLite's application id, in its header a file is known for a backup of ours."""
VERSION = 1
"""Rises with whatever an older version could not restore."""
PAGES, ROWS, ROWS_AT_ONCE = 1_000, 10_000, 100
Show = Callable[[int, int], None]


class BackupRefused(Exception):
    """Nothing was copied; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: the log's last position, and how many rows of each table."""

    position: int
    rows: dict[str, int]

    def __str__(self) -> str:
        told = zip(COPIED[:4], ("event", "text", "user", "token"), strict=True)
        return f"position {self.position}, " + ", ".join(counted(self.rows[table], noun) for table, noun in told)


# Backup


def back_up(bank: Bank, file: Path, show: Show) -> Contents:
    """Copy the bank as it is at this moment into a new file; writers go on. Refused where the file stands already."""
    if file.exists() or file.is_symlink():
        raise BackupRefused(f"{file} stands already and is kept: name another file")
    if not (folder := file.absolute().parent).is_dir():
        raise BackupRefused(f"{folder} is no folder: make it, or name a file in one that is there")
    _complete(bank)
    with _growing(file) as part:
        if isinstance(bank.log, SQLiteLog):
            _copy_pages(bank, part, show)
        else:
            _copy_rows(bank, part)
        _seal_off(part)
        contents = check_backup(part)
        _let_stand(part, file)
    return contents


@contextmanager
def _growing(file: Path) -> Iterator[Path]:
    """A file beside the one that is wanted, for its owner alone; what a killed backup left is replaced."""
    part = file.with_name(file.name + ".part")
    try:
        part.unlink(missing_ok=True)
        _make_empty(part)
    except OSError as error:
        folder = f"{file.absolute().parent} can't be written to ({error.strerror})"
        raise BackupRefused(f"{folder}: name a file in a folder that you may write to") from None
    try:
        with named_faults():
            yield part
    finally:
        for name in ("", "-journal", "-wal", "-shm"):
            part.with_name(part.name + name).unlink(missing_ok=True)


def _copy_pages(bank: Bank, part: Path, show: Show) -> None:
    """SQLite copies its own pages, some at a time, from the one state that an open transaction sees."""
    with (
        closing(sqlite3.connect(bank.env["SQLITE_DBNAME"], isolation_level=None)) as source,
        closing(sqlite3.connect(part)) as target,
    ):
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=PAGES, progress=lambda _, remaining, total: show(total - remaining, total))


def _copy_rows(bank: Bank, part: Path) -> None:
    """From a store of another make: row by row into an SQLite store of the same tables."""
    copy = Bank({"SQLITE_DBNAME": str(part)})
    try:
        _complete(copy)
        with bank.log.reading() as source, copy.log.writing() as target:
            for table in COPIED:
                columns = _columns(target, table)
                for rows in _pages(source, bank.log.POSITION, table, columns):
                    _insert(target, copy.log.POSITION, table, columns, rows)
    finally:
        copy.close()


def _complete(bank: Bank) -> None:
    """See that a store has the tables of this version."""
    from api.demo.standing import TABLE as DEMO_BUILDS  # numpy comes with it
    from api.idempotency import IdempotencyKeys  # and the routes with this one: every command would wait for them

    Identity(bank)
    IdempotencyKeys(bank)
    CardReadings(bank)
    if not bank.log.has_table("demo_builds"):
        with bank.transaction() as cursor:
            cursor.execute(DEMO_BUILDS)


def _columns(sqlite: Cursor | sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table of an SQLite store; the log has its positions, too."""
    found = sqlite.execute(f"PRAGMA table_info({table})").fetchall()
    return [*(["position"] if table == "stored_events" else []), *(row[1] for row in found)]


def _pages(source: Cursor, position: str, table: str, columns: Sequence[str]) -> Iterator[list[Sequence[Any]]]:
    """All rows of a table in the order of its key, some at a time."""
    named, keys = _listed(columns, position), _listed(KEYS[table], position)
    places = [columns.index(key) for key in KEYS[table]]
    source.execute(f"SELECT {named} FROM {table} ORDER BY {keys} LIMIT {ROWS}")
    while rows := source.fetchall():
        yield rows
        marks = ", ".join("?" * len(places))
        more = f"SELECT {named} FROM {table} WHERE ({keys}) > ({marks}) ORDER BY {keys} LIMIT {ROWS}"
        source.execute(more, [rows[-1][place] for place in places])


def _insert(target: Cursor, position: str, table: str, columns: Sequence[str], rows: list[Sequence[Any]]) -> None:
    """Append rows, many by one statement: PostgreSQL is asked once for each."""
    marks = f"({', '.join('?' * len(columns))})"
    for first in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[first : first + ROWS_AT_ONCE]
        values = ", ".join([marks] * len(some))
        insert = f"INSERT INTO {table} ({_listed(columns, position)}) VALUES {values}"
        target.execute(insert, [value for row in some for value in row])


def _listed(columns: Sequence[str], position: str) -> str:
    """Names of columns as SQL: those of a backup file say what its maker pleases."""
    quoted = ('"' + column.replace('"', '""') + '"' for column in columns)
    return ", ".join(position if name == '"position"' else name for name in quoted)


def _seal_off(part: Path) -> None:
    """Leave out what must not come back, note what is in it, and make it one file that needs no other beside it."""
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA synchronous = FULL")
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("BEGIN")
        for table in LEFT_OUT:
            copy.execute(f"DELETE FROM {table}")
        copy.execute(f"CREATE TABLE {CONTENTS} (name TEXT PRIMARY KEY, rows INTEGER, digest TEXT)")
        copy.executemany(f"INSERT INTO {CONTENTS} VALUES (?, ?, ?)", [(t, *_digest(copy, t)) for t in COPIED])
        copy.execute(f"PRAGMA application_id = {int.from_bytes(APPLICATION)}")
        copy.execute(f"PRAGMA user_version = {VERSION}")
        copy.execute("COMMIT")


def _let_stand(part: Path, file: Path) -> None:
    """Give the finished file its name, unless somebody else was quicker; it stands on the disk then."""
    _synced(part)
    try:
        try:
            os.link(part, file)
        except FileExistsError:
            raise
        except OSError:  # a file system without links: a name of our own may be written over
            _make_empty(file)
            part.rename(file)
    except FileExistsError:
        raise BackupRefused(f"{file} stands already and is kept: name another file") from None
    with suppress(OSError):  # not every file system syncs a folder
        _synced(file.absolute().parent)


def _make_empty(path: Path) -> None:
    """A new file, for its owner alone; FileExistsError where one stands."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Checking


def check_backup(file: Path) -> Contents:
    """What a file holds; BackupRefused where it is no whole backup of this version or an older one."""
    with _opened(file) as copy:
        try:
            return _checked(copy, file)
        except sqlite3.DatabaseError:
            raise BackupRefused(f"{file} is damaged: take another backup") from None


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A file to be read only, whatever stands in it."""
    if not file.is_file():
        raise BackupRefused(f"{file} is {'no file' if file.exists() else 'not there'}: name a file of appraise backup")
    with file.open("rb") as header:
        if header.read(HEADER)[APPLICATION_AT:HEADER] != APPLICATION:
            raise BackupRefused(f"{file} is no backup of a bank: name a file of appraise backup")
    path = quote(str(file.absolute()))
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, isolation_level=None)) as copy:
        yield copy


def _checked(copy: sqlite3.Connection, file: Path) -> Contents:
    topics = {topic for (topic,) in copy.execute("SELECT DISTINCT topic FROM stored_events")}
    tables = {
        name
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    }
    known = {*COPIED, *LEFT_OUT, CONTENTS, *SQLITES_OWN}
    if _one(copy, "PRAGMA user_version") > VERSION or topics - _topics() or tables - known:
        raise BackupRefused(f"{file} was made by a newer version: install that one to restore it")
    noted = {name: (rows, digest) for name, rows, digest in copy.execute(f"SELECT * FROM {CONTENTS}")}
    sound = _one(copy, "PRAGMA integrity_check") == "ok"
    if not sound or noted != {table: _digest(copy, table) for table in noted} or not noted.keys() <= set(COPIED):
        raise BackupRefused(f"{file} is damaged: take another backup")
    position = _one(copy, "SELECT coalesce(max(rowid), 0) FROM stored_events")
    return Contents(position, {table: noted.get(table, (0, ""))[0] for table in COPIED})


def _one(copy: sqlite3.Connection, sql: str) -> Any:
    return copy.execute(sql).fetchone()[0]


def _topics() -> set[str]:
    """Every event that this version knows."""
    return {topic for each in vars(events).values() if isinstance(topic := getattr(each, "TOPIC", None), str)}


def _digest(copy: sqlite3.Connection, table: str) -> tuple[int, str]:
    """How many rows a table has, and a digest over all of them in their order."""
    number, digest = 0, hashlib.sha256()
    position = "rowid, " if table == "stored_events" else ""
    rows = copy.execute(f"SELECT {position}* FROM {table} ORDER BY 1, 2, 3")
    while chunk := rows.fetchmany(ROWS):
        number += len(chunk)
        for row in chunk:
            digest.update(repr(row).encode())
    return number, digest.hexdigest()


# Restore


def restore(bank: Bank, file: Path, show: Show) -> Contents:
    """Put a checked backup into an empty store, whole or not at all. BackupRefused where the store holds anything."""
    contents = check_backup(file)
    _complete(bank)
    total, done = sum(contents.rows.values()), 0
    with _opened(file) as copy, bank.transaction() as target:
        for table in COPIED:
            target.execute(f"SELECT 1 FROM {table} LIMIT 1")
            if target.fetchone():
                raise BackupRefused("A bank stands there and is kept: restore into an empty data dir or database")
        for table in COPIED:
            if not (columns := _columns(copy, table)):
                continue  # an older version had no such table
            target.execute(f"SELECT * FROM {table} LIMIT 0")
            if {*columns} - {"position", *(column[0] for column in target.description)}:
                raise BackupRefused(f"{file} has columns that this version does not know: install a newer one")
            for rows in _pages(copy.cursor(), SQLiteLog.POSITION, table, columns):
                _insert(target, bank.log.POSITION, table, columns, rows)
                done += len(rows)
                show(done, total)
    return contents
