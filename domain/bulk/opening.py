"""Opening many reviews at once: of each unit, post and scheme one is decided on; the others differ by the RM alone."""

from collections.abc import Sequence
from datetime import date

from eventsourcing.persistence import StoredEvent

from domain.calendar import Quarter
from domain.events import ReviewOpened, Stamp
from domain.log import PlainJson
from domain.rating import Served, open_review, served_fault
from domain.refusal import Refused
from domain.register import Register

RM = b'"rm":"%s"'


def opened(
    lines: Sequence[Served], quarter: Quarter, facts_at: int, cutoff_on: date, register: Register, today: date,
    stamp: Stamp, mapper: PlainJson,
) -> list[StoredEvent | Refused]:  # fmt: skip
    """What opens each review, as stored, or why there is none."""
    said: dict[tuple[object, ...], tuple[bytes, bytes] | Refused] = {}
    decided: list[StoredEvent | Refused] = []
    for line in lines:
        kind = (line.org, line.post, line.scheme, line.effective)
        if fault := served_fault(line.rm, quarter, register):
            decided.append(Refused([fault]))
            continue
        if kind not in said:
            first = open_review(line, quarter, facts_at, cutoff_on, register, today, stamp)
            said[kind] = first if isinstance(first, Refused) else _around(first, mapper)
        around = said[kind]
        if isinstance(around, Refused):
            decided.append(around)
        else:
            state = (RM % line.rm.encode()).join(around)
            decided.append(StoredEvent(f"review:{line.rm}:{quarter}", 1, ReviewOpened.TOPIC, state))
    return decided


def _around(event: ReviewOpened, mapper: PlainJson) -> tuple[bytes, bytes]:
    """What stands before and after the RM."""
    before, _, after = mapper.to_stored_event(event).state.partition(b"," + RM % event.rm.encode())
    return before + b",", after
