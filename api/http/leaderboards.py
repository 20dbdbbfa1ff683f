"""/v1/leaderboards: ranks of a period, each as who asks may see them."""

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
from api.http.parameters import Among, PeriodText, RMFilter, Scope
from api.moves import Moves
from projections.answers import BoardMoved, ClosedBoard, Leaderboard, LeaderboardHistory
from projections.seen import EVERYTHING, Eyes

APART, LOOK_AGAIN, LASTS = 1.0, 10.0, 1800.0
"""Seconds between two events of a stream, between two looks whether its session lasts, and after which it ends: a
browser then opens the next by itself."""
MOST_QUESTIONS, LONGEST_QUERY = 5_000, 200
"""How many questions are known at once, and how long their parameters may be."""
By = Annotated[
    str, Query(min_length=1, max_length=48, description="score, points, an indicator, or a board of the schemes")
]
Question = tuple[str, str | None, str, int, str | None, str | None]
_known: dict[tuple[str, bytes], Question] = {}
"""What a path with its parameters asks of the present, once the route has checked them."""


class KnownQuestions(Guarded):
    """A route that checks a question once: who asks it again is looked up, their right is, and an answer of this state
    is sent as it was kept. Reading the parameters anew would take longer than all of that."""

    def kept(self, request: Request, granted: Grant) -> Response | None:
        """The answer that was kept, where the question is known and nothing happened since."""
        question = _known.get(_place(request))
        if question is None:
            return None
        position = granted.office.follower.position
        content = granted.office.read_model.kept_leaderboard_json(position, *question, _whose(granted))
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
    period: PeriodText,
    scope: Scope = None,
    by: By = "score",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    around: RMFilter = None,
    among: Among = None,
) -> Response:
    """Ranks of a quarter, year, month, week or season, by whatever its schemes rank: places, names and tiers, and the
    figures of those whom one is above. A `by` that is unknown, or that the rules forbid to rank, is refused."""
    read_model, asked = granted.office.read_model, (period, scope, by, limit, around, among)
    if reading.as_of is not None:
        content = await run_sync(_then, granted, reading.as_of, *asked)
    elif kept := read_model.kept_leaderboard_json(reading.position, *asked, _whose(granted)):
        content = kept
    else:
        content = await run_sync(lambda: read_model.leaderboard_json(*asked, eyes_of(granted)))
    if reading.as_of is None:
        _know(request, asked)
    return Response(content, headers=dict(response.headers), media_type="application/json")


@router.get("/v1/leaderboards/{period}/history")
def leaderboard_history(
    granted: Granted,
    reading: Then,
    period: PeriodText,
    scope: Scope = None,
    by: By = "score",
    limit: Annotated[int, Query(ge=0, le=100, description="How many of the first")] = 10,
    around: RMFilter = None,
    among: Among = None,
) -> LeaderboardHistory:
    """Value and rank at the end of each week of the period: of the first of the board, and of one RM."""
    ask = granted.office.read_model.leaderboard_history
    return ask(period, scope, by, limit, around, reading.as_of, among, eyes_of(granted))


@router.get("/v1/leaderboards/{period}/closed")
def closed_leaderboard(
    granted: Granted,
    reading: Now,
    period: PeriodText,
    scope: Scope = None,
    by: By = "score",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    around: RMFilter = None,
    among: Among = None,
) -> ClosedBoard:
    """A board as it stood when its period was closed, which never changes; beside it what is otherwise by now. Refused
    while the period is not over."""
    return granted.office.read_model.closed_leaderboard(period, scope, by, limit, around, among, eyes_of(granted))


async def watched(
    granted: Granted,
    reading: Now,
    period: PeriodText,
    scope: Scope = None,
    by: By = "score",
    around: RMFilter = None,
    among: Among = None,
) -> Callable[[], Awaitable[BoardMoved]]:
    """How to ask for the state of a board; asked once here, so that what can't be ranked is refused before a stream
    begins."""
    ask = partial(run_sync, granted.office.read_model.board_state, period, scope, by, among, around, eyes_of(granted))
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


def eyes_of(granted: Grant) -> Eyes:
    """Who looks at a board: whom they are above, as which RM, and in which unit."""
    asker, register = granted.asker, granted.register
    if granted.reach == "any" or (granted.reach == "below" and asker.scope is None):
        return EVERYTHING
    own = register.rms.get(asker.rm or "")
    org = own.place_on(granted.office.bank.today).org if own and own.postings else asker.scope
    return Eyes(_whose(granted), granted.covers, asker.rm, org)


def _whose(granted: Grant) -> str:
    """Under which key the answers are kept that somebody sees."""
    asker = granted.asker
    if granted.reach == "any" or (granted.reach == "below" and asker.scope is None):
        return EVERYTHING.key
    return f"rm {asker.rm}" if granted.reach == "own" else f"unit {asker.scope} {asker.rm}"


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


def _then(
    granted: Grant, as_of: int, period: str, scope: str | None, by: str, limit: int, around: str | None,
    among: str | None,
) -> bytes:  # fmt: skip
    """A board of the past as JSON."""
    ask = granted.office.read_model.leaderboard
    return ask(period, scope, by, limit, around, as_of, among, eyes_of(granted)).model_dump_json().encode()
