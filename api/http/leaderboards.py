"""/v1/leaderboards: ranks of a quarter."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Grant, Granted, Then
from api.http.parameters import QuarterText, RMFilter, Scope
from domain.calendar import Quarter
from projections.answers import Leaderboard, Standing

OPEN_BOARDS = ("score", "points")
"""Boards whose values everybody sees; an indicator's value belongs to its RM and those above."""
router = APIRouter(tags=["standing"])


@router.get("/v1/leaderboards/{period}")
def leaderboard(
    granted: Granted,
    reading: Then,
    period: QuarterText,
    scope: Scope = None,
    by: Annotated[str, Query(min_length=1, max_length=48, description="score, points or an indicator")] = "score",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    around: RMFilter = None,
) -> Leaderboard:
    """Ranks by score, points or an indicator; a `by` that is unknown, or that the rules forbid to rank, is refused."""
    board = granted.office.read_model.leaderboard(Quarter.parse(period), scope, by, limit, around, reading.as_of)
    if by in OPEN_BOARDS:
        return board
    rows = {name: [_as_seen(each, granted) for each in getattr(board, name)] for name in ("standings", "around")}
    return board.model_copy(update=rows)


def _as_seen(standing: Standing, granted: Grant) -> Standing:
    return standing if granted.covers(standing.rm) else standing.model_copy(update={"value": None})
