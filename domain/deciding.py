"""How a command decides and writes: on the register as of one position, again where another writer was quicker.

The commands themselves are methods of `Bank`, in `bank.py` and in `review_commands.py`.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from threading import Lock
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError

from domain.log import Busy, Cursor, Decision, Log, PlainJson, RegisterMoved, ToldAt
from domain.refusal import Refused, Taken
from domain.register import Register

CHUNK = 5_000
"""Lines written under one hold of the store's lock: about 100 ms, so that a server beside an import stays quick."""
TRIES = 20

Line = Mapping[str, Any]
Outcome = Taken | Refused
T = TypeVar("T")
Given = TypeVar("Given")
S = TypeVar("S")


class Deciding(Application[str]):
    """A log that decisions are written to; `clock` tells the moment, `salts` makes the digests of texts untellable."""

    def __init__(
        self,
        env: Mapping[str, str],
        timezone: str = "Asia/Shanghai",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        salts: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        super().__init__(env)
        self.timezone = ZoneInfo(timezone)
        self.clock = clock
        self.salts = salts
        self._register = Register()
        self._register_lock = Lock()

    @property
    def clock(self) -> Callable[[], datetime]:
        """Tells the moment, in UTC, as events keep it, whatever zone the given clock speaks in."""
        return self._clock

    @clock.setter
    def clock(self, given: Callable[[], datetime]) -> None:
        self._clock = lambda: given().astimezone(UTC)

    @property
    def log(self) -> Log:  # type: ignore[override]
        """The recorder below, for whoever follows the log."""
        return cast("Log", self.recorder)

    @property
    def today(self) -> date:
        """The bank's day by its clock and time zone."""
        return self.clock().astimezone(self.timezone).date()

    @property
    def register(self) -> Register:
        """The register, caught up with the log."""
        with self._register_lock:
            self._register = self._register.caught_up(self.log, cast("PlainJson", self.mapper))
            return self._register

    def register_at(self, position: int) -> Register:
        """The register as it stood at a log position."""
        return Register.at(position, self.log, cast("PlainJson", self.mapper))

    def transaction(self) -> AbstractContextManager[Cursor]:
        """The store's write lock and a cursor, for the ordinary tables beside the log (users, sessions, tokens)."""
        return self.log.writing()

    def _stamp(self, by: str) -> dict[str, Any]:
        return {"recorded_at": self.clock(), "by": by}

    def _folded(self, ids: Sequence[str], fold: Callable[[S | None, Iterator[Any]], S | None]) -> dict[str, S]:
        """The states of several streams by one query; those that don't exist are missing."""
        states = {
            key: fold(None, (self.mapper.to_domain_event(row) for row in rows))
            for key, rows in self.log.select_streams(ids).items()
        }
        return {key: state for key, state in states.items() if state is not None}

    def _in_chunks(
        self, given: Iterable[Given], decide: Callable[[Sequence[Given], Register], Sequence[T]], size: int = 0
    ) -> list[T]:
        """What a decision makes of lines or ids, so many under one hold of the store's lock, in their order."""
        chunks = _chunks(iter(given), size or CHUNK)
        return [told for chunk in chunks for told in self._decided(partial(decide, chunk))]

    def _decided(self, decide: Callable[[Register], T]) -> T:
        for _ in range(TRIES):
            try:
                return decide(self.register)
            except (RegisterMoved, IntegrityError):
                continue
        raise Busy("other writers were quicker each time; try again")

    def _write_many(
        self, decided: Sequence[Decision | Refused], register_at: int, told_at: ToldAt | None = None
    ) -> list[Outcome]:
        """As `_write`, for thousands of decisions: past what the library does for each event that is saved."""
        decisions = [outcome for outcome in decided if isinstance(outcome, Decision)]
        stored = [self.mapper.to_stored_event(event) for decision in decisions for event in decision.events]
        texts = [text for decision in decisions for text in decision.texts]
        guards: dict[str, Any] = {"register_at": register_at, "told_at": told_at}
        positions = iter(self.log.insert_events(stored, texts=texts, **guards) if stored else ())
        return [
            outcome if isinstance(outcome, Refused) else _taken(outcome, positions, register_at) for outcome in decided
        ]

    def _write(
        self, decided: Sequence[Decision | Refused], register_at: int, told_at: ToldAt | None = None
    ) -> list[Outcome]:
        """Save what was decided in one transaction; each line is told the position of its last event."""
        decisions = [outcome for outcome in decided if isinstance(outcome, Decision)]
        events = [event for decision in decisions for event in decision.events]
        texts = [text for decision in decisions for text in decision.texts]
        erased = [key for decision in decisions for key in decision.erased]
        guards: dict[str, Any] = {"register_at": register_at, "told_at": told_at}
        recordings = self.save(*events, texts=texts, erased=erased, **guards) if events else []
        positions = iter(recording.notification.id for recording in recordings)
        return [
            outcome if isinstance(outcome, Refused) else _taken(outcome, positions, register_at) for outcome in decided
        ]


def _taken(decision: Decision, positions: Iterator[int], register_at: int) -> Taken:
    if not decision.events:
        return Taken(decision.subject, "duplicate", max(register_at, 0))
    return Taken(decision.subject, "accepted", list(islice(positions, len(decision.events)))[-1])


def _chunks(given: Iterator[Given], size: int) -> Iterator[list[Given]]:
    while chunk := list(islice(given, size)):
        yield chunk
