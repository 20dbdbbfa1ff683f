"""/v1/card-readings: who read which scorecard, review or grade notice of somebody else."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Grant, Granted, Present
from api.card_readings import CardReading as Reading
from api.guarded import Guarded
from api.http.parameters import LARGEST_POSITION, USER_NAME, Limit, QuarterFilter, RMFilter, utc
from api.problems import wrong
from projections.answers.reviews import CardReading

router = APIRouter(tags=["reviews"], route_class=Guarded)
PIECE = 1_000
"""Readings that are looked through at a time."""


@router.get("/v1/card-readings")
def list_card_readings(
    granted: Granted,
    present: Present,
    rm: RMFilter = None,
    quarter: QuarterFilter = None,
    reader: Annotated[str | None, Query(pattern=USER_NAME, description="Only what this person read")] = None,
    after: Annotated[int | None, Query(ge=1, le=LARGEST_POSITION, description="The last number shown")] = None,
    limit: Limit = 100,
) -> list[CardReading]:
    """What was read by others than themselves of the quarters of RMs within reach, newest first; a page with fewer than
    `limit` is the last one."""
    readings = granted.office.readings
    if rm is not None:
        granted.require(rm)
    if after is not None and after > readings.newest():
        raise wrong("after", "take the last number of a page, or leave it out")
    found = list(islice(_within(granted, partial(readings.of, rm, quarter, reader), after), limit))
    return [CardReading(**asdict(one) | {"read_at": utc(one.read_at)}) for one in found]


def _within(
    granted: Grant, page: Callable[[int | None, int], list[Reading]], after: int | None
) -> Iterator[Reading]:  # fmt: skip
    """The readings of RMs within reach, newest first, looked for piece by piece."""
    while found := page(after, PIECE):
        yield from (one for one in found if granted.covers(one.rm))
        after = found[-1].number
