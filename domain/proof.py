"""Proof: every seal of the log computed anew, and the first event named that is not as it was sealed."""

import hashlib
import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eventsourcing.persistence import Mapper, PersistenceError, StoredEvent

from domain.events import AliasChosen, AliasDropped, LogSealed, TextsErased
from domain.log import BLOCK, FIELD, LINE, RUN, Cursor, Log, Senseless
from domain.seal import MARK, STREAM, Manifest, chained, digest_of, position_of, read_seal

UNREADABLE = (sqlite3.OperationalError, UnicodeDecodeError, PersistenceError)
"""What reading by blocks raises where a row holds no UTF-8."""
DIGEST = "_digest"
"""How the fields of an event end that refer to a text of it."""
OF_RESULT = "result_digest"
"""The one that ends so and names a result: see domain/result.py."""
SUBJECTS = ("rm", "customer")
REPLACED = (AliasChosen.TOPIC, (AliasChosen.TOPIC, AliasDropped.TOPIC))
"""Whose text goes without an erasure, once one of the others comes after it in its stream."""
PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """The first event that is not as it was. `stream` and `topic` are those of what stands there now, if anything."""

    says: str
    position: int | None = None
    stream: str | None = None
    topic: str | None = None


def check_seals(log: Log, until: int, manifest: Manifest | None = None) -> Manifest | Difference:
    """Compute every seal anew up to a position: how far the log is sealed, or the first event that differs.

    With a manifest, its seal must stand in the chain, too.
    """
    version, reached, counted, ends = 0, Manifest(), 0, {0: ""}
    while rows := _select_seals(log, version, until):
        seals, broken = _linked(rows, version, reached)
        if different := _different_block(log, seals) or broken:
            return different
        version, reached = version + len(seals), Manifest(seals[-1].last, seals[-1].chained)
        counted += sum(made.count for made in seals)
        ends |= {made.last: made.chained for made in seals}
    if manifest and ends.get(manifest.position) != manifest.digest:
        return Difference(
            f"The log up to position {manifest.position} is not the one of the manifest: "
            "it was cut off, or rewritten and sealed anew"
        )
    return _unlike(log, reached, counted) or reached


def _select_seals(log: Log, after: int, until: int) -> list[tuple[int, int, str, bytes]]:
    with log.reading() as cursor:
        cursor.execute(
            f"SELECT {log.POSITION}, originator_version, topic, state FROM stored_events WHERE originator_id = ? "
            f"AND originator_version > ? AND {log.POSITION} <= ? ORDER BY originator_version LIMIT ?",
            (STREAM, after, until, RUN),
        )
        return cursor.fetchall()


def _linked(
    rows: Sequence[tuple[int, int, str, bytes]], version: int, reached: Manifest
) -> tuple[list[LogSealed], Difference | None]:
    """The seals that hold on to the chain, one after the other, and what breaks it."""
    seals: list[LogSealed] = []
    for position, number, topic, state in rows:
        if number != version + len(seals) + 1:
            said = f"Seal {version + len(seals) + 1} is gone: it stood beyond position {reached.position}"
            return seals, Difference(said, None, STREAM, LogSealed.TOPIC)
        made = read_seal(number, state) if topic == LogSealed.TOPIC else None
        if made is None or made.first != reached.position + 1 or made.chained != chained(reached.digest, made):
            return seals, _changed(position, STREAM, topic)
        seals.append(made)
        reached = Manifest(made.last, made.chained)
    return seals, None


def _different_block(log: Log, seals: Sequence[LogSealed]) -> Difference | None:
    for group in _groups(seals):
        first, last = group[0].first, group[-1].last
        try:
            blocks = log.select_blocks(first - 1, last - first + 1, last)
        except UNREADABLE:
            unreadable = _first_unreadable(log, first, last)
            whole = [made for made in seals if made.last < (unreadable.position or first)]
            return _different_block(log, whole) or unreadable
        ends, texts = [made.last for made in group], [list[str]() for _ in group]
        for block in blocks:
            texts[bisect_left(ends, position_of(block))].append(block)
        for made, text in zip(group, texts, strict=True):
            if different := _compared(made, LINE.join(text)):
                return different
    return None


def _groups(seals: Sequence[LogSealed]) -> Iterator[list[LogSealed]]:
    """Seals that one reading by blocks covers: one that ends within a block ends its group."""
    group: list[LogSealed] = []
    for made in seals:
        group.append(made)
        if made.last % BLOCK:
            yield group
            group = []
    if group:
        yield group


def _compared(made: LogSealed, block: str) -> Difference | None:
    """The first event of a block that is not as it was sealed."""
    if digest_of(block) == made.digest:
        return None
    rows = block.split(LINE) if block else []
    marks = [hashlib.md5(row.encode(), usedforsecurity=False).hexdigest()[:MARK] for row in rows]
    sealed = [made.marks[at : at + MARK] for at in range(0, len(made.marks), MARK)]
    at = next((n for n, (mark, was) in enumerate(zip(marks, sealed, strict=False)) if mark != was), None)
    if at is None and len(rows) == len(sealed):
        return Difference(f"An event between positions {made.first} and {made.last} is not as it was sealed")
    return _named(made, rows, min(len(rows), len(sealed)) if at is None else at)


