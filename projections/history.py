"""What is sought in the raw history, and between which positions and moments it can stand.

The bounds are always given: parts of the index that lie outside them are never read, however long the log is.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.log import Log

FIRST, LAST = -1, 2**53
BEGINNING, END = datetime(1, 1, 1), datetime(9999, 12, 31)  # noqa: DTZ001 - the index keeps UTC without a zone


@dataclass(frozen=True, slots=True)
class Sought:
    """Which events: of one RM, of the RMs of a unit, one type, one kind of action, one quarter's figures, one stream;
    recorded from a day to a day, both included, as the bank's clocks show them. None leaves it open. Without `upkeep`,
    what the service does by itself night after night is left out: the ends of days and the seals over them."""

    rm: str | None = None
    type: str | None = None
    kind: str | None = None
    quarter: str | None = None
    stream: str | None = None
    from_day: date | None = None
    to_day: date | None = None
    upkeep: bool = True
    rms: tuple[str, ...] | None = None

    def bounds(self, log: Log, zone: ZoneInfo, cursor: int | None, newest: bool) -> dict[str, Any]:
        """The parameters of the question, for what stands beyond a cursor in an order; the events of a stream are
        looked up in the store, whose key they are."""
        above, below = (
            (FIRST, LAST if cursor is None else cursor) if newest else (FIRST if cursor is None else cursor, LAST)
        )
        positions = None if self.stream is None else log.select_stream_positions(self.stream)
        if positions is not None:
            above, below = max(above, min(positions, default=LAST) - 1), min(below, max(positions, default=FIRST) + 1)
        return {
            "above": above, "below": below, "since": _start(self.from_day, zone, BEGINNING),
            "until": end_of(self.to_day, zone), "rm": self.rm, "type": self.type,
            "kind": self.kind, "quarter": self.quarter, "positions": positions,
            "upkeep": self.upkeep,
        }  # fmt: skip


ALL_EVENTS = Sought()


def end_of(day: date | None, zone: ZoneInfo) -> datetime:
    """The first moment after a day in UTC; after no day at all, the end of the calendar."""
    return _start(day and _next(day), zone, END)


def _next(day: date) -> date | None:
    return None if day == date.max else day + timedelta(days=1)


def _start(day: date | None, zone: ZoneInfo, otherwise: datetime) -> datetime:
    """A day's first moment in UTC; the calendar's own ends know no zone."""
    if day is None:
        return otherwise
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return otherwise
