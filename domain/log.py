"""The log: how an event becomes a stored row of plain JSON, and what every store of such rows can do.

A store has two tables of ours: `stored_events`, whose rows have a position, and `texts`, which keeps personal names and
free text outside the log, so that they can be erased. `sqlite_log` and `postgres_log` write them.

Longer than 300 lines because all that a store can do stands on one page.
"""

import hashlib
import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

import pyarrow as pa
from eventsourcing.persistence import ApplicationRecorder, Mapper, StoredEvent
from eventsourcing.utils import TopicError, resolve_topic

from domain.events import Event

PLACE = {"originator_id", "originator_version"}
EVENT = "originator_id, originator_version, topic, state"
REGISTER_TOPICS = (
    "UnitOpened", "UnitChanged", "RMRegistered", "RMRenamed", "RMPosted", "RMCertified", "RMAbsent", "RMLeft",
    "SchemeProposed", "SchemeWithdrawn", "SchemePublished", "DayClosed", "TextsErased",
    "QuarterOpened", "RelationDeclared", "RelationEnded", "DutiesDelegated", "DelegationEnded",
    "BoardsLeft", "BoardsJoined", "AliasChosen", "AliasDropped",
)  # fmt: skip
"""Events that decide what may be recorded; they are few beside the actions."""
JUDGING_TOPICS = (
    "ReviewOpened", "IndicatorRated", "ReviewCommented", "ReviewSubmitted", "ReviewApproved", "AppealDecided",
    "ReviewReopened",
)  # fmt: skip
"""Events by which a review comes to another result, or to be rated: what a scheme asks of a group hangs on them."""
BLOCK = 1_000
"""Rows of the log that are read as one text."""
RUN = 200
"""Texts of rows, or seals, that are looked at together: about 50 MB."""
FIELD, LINE = chr(31), chr(10)
"""What stands between the fields of a row and between the rows; JSON writes both of them as escapes."""


class PlainJson(Mapper[str]):
    """State as flat plain JSON without the nulls, so that DuckDB decodes it in SQL and people can read it."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        state = domain_event.model_dump_json(exclude=PLACE, exclude_none=True).encode()
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, domain_event.TOPIC, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        place = {"originator_id": stored_event.originator_id, "originator_version": stored_event.originator_version}
        try:
            event_class: type[Event] = resolve_topic(stored_event.topic)
            return event_class.model_validate(json.loads(stored_event.state) | place)
        except (TopicError, ValueError, TypeError) as error:
            stream, version = str(stored_event.originator_id), stored_event.originator_version
            raise Senseless(f"Event {version} of {stream} ({stored_event.topic})") from error


@dataclass(frozen=True, slots=True)
class Text:
    """A name or free text that an event refers to by its salted digest."""

    originator_id: str
    originator_version: int
    field: str
    salt: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 over salt and text: proves the text while it stands, tells nothing once it is erased."""
        return hashlib.sha256((self.salt + self.text).encode()).hexdigest()


class Placed(NamedTuple):
    """An event as its stream holds it, and where it stands in the log."""

    position: int
    version: int
    topic: str
    state: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written of one subject: its events (none where nothing differs), and the texts they refer to;
    `erased` texts (by stream, version, field) are taken away with it."""

    subject: str
    events: list[Event]
    texts: tuple[Text, ...] = ()
    erased: tuple[tuple[str, int, str], ...] = ()


class ToldAt(NamedTuple):
    """Up to which log position it is known what the reviews of a quarter come to, by events of these `topics`."""

    quarter: str
    position: int
    topics: tuple[str, ...] = JUDGING_TOPICS


class RegisterMoved(Exception):
    """Somebody changed the register between a decision and its writing: decide again."""


class ResultsMoved(Exception):
    """A review of the quarter came to another result after what is missing was told: ask that again."""


class Busy(Exception):
    """Another process holds the store's lock; nothing was written."""


class Unreachable(Busy):
    """The store's server does not answer. What was being written may stand: to repeat it writes nothing twice."""


class Senseless(Exception):
    """An event is no event any more: its row was changed behind the bank's back, or its disk failed. `position` is
    where it stands in the log, where that is known."""

    def __init__(self, event: str, position: int | None = None) -> None:
        super().__init__(f"{event} says nothing any more: appraise verify looks the log through")
        self.position = position


class DiskFull(Exception):
    """The store's disk has no room, or takes no writing; nothing of the transaction was stored."""


