"""Erasure: the names and notes about one RM or one customer taken away for good; events, seals and figures stay.

Whom a text is about follows from the event that refers to it, or from the first event of its stream.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import duckdb
import pyarrow as pa
from eventsourcing.persistence import IntegrityError

from domain.bank import TRIES, Bank
from domain.events import TextsErased
from domain.log import FIELD, LINE, Busy, Log, RegisterMoved
from domain.refusal import Refusal, Refused

Subject = Literal["rm", "customer"]
Key = tuple[str, int, str]
"""A text's stream, version and field."""
PAGE = 50_000
COLUMNS = ("stream", "version", "field", "salt", "text", "state", "first")


@dataclass(frozen=True, slots=True)
class Erased:
    """How many texts are gone, how many events still name the id (that of the erasure is one), and whether the store's
    files hold no trace of the texts any more (a reader that did not let go may keep one in the journal)."""

    texts: int
    events: int
    cleared: bool


def erase_texts(bank: Bank, subject: Subject, key: str, by: str) -> Erased | Refused:
    """Take away every text about an RM or a customer, its salt with it, and say so by an event."""
    events = _count_events(bank.log, subject, key)
    if not events or (subject == "rm" and key not in bank.register.rms):
        what = "an RM of the bank" if subject == "rm" else "a customer whom some event names"
        return Refused([Refusal("not-found", subject, f"name {what}")])
    texts, own = _erase(bank, subject, key, by)
    return Erased(texts, events + own, bank.log.clear_erased())


def _erase(bank: Bank, subject: Subject, key: str, by: str) -> tuple[int, int]:
    """Erase until nothing is left to erase: a note may have been recorded since one looked. How many texts, and how
    many events say so."""
    erased = own = 0
    for _ in range(TRIES):
        register = bank.register
        keys = _select_keys(bank.log, subject, key)
        if not keys and (subject == "customer" or register.rms[key].erased):
            return erased, own
        try:
            bank.save(_erasure(bank, subject, key, by, len(keys)), erased=keys, register_at=register.position)
        except (RegisterMoved, IntegrityError):
            continue
        erased, own = erased + len(keys), own + 1
    raise Busy("other writers were quicker each time; try again")


def _erasure(bank: Bank, subject: Subject, key: str, by: str, texts: int) -> TextsErased:
    stream = f"{subject}:{key}"
    rows = bank.log.select_streams([stream]).get(stream, [])
    return TextsErased(
        originator_id=stream, originator_version=rows[-1].originator_version + 1 if rows else 1, texts=texts,
        recorded_at=bank.clock(), by=by, rm=key if subject == "rm" else None,
        customer=key if subject == "customer" else None,
    )  # fmt: skip


def pages_of_texts(log: Log) -> Iterator[pa.Table]:
    """The standing texts, each with the state of its event and of the first event of its stream (COLUMNS)."""
    last: Key = ("", 0, "")
    state = f"SELECT {log.STATE} FROM stored_events WHERE originator_id = t.originator_id AND originator_version"
    while True:
        with log.reading() as cursor:
            cursor.execute(
                "SELECT t.originator_id, t.originator_version, t.field, t.salt, t.text, "
                f"({state} = t.originator_version), ({state} = 1) FROM texts t "
                "WHERE (t.originator_id, t.originator_version, t.field) > (?, ?, ?) ORDER BY 1, 2, 3 LIMIT ?",
                (*last, PAGE),
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][:3]
        yield pa.table(dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)))


def _select_keys(log: Log, subject: Subject, key: str) -> list[Key]:
    """The texts about an RM or a customer."""
    about = " OR ".join(f"json_extract_string({state}, '$.{subject}') = $key" for state in ("state", "first"))
    keys: list[Key] = []
    with duckdb.connect() as con:
        for page in pages_of_texts(log):
            con.register("texts", page)
            keys += con.execute(f"SELECT stream, version, field FROM texts WHERE {about}", {"key": key}).fetchall()
    return keys


def _count_events(log: Log, subject: Subject, key: str) -> int:
    """How many events of the log are about an RM or a customer."""
    with log.reading() as cursor:
        last = log.last_position(cursor)
    count = 0
    with duckdb.connect() as con:
        for blocks in log.select_runs(0, last):
            con.register("blocks", pa.table({"block": blocks}))
            rows = con.execute(
                f"SELECT count(*) FROM (SELECT unnest(string_split(block, chr({ord(LINE)}))) AS row FROM blocks) AS r "
                f"WHERE contains(r.row, $quoted) AND "
                f"json_extract_string(split_part(r.row, chr({ord(FIELD)}), 5), '$.{subject}') = $key",
                {"quoted": json.dumps(key, ensure_ascii=False), "key": key},
            ).fetchall()
            count += rows[0][0]
    return count
