"""/v1/leaderboards: ranks of a quarter."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from time import monotonic
from typing import Annotated

from anyio import sleep
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.asking import Grant, Granted, Now, Reading, Then, is_granted_still, tag
from api.guarded import Guarded
from api.http.parameters import QuarterText, RMFilter, Scope
from api.moves import Moves
from domain.calendar import Quarter
from projections.answers import BoardMoved, Leaderboard, LeaderboardHistory, Standing, Trace

OPEN_BOARDS = ("score", "points")
"""Boards whose values everybody sees; an indicator's value belongs to its RM and those above."""
APART, LOOK_AGAIN, LASTS = 1.0, 10.0, 1800.0
"""Seconds between two events of a stream, between two looks whether its session lasts, and after which it ends: a
browser then opens the next by itself."""
MOST_QUESTIONS, LONGEST_QUERY = 5_000, 200
"""How many questions are known at once, and how long their parameters may be."""
By = Annotated[str, Query(min_length=1, max_length=48, description="score, points or an indicator")]
Question = tuple[Quarter, str | None, str, int, str | None]
_known: dict[tuple[str, bytes], Question] = {}
"""What a path with its parameters asks, once the route has checked them: of the present, and of an open board."""


class KnownQuestions(Guarded):
    """A route that checks a question once: who asks it again is looked up, their right is, and an answer of this state
    is sent as it was kept. Reading the parameters anew would take longer than all of that."""

    def kept(self, request: Request, granted: Grant) -> Response | None:
        """The answer that was kept, where the question is known and nothing happened since."""
        question = _known.get(_place(request))
        if question is None:
            return None
        position = granted.office.follower.position
        content = granted.office.read_model.kept_leaderboard_json(position, *question)
        if content is None:
            return None
        headers = tag(request, granted.asker, Reading(None, position))
        return Response(content, headers=headers, media_type="application/json")


router = APIRouter(tags=["standing"], route_class=KnownQuestions)


@router.get("/v1/leaderboards/{period}", response_model=Leaderboard)
async def leaderboard(
    request: Request,
    granted: Granted,
    reading: Then,
    response: Response,
    period: QuarterText,
    scope: Scope = None,
    by: By = "score",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    around: RMFilter = None,
) -> Response:
    """Ranks by score, points or an indicator; a `by` that is unknown, or that the rules forbid to rank, is refused."""
    read_model, asked = granted.office.read_model, (Quarter.parse(period), scope, by, limit, around)
    if reading.as_of is not None or by not in OPEN_BOARDS:
        content = await run_sync(_as_seen_by, granted, reading, *asked)
    elif kept := read_model.kept_leaderboard_json(reading.position, *asked):
        content = kept
    else:
        content = await run_sync(read_model.leaderboard_json, *asked)
    if reading.as_of is None and by in OPEN_BOARDS:
        _know(request, asked)
    return Response(content, headers=dict(response.headers), media_type="application/json")


@router.get("/v1/leaderboards/{period}/history")
def leaderboard_history(
    granted: Granted,
    reading: Then,
    period: QuarterText,
    scope: Scope = None,
    by: By = "score",
    limit: Annotated[int, Query(ge=0, le=100, description="How many of the first")] = 10,
    around: RMFilter = None,
) -> LeaderboardHistory:
    """Value and rank at the end of each week of the quarter: of the first of the board, and of one RM."""
    read_model = granted.office.read_model
    history = read_model.leaderboard_history(Quarter.parse(period), scope, by, limit, around, reading.as_of)
    if by in OPEN_BOARDS:
        return history
    return history.model_copy(update={"traces": [_trace_as_seen(each, granted) for each in history.traces]})


async def watched(
    granted: Granted, reading: Now, period: QuarterText, scope: Scope = None, by: By = "score"
) -> Callable[[], Awaitable[BoardMoved]]:
    """How to ask for the state of a board; asked once here, so that what can't be ranked is refused before a stream
    begins."""
    ask = partial(run_sync, granted.office.read_model.board_state, Quarter.parse(period), scope, by)
    await ask()
    return ask


@router.get("/v1/leaderboards/{period}/live", response_class=EventSourceResponse)
async def leaderboard_live(
    request: Request,
    granted: Granted,
    board: Annotated[Callable[[], Awaitable[BoardMoved]], Depends(watched)],
    events: Annotated[int | None, Query(ge=1, le=1_000, description="End after so many events; else go on")] = None,
    last_event_id: Annotated[str | None, Header(pattern="^[0-9]{1,15}$", description="Position seen last")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """An event now (unless nothing has changed since `Last-Event-ID`), and one, at most each second, whenever the board
    shows something else. It ends with the session."""
    moves: Moves = request.app.state.moves
    told, left = int(last_event_id) if last_event_id else -1, events or float("inf")
    begun = looked = monotonic()
    moves.listeners += 1
    try:
        while True:
            state = await board()
            if state.changed_at > told:
                told, left = state.position, left - 1
                yield ServerSentEvent(event="board", id=str(state.position), data=state)
            if not left or monotonic() - begun > LASTS:
                return
            await sleep(APART)
            while not await moves.beyond(state.position) and monotonic() - looked < LOOK_AGAIN:
                if request.app.state.stopping:
                    return
            if monotonic() - looked > LOOK_AGAIN:
                looked = monotonic()
                if not await is_granted_still(request):
                    return
    finally:
        moves.listeners -= 1


def _trace_as_seen(trace: Trace, granted: Grant) -> Trace:
    return trace if granted.covers(trace.rm) else trace.model_copy(update={"values": [None] * len(trace.values)})


def _know(request: Request, question: Question) -> None:
    """Keep what a path and its parameters ask; one that waits for a position has to be looked at each time."""
    path, query = _place(request)
    if len(query) > LONGEST_QUERY or "min_position" in request.query_params:
        return
    if len(_known) >= MOST_QUESTIONS:
        _known.clear()
    _known[path, query] = question


def _place(request: Request) -> tuple[str, bytes]:
    return request.scope["path"], request.scope["query_string"]


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