def _named(made: LogSealed, rows: Sequence[str], at: int) -> Difference:
    """What became of the event that was sealed as the one at a place within its block."""
    before = position_of(rows[at - 1]) if at else made.first - 1
    if made.count == made.last - made.first + 1:  # no position was left out, so that each place has its position
        missing = at == len(rows) or position_of(rows[at]) != made.first + at
    else:
        missing = len(rows) < made.count
    if missing:
        where = f"at position {before + 1}" if made.count == made.last - made.first + 1 else f"after position {before}"
        return Difference(f"The event that stood {where} is gone", before + 1)
    position, stream, _, topic, *_ = (*rows[at].split(FIELD), "", "", "", "")
    if len(rows) > made.count:
        return Difference(f"{_event(position, stream, topic)} was put in later", int(position), stream, topic)
    return _changed(int(position), stream, topic)


def _changed(position: int, stream: str, topic: str) -> Difference:
    return Difference(f"{_event(position, stream, topic)} is not as it was sealed", position, stream, topic)


def _event(position: object, stream: str, topic: str) -> str:
    return f"The event at position {position} ({topic} of {stream})"


def _first_unreadable(log: Log, first: int, last: int) -> Difference:
    """The first row between two positions that is no text at all any more."""
    while first < last:
        middle = (first + last) // 2
        try:
            log.select_blocks(first - 1, middle - first + 1, middle)
            first = middle + 1
        except UNREADABLE:
            last = middle
    return Difference(f"The event at position {first} can't be read any more", first)


def first_senseless(log: Log, mapper: Mapper[str], after: int, until: int) -> Difference | None:
    """The first event between two positions that is none any more."""
    with log.reading() as cursor:
        until = min(until, log.last_position(cursor))
    while after < until:
        end = min(after + BLOCK, until)
        rows = log.select_positions(range(after + 1, end + 1))
        for position, stream, version, topic, state in rows:
            try:
                mapper.to_domain_event(StoredEvent(stream, version, topic, state))
            except Senseless:
                says = f"{_event(position, stream, topic)} says nothing any more"
                return Difference(says, position, stream, topic)
        after = end if rows else log.pass_over(end, until)
    return None


def first_missing_text(log: Log, until: int) -> Difference | None:
    """The first event up to a position whose text is gone, though nobody erased the texts of whom it is about, and
    nothing took its place."""
    after = 0
    while True:
        with log.reading() as cursor:
            erasures, rows = _last_erasures(log, cursor), _select_textless(log, cursor, after, until)
        for position, stream, topic, state, first in rows:
            said = json.loads(state)
            about = {(subject, each.get(subject)) for each in (said, json.loads(first or "{}")) for subject in SUBJECTS}
            if not any(erasures.get(whom, 0) > position for whom in about):
                field = next(name for name in said if name.endswith(DIGEST) and name != OF_RESULT).removesuffix(DIGEST)
                says = f"{_event(position, stream, topic)} has lost its {field}, and nobody erased it"
                return Difference(says, position, stream, topic)
        if len(rows) < PAGE:
            return None
        after = rows[-1][0]


def _last_erasures(log: Log, cursor: Cursor) -> dict[tuple[str, str], int]:
    """Where the texts about an RM or a customer were erased last."""
    cursor.execute(
        f"SELECT {log.POSITION}, {log.STATE} FROM stored_events WHERE topic = ? ORDER BY 1", (TextsErased.TOPIC,)
    )
    erased = [(position, json.loads(state)) for position, state in cursor.fetchall()]
    return {(name, said[name]): position for position, said in erased for name in SUBJECTS if name in said}


def _select_textless(log: Log, cursor: Cursor, after: int, until: int) -> list[Any]:
    """A page of the events that refer to a text and have none, each with the state of its stream's first event; those
    are left out whose text was to go when the next took its place."""
    cursor.execute(
        f"SELECT s.{log.POSITION}, s.originator_id, s.topic, {log.STATE}, (SELECT {log.STATE} FROM stored_events f "
        "WHERE f.originator_id = s.originator_id AND f.originator_version = 1) FROM stored_events s "
        f"WHERE s.{log.POSITION} > ? AND s.{log.POSITION} <= ? "
        f"AND replace({log.STATE}, '\"{OF_RESULT}\":', '') LIKE ? ESCAPE '!' "
        "AND NOT EXISTS (SELECT 1 FROM texts t WHERE t.originator_id = s.originator_id "
        "AND t.originator_version = s.originator_version) "
        "AND NOT (s.topic = ? AND EXISTS (SELECT 1 FROM stored_events n WHERE n.originator_id = s.originator_id "
        "AND n.originator_version > s.originator_version AND n.topic IN (?, ?))) ORDER BY 1 LIMIT ?",
        (after, until, f'%!{DIGEST}":"%', REPLACED[0], *REPLACED[1], PAGE),
    )
    return cursor.fetchall()


def _unlike(log: Log, reached: Manifest, counted: int) -> Difference | None:
    """Whether the store holds as many rows as the seals counted: a row may hide within another's text."""
    with log.reading() as cursor:
        cursor.execute(f"SELECT count(*) FROM stored_events WHERE {log.POSITION} <= ?", (reached.position,))
        rows = cursor.fetchone()[0]
    if rows == counted:
        return None
    return Difference(f"The log holds {rows} events up to position {reached.position}, where {counted} were sealed")
