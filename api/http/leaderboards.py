"""/v1/leaderboards: ranks of a quarter."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Response

from api.asking import Grant, Granted, Reading, Then
from api.http.parameters import QuarterText, RMFilter, Scope
from domain.calendar import Quarter
from projections.answers import Leaderboard, Standing

OPEN_BOARDS = ("score", "points")
"""Boards whose values everybody sees; an indicator's value belongs to its RM and those above."""
router = APIRouter(tags=["standing"])


@router.get("/v1/leaderboards/{period}", response_model=Leaderboard)
async def leaderboard(
    granted: Granted,
    reading: Then,
    response: Response,
    period: QuarterText,
    scope: Scope = None,
    by: Annotated[str, Query(min_length=1, max_length=48, description="score, points or an indicator")] = "score",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    around: RMFilter = None,
) -> Response:
    """Ranks by score, points or an indicator; a `by` that is unknown, or that the rules forbid to rank, is refused."""
    read_model, asked = granted.office.read_model, (Quarter.parse(period), scope, by, limit, around)
    if reading.as_of is not None or by not in OPEN_BOARDS:
        content = await run_sync(_as_seen_by, granted, reading, *asked)
    elif kept := read_model.kept_leaderboard_json(*asked):
        content = kept
    else:
        content = await run_sync(read_model.leaderboard_json, *asked)
    return Response(content, headers=dict(response.headers), media_type="application/json")


def _as_seen_by(
    granted: Grant, reading: Reading, quarter: Quarter, scope: str | None, by: str, limit: int, around: str | None
) -> bytes:
    """A board of the past, or one whose values not everybody sees."""
    board = granted.office.read_model.leaderboard(quarter, scope, by, limit, around, reading.as_of)
    if by not in OPEN_BOARDS:
        rows = {name: [_as_seen(each, granted) for each in getattr(board, name)] for name in ("standings", "around")}
        board = board.model_copy(update=rows)
    return board.model_dump_json().encode()


def _as_seen(standing: Standing, granted: Grant) -> Standing:
    return standing if granted.covers(standing.rm) else standing.model_copy(update={"value": None})
