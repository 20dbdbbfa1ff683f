"""/v1/events: the raw history, and as a file of what is sought in it."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse

from api.asking import Grant, Granted, Then
from api.event_files import MEDIA_TYPES, Form, written
from api.guarded import Guarded
from api.http.parameters import LARGEST_POSITION, KindFilter, QuarterFilter, RMFilter, Scope
from api.problems import Forbidden, NotFound, wrong
from projections.answers import EventInFull, LoggedEvent, LoggedEvents
from projections.history import Sought

router = APIRouter(tags=["the bank"], route_class=Guarded)
Order = Annotated[Literal["oldest", "newest"], Query(description="Which events come first")]
Cursor = Annotated[int | None, Query(ge=0, le=LARGEST_POSITION)]
PIECE = 2_000
"""Events of a file that are read at once."""


def sought(
    granted: Granted,
    reading: Then,
    rm: RMFilter = None,
    scope: Scope = None,
    type: Annotated[str | None, Query(pattern="^[A-Za-z]{1,48}$", description="Such as ActionVerified")] = None,
    kind: KindFilter = None,
    quarter: QuarterFilter = None,
    stream: Annotated[str | None, Query(min_length=1, max_length=120, description="Such as rm:r1")] = None,
    from_day: Annotated[date | None, Query(alias="from", description="Recorded on this day or later")] = None,
    to_day: Annotated[date | None, Query(alias="to", description="Recorded on this day or earlier")] = None,
    upkeep: Annotated[bool, Query(description="Whether ends of days and the seals over them are among them")] = True,
) -> Sought:
    """What is sought, in a unit of those of a quarter who served there in it; who has a scope asks within it."""
    if from_day and to_day and to_day < from_day:
        raise wrong("to", "name a day that is not before `from`")
    if stream is not None and not stream.isprintable():
        raise wrong("stream", "write it without control characters")
    if rm is not None:
        granted.require(rm)
    rms = None
    if (unit := granted.scope(scope)) is not None and (scope or rm is None):
        rms = granted.office.read_model.rms_of_unit(unit, quarter, reading.as_of)
        rms = rms if granted.asker.scope is None else tuple(one for one in rms if granted.covers(one))
    return Sought(rm, type, kind, quarter, stream, from_day, to_day, upkeep, rms)


Asked = Annotated[Sought, Depends(sought)]


@router.get("/v1/events")
def list_events(
    granted: Granted,
    reading: Then,
    asked: Asked,
    after: Cursor = None,
    before: Cursor = None,
    order: Order = "oldest",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> LoggedEvents:
    """Events as the log keeps them, a page at a time, oldest or newest first: `after` is the answer's `after`, `before`
    leads back to the page before. A `scope` names the RMs of a unit: with a `quarter` those who served there in it. Who
    has a scope reads the events of the RMs within it."""
    if after and before is not None:
        raise wrong("before", "give `after` or `before`")
    granted.require_known(after, reading)
    granted.require_known(before, reading, "before")
    read_model = granted.office.read_model
    return read_model.logged_events(asked, after, before, limit, order == "newest", reading.as_of)


@router.get(
    "/v1/events:export",
    response_class=StreamingResponse,
    responses={200: {"description": "The file", "content": {each: {} for each in MEDIA_TYPES.values()}}},
)
def export_events(
    granted: Granted, reading: Then, asked: Asked, order: Order = "oldest", format: Form = "csv"
) -> StreamingResponse:
    """All events sought, as a file that is sent while it is read: CSV, XLSX or NDJSON. What is recorded meanwhile is
    not in it."""
    until = reading.position if reading.as_of is None else reading.as_of
    pieces = partial(_pieces, granted, asked, order == "newest", until)
    headers = {"Content-Disposition": f'attachment; filename="events-{until}.{format}"', "Cache-Control": "no-store"}
    return StreamingResponse(written(pieces, format), media_type=MEDIA_TYPES[format], headers=headers)


def _pieces(granted: Grant, asked: Sought, newest: bool, until: int) -> Iterator[list[LoggedEvent]]:
    """The events up to a position, some at a time; no transaction stays open between two of them."""
    read_model, cursor, more = granted.office.read_model, until + 1 if newest else None, True
    while more:
        positions, more = read_model.positions_of(asked, cursor, None, PIECE, newest, None)
        if positions := [position for position in positions if position <= until]:
            cursor = positions[-1]
            yield read_model.events_at(positions)
        else:
            return


@router.get("/v1/events/{position}")
def read_event(
    granted: Granted, reading: Then, position: Annotated[int, Path(ge=1, le=LARGEST_POSITION)]
) -> EventInFull:
    """One event as the log keeps it, and the seal over it."""
    found = granted.office.read_model.logged_event(position, reading.as_of)
    if granted.asker.scope is not None and (found is None or found.event.rm is None):
        raise Forbidden("name an event of an RM within your scope")
    if found is None:
        raise NotFound("name a log position at which an event stands")
    if found.event.rm is not None:
        granted.require(found.event.rm)
    return found
