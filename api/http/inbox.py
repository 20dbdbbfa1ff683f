"""/v1/inbox: what waits for the asker."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Granted, Present
from api.guarded import Guarded
from api.inbox import waiting_for
from projections.answers.reviews import Inbox

router = APIRouter(tags=["reviews"], route_class=Guarded)


@router.get("/v1/inbox")
def inbox(granted: Granted, present: Present, limit: Annotated[int, Query(ge=1, le=1_000)] = 50) -> Inbox:
    """The reviews that wait for the asker, the most urgent first: where nobody stands nearer to them, once they are
    long overdue, and in the place of who is absent."""
    found = waiting_for(granted)
    return found.model_copy(update={"items": found.items[:limit]})
