"""/v1/events: the raw history."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Granted, Then
from api.http.parameters import After, RMFilter
from api.problems import Forbidden
from projections.answers import LoggedEvents

router = APIRouter(tags=["the bank"])


@router.get("/v1/events")
def list_events(
    granted: Granted,
    reading: Then,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    rm: RMFilter = None,
    type: Annotated[str | None, Query(pattern="^[A-Za-z]{1,48}$", description="Such as ActionVerified")] = None,
) -> LoggedEvents:
    """Events as the log keeps them, oldest first. Who has a scope asks about one RM within it."""
    if rm is not None:
        granted.require(rm)
    elif granted.asker.scope is not None:
        raise Forbidden("name an RM within your scope")
    return granted.office.read_model.logged_events(after, limit, rm, type, reading.as_of)
