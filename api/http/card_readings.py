"""/v1/card-readings: who read which scorecard, review or grade notice of somebody else."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Granted, Present
from api.guarded import Guarded
from api.http.parameters import LARGEST_POSITION, USER_NAME, Limit, QuarterFilter, RMFilter, utc
from api.problems import wrong
from projections.answers.reviews import CardReading

router = APIRouter(tags=["reviews"], route_class=Guarded)


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
    """What was read of RMs' quarters by others than themselves, newest first; a page with fewer than `limit` is the
    last one."""
    readings = granted.office.readings
    if after is not None and after > readings.newest():
        raise wrong("after", "take the last number of a page, or leave it out")
    found = readings.of(rm, quarter, reader, after, limit)
    return [CardReading(**asdict(one) | {"read_at": utc(one.read_at)}) for one in found]