class Cursor(Protocol):
    """What runs SQL in a transaction of either store: placeholders are `?`, rows are tuples."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""

    @property
    def description(self) -> Any:
        """The columns of the last answer, each with its name first."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Any:
        """Run one statement."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Any:
        """Run one statement for each of several rows of parameters; `rowcount` counts all of them."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""


class Log(ApplicationRecorder):
    """A store of events and their texts. What only reads stands here once, in SQL that every store understands.

    Positions rise; nobody may count on their having no gaps.
    """

    POSITION: ClassVar[str]
    """The column that holds a row's position."""
    STATE: ClassVar[str]
    """The state as text, in the store's SQL."""
    JOINED: ClassVar[str]
    """The `line`s of some rows as one text, in the order of `position`."""
    READY: ClassVar[str]
    """What `insert_states` takes, as DuckDB's SQL over a table `cleared`, which has a `stream` per row and its first
    `state` as a text within a JSON text."""
    AMONG: ClassVar[str]
    """The store's SQL for being one of a list, which is given as one parameter by `_given`."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Cursor]:
        """A transaction that holds the store's write lock from its beginning.

        Raises Busy after the lock's timeout, DiskFull where the disk has no room.
        """

    @abstractmethod
    def reading(self) -> AbstractContextManager[Cursor]:
        """A transaction that sees one state of the store."""

    @abstractmethod
    def has_table(self, name: str) -> bool:
        """Whether a table of that name stands in the store."""

    @abstractmethod
    def select_foreign(self) -> list[str]:
        """What somebody put into the store that acts when a row is written, or refuses it: triggers, rules, unique
        indexes that are not of this product; each in words, in their order."""

    @abstractmethod
    def insert_states(
        self, topic: str, ready: pa.Table, texts: Sequence[Text], register_at: int
    ) -> tuple[int, dict[str, bytes]]:
        """Append the first events of streams that don't exist yet: what READY makes of their states.

        Returns how many were new, and the state of the first event of those that stood already. Texts of the new ones
        are kept. RegisterMoved where the register has moved since `register_at`.
        """

    @abstractmethod
    def _append(self, cursor: Cursor, events: Sequence[StoredEvent], texts: Sequence[Text]) -> range:
        """Write events and texts under the write lock; the positions of the events."""

    @staticmethod
    @abstractmethod
    def _given(values: Sequence[Any]) -> Any:
        """A list as the parameter that AMONG wants."""

    # Writing

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        texts: Sequence[Text] = (),
        erased: Sequence[tuple[str, int, str]] = (),
        register_at: int = -1,
        told_at: ToldAt | None = None,
        **_: Any,
    ) -> Sequence[int]:
        """Append events; with `register_at`, only if the register has not moved since that position, with `told_at`,
        only if no review of that quarter has come to another result since.

        The texts that they refer to are kept; those named in `erased` (by stream, version, field) are taken away.
        """
        with self.writing() as cursor:
            if register_at >= 0:
                self._refuse_if_register_moved(cursor, register_at)
            if told_at:
                self._refuse_if_results_moved(cursor, told_at)
            if erased:
                place = "originator_id = ? AND originator_version = ? AND field = ?"
                cursor.executemany(f"DELETE FROM texts WHERE {place}", erased)
            return self._append(cursor, stored_events, texts)

    def clear_erased(self) -> bool:
        """Make sure that no file of the store holds a trace of texts that were erased; False where that can't be said
        yet, for example because a reader is in the way."""
        return False

    def insert_new(
        self, stored_events: Sequence[StoredEvent], texts: Sequence[Text], register_at: int
    ) -> tuple[dict[str, int], dict[str, tuple[int, bytes]]]:
        """Append the first events of streams that don't exist yet.

        Returns the positions of the new ones, and position and state of the first event of those that stood already.
        """
        with self.writing() as cursor:
            self._refuse_if_register_moved(cursor, register_at)
            standing = self._first_events(cursor, [str(event.originator_id) for event in stored_events])
            new = [event for event in stored_events if event.originator_id not in standing]
            kept = [text for text in texts if text.originator_id not in standing]
            positions = self._append(cursor, new, kept)
            return dict(zip((str(event.originator_id) for event in new), positions, strict=True)), standing

    def _refuse_if_register_moved(self, cursor: Cursor, register_at: int) -> None:
        cursor.execute(
            f"SELECT 1 FROM stored_events WHERE {self.POSITION} > ? AND topic {self.AMONG} LIMIT 1",
            (register_at, self._given(REGISTER_TOPICS)),
        )
        if cursor.fetchone():
            raise RegisterMoved

    def _refuse_if_results_moved(self, cursor: Cursor, told_at: ToldAt) -> None:
        cursor.execute(
            f"SELECT 1 FROM stored_events WHERE {self.POSITION} > ? AND topic {self.AMONG} AND originator_id LIKE ? "
            "LIMIT 1",
            (told_at.position, self._given(told_at.topics), f"review:%:{told_at.quarter}"),
        )
        if cursor.fetchone():
            raise ResultsMoved

    def _first_events(self, cursor: Cursor, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        cursor.execute(
            f"SELECT originator_id, {self.POSITION}, state FROM stored_events "
            f"WHERE originator_id {self.AMONG} AND originator_version = 1",
            (self._given(ids),),
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}

    # Reading

    def last_position(self, cursor: Cursor) -> int:
        """The log's last position, 0 for an empty log."""
        cursor.execute(f"SELECT coalesce(max({self.POSITION}), 0) FROM stored_events")
        return int(cursor.fetchone()[0])

    def select_streams(self, ids: Sequence[str]) -> dict[str, list[StoredEvent]]:
        """All events of several streams by one query, in order."""
        with self.reading() as cursor:
            cursor.execute(
                f"SELECT {EVENT} FROM stored_events WHERE originator_id {self.AMONG} ORDER BY 1, 2",
                (self._given(sorted(set(ids))),),
            )
            rows = cursor.fetchall()
        streams: dict[str, list[StoredEvent]] = {}
        for row in rows:
            streams.setdefault(row[0], []).append(StoredEvent(*row))
        return streams

    def select_placed(self, ids: Sequence[str]) -> dict[str, list[Placed]]:
        """All events of several streams by one query, in order, each with its position."""
        with self.reading() as cursor:
            cursor.execute(
                f"SELECT originator_id, {self.POSITION}, originator_version, topic, state FROM stored_events "
                f"WHERE originator_id {self.AMONG} ORDER BY 1, 3",
                (self._given(sorted(set(ids))),),
            )
            rows = cursor.fetchall()
        streams: dict[str, list[Placed]] = {}
        for stream, *placed in rows:
            streams.setdefault(stream, []).append(Placed(*placed))
        return streams

    def select_lines(self, ids: Sequence[str]) -> str:
        """All events of several streams as one text that the store's own SQL made: a line per row, a row the fields
        stream, position, version, topic, state; as those of `select_blocks` otherwise."""
        fields = ("originator_id", self.POSITION, "originator_version", "topic", self.STATE)
        line = f" || '{FIELD}' || ".join(fields)
        with self.reading() as cursor:
            cursor.execute(
                f"SELECT {self.JOINED} FROM (SELECT {self.POSITION} AS position, {line} AS line "
                f"FROM stored_events WHERE originator_id {self.AMONG}) AS streams",
                (self._given(ids),),
            )
            return cursor.fetchone()[0] or ""

    def select_first_positions(self, ids: Sequence[str]) -> dict[str, int]:
        """Where the first event of each of several streams stands in the log; those that don't exist are missing."""
        with self.reading() as cursor:
            return {key: position for key, (position, _) in self._first_events(cursor, ids).items()}

    def select_stream_positions(self, stream: str) -> list[int]:
        """Where the events of one stream stand in the log, in order."""
        with self.reading() as cursor:
            cursor.execute(
                f"SELECT {self.POSITION} FROM stored_events WHERE originator_id = ? ORDER BY originator_version",
                (stream,),
            )
            return [int(row[0]) for row in cursor.fetchall()]

    def select_version_position(self, stream: str, version: int) -> list[int]:
        """Where one event of a stream stands in the log; empty where it doesn't exist."""
        with self.reading() as cursor:
            cursor.execute(
                f"SELECT {self.POSITION} FROM stored_events WHERE originator_id = ? AND originator_version = ?",
                (stream, version),
            )
            return [int(row[0]) for row in cursor.fetchall()]

    def select_subject(self, cursor: Cursor, subject: str, until: int) -> list[StoredEvent]:
        """All events of the streams of one subject, such as `rm:`, up to a position; by stream, in order."""
        cursor.execute(
            f"SELECT {EVENT} FROM stored_events WHERE originator_id >= ? AND originator_id < ? "
            f"AND {self.POSITION} <= ? ORDER BY 1, 2",
            (subject, subject[:-1] + ";", until),
        )
        return [StoredEvent(*row) for row in cursor.fetchall()]

    def select_topics(self, cursor: Cursor, topics: Sequence[str], after: int) -> list[StoredEvent]:
        """All events of some topics beyond a position, in order."""
        cursor.execute(
            f"SELECT {EVENT} FROM stored_events WHERE {self.POSITION} > ? AND topic {self.AMONG} "
            f"ORDER BY {self.POSITION}",
            (after, self._given(topics)),
        )
        return [StoredEvent(*row) for row in cursor.fetchall()]

    def select_positions(self, positions: Sequence[int]) -> list[tuple[int, str, int, str, bytes]]:
        """Rows of the log (position, stream, version, topic, state) at some positions, in their order."""
        with self.reading() as cursor:
            cursor.execute(
                f"SELECT {self.POSITION}, {EVENT} FROM stored_events WHERE {self.POSITION} {self.AMONG} ORDER BY 1",
                (self._given(positions),),
            )
            return cursor.fetchall()

    def select_blocks(self, after: int, limit: int, until: int | None = None) -> list[str]:
        """Up to `limit` rows of the log beyond a position, in order, as texts that the store's own SQL made.

        A text has a line per row, a row the fields position, stream, version, topic, state; FIELD and LINE stand
        between them. It ends at a multiple of BLOCK, so that it has up to BLOCK rows. `until` is the last position.
        """
        blocks = []
        with self.reading() as cursor:
            last = self.last_position(cursor)
            last = last if until is None else min(last, until)
            while after < last and limit > 0:
                end = min(after - after % BLOCK + BLOCK, last)
                text, rows = self._block(cursor, after, end, limit)
                blocks += [text] if rows else []
                limit -= rows
                after = end if rows else self._before_next(cursor, end, last)
        return blocks

    def select_runs(self, after: int, until: int) -> Iterator[list[str]]:
        """The blocks between two positions, up to RUN of them at once; what was never used is passed over."""
        while after < until:
            end = min((after // BLOCK + RUN) * BLOCK, until)
            blocks = self.select_blocks(after, end - after, end)
            if blocks:
                yield blocks
            after = end if blocks else self.pass_over(end, until)

    def pass_over(self, after: int, until: int) -> int:
        """The last of the unused positions that follow one, at most `until`: who edits the store can leave a gap that
        nobody lives to walk through."""
        with self.reading() as cursor:
            return self._before_next(cursor, after, until)

    def _before_next(self, cursor: Cursor, after: int, until: int) -> int:
        cursor.execute(f"SELECT min({self.POSITION}) FROM stored_events WHERE {self.POSITION} > ?", (after,))
        (found,) = cursor.fetchone()
        return until if found is None else min(found - 1, until)

    def _block(self, cursor: Cursor, after: int, until: int, limit: int) -> tuple[str, int]:
        # the aggregate stands over an ordered subquery: SQLite keeps that order, its older versions know no other
        fields = (self.POSITION, "originator_id", "originator_version", "topic", self.STATE)
        line = f" || '{FIELD}' || ".join(fields)
        cursor.execute(
            f"SELECT {self.JOINED}, count(*) FROM (SELECT {self.POSITION} AS position, {line} AS line "
            f"FROM stored_events WHERE {self.POSITION} > ? AND {self.POSITION} <= ? "
            f"ORDER BY {self.POSITION} LIMIT ?) AS block",
            (after, until, limit),
        )
        return cursor.fetchone()  # type: ignore[no-any-return]

    def select_texts_of(self, events: Sequence[tuple[str, int]]) -> dict[tuple[str, int], dict[str, str]]:
        """The texts (by field) of some events, given by stream and version; erased ones are missing."""
        wanted = set(events)
        with self.reading() as cursor:
            cursor.execute(
                f"SELECT originator_id, originator_version, field, text FROM texts WHERE originator_id {self.AMONG}",
                (self._given(sorted({stream for stream, _ in wanted})),),
            )
            rows = cursor.fetchall()
        texts: dict[tuple[str, int], dict[str, str]] = {}
        for stream, version, field, text in rows:
            if (stream, version) in wanted:
                texts.setdefault((stream, version), {})[field] = text
        return texts

    def select_texts(self, field: str, ids: Sequence[str]) -> dict[str, str]:
        """The newest text of a field for each of several streams; erased ones are missing."""
        with self.reading() as cursor:
            cursor.execute(
                f"SELECT originator_id, text FROM texts WHERE originator_id {self.AMONG} AND field = ? "
                "ORDER BY originator_version",
                (self._given(ids), field),
            )
            return dict(cursor.fetchall())

    # Waiting

    def listen(self, grown: Callable[[], None]) -> Callable[[], None]:
        """Call `grown` whenever the log may have grown, where the store can tell; returns what ends that.

        Nobody may count on it: who follows the log looks for itself now and then.
        """
        return lambda: None
