"""/v1/rms: the relationship managers, their scorecards, points, awards, work logs, portfolios and absences."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Granted, Then
from api.guarded import Guarded
from api.http.parameters import AfterPosition, AfterRM, QuarterText, RMLimit, RMPath, Scope, Search, Source, State
from api.problems import NotFound, wrong
from api.receipts import Noted
from domain import fields
from domain.calendar import Quarter
from domain.refusal import Refused
from projections.answers import LineEvents, Person, Portfolio, Scorecard, Worklog
from projections.answers.awards import Awards
from projections.answers.points import Points
from projections.directory import is_meant

router = APIRouter(tags=["relationship managers"], route_class=Guarded)
LONGEST_WORKLOG = timedelta(days=366)
FIRST_YEAR, LAST_YEAR = 2000, 2099


class Absence(BaseModel):
    """The days on which somebody is away, both included."""

    model_config = ConfigDict(extra="forbid")
    from_day: date = Field(description=fields.DAY.remedy)
    to_day: date = Field(description=fields.DAY.remedy)


@router.get("/v1/rms")
def list_rms(
    granted: Granted,
    reading: Then,
    scope: Scope = None,
    search: Search = None,
    after: AfterRM = None,
    limit: RMLimit = 1_000,
) -> list[Person]:
    """The RMs within reach by their ids, and where they serve now; a page with fewer than `limit` is the last one."""
    if granted.reach == "own":
        own = granted.office.read_model.person(granted.asker.rm or "", reading.as_of)
        return [own] if own and own.rm > (after or "") and is_meant(own, search or "") else []
    return granted.office.read_model.people(granted.scope(scope), reading.as_of, after or "", limit, search or "")


@router.get("/v1/rms/{rm}/scorecards/{quarter}")
def scorecard(granted: Granted, reading: Then, rm: RMPath, quarter: QuarterText, explain: bool = False) -> Scorecard:
    """One RM's quarter: score, tier, and every line with what it came from; `explain` says what the next tier needs."""
    granted.require_quarter(rm, Quarter.parse(quarter))
    if card := granted.office.read_model.scorecard(rm, Quarter.parse(quarter), reading.as_of, explain):
        granted.note_reading(rm, quarter, "scorecard")
        return card
    raise NotFound("name an RM who served in that quarter")


@router.get("/v1/rms/{rm}/scorecards/{quarter}/lines/{indicator}/events")
def line_events(
    granted: Granted,
    reading: Then,
    rm: RMPath,
    quarter: QuarterText,
    indicator: Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,48}$")],
    after: AfterPosition = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> LineEvents:
    """What stands behind one score line, newest first."""
    granted.require_quarter(rm, Quarter.parse(quarter))
    granted.require_known(after, reading)
    return granted.office.read_model.line_events(rm, Quarter.parse(quarter), indicator, reading.as_of, after, limit)


@router.get("/v1/rms/{rm}/points/{quarter}")
def points(
    granted: Granted,
    reading: Then,
    rm: RMPath,
    quarter: QuarterText,
    after: AfterPosition = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Points:
    """What each action of an RM's quarter earned of points of the game, newest first, and why not more; the season's
    points and level, and personal bests."""
    granted.require_quarter(rm, Quarter.parse(quarter))
    granted.require_known(after, reading)
    if found := granted.office.read_model.points(rm, Quarter.parse(quarter), reading.as_of, after, limit):
        return found
    raise NotFound("name an RM who served in that quarter")


@router.get("/v1/rms/{rm}/awards")
def awards(granted: Granted, reading: Then, rm: RMPath) -> Awards:
    """What an RM won and what can still be won: badges with their rule, the action that made each true and the newest
    events behind it; how far the next ones are; and the streaks."""
    granted.require(rm)
    if rm not in granted.register.rms:
        raise NotFound("name an RM of the bank")
    return granted.office.read_model.awards(rm, reading.as_of)


@router.get("/v1/rms/{rm}/worklog")
def worklog(
    granted: Granted,
    reading: Then,
    rm: RMPath,
    from_: Annotated[date | None, Query(alias="from", description="First day; else that of the month of `to`")] = None,
    to: Annotated[date | None, Query(description="Last day, included; else today")] = None,
    source: Source = None,
    state: State | None = None,
    after: AfterPosition = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Worklog:
    """An RM's diary of a period, of at most a year: what each day comes to, and the actions, the newest day first."""
    read_model = granted.office.read_model
    last = to or (granted.office.bank.today if reading.as_of is None else read_model.today_at(reading.as_of))
    first = from_ or last.replace(day=1)
    _check_period(first, last)
    if not granted.covers(rm):
        for quarter in _quarters(first, last):
            granted.require_quarter(rm, quarter)
    if rm not in granted.register.rms:
        raise NotFound("name an RM of the bank")
    return read_model.worklog(rm, first, last, source, state, reading.as_of, after, limit)


def _check_period(first: date, last: date) -> None:
    """422 unless a period has a beginning and an end, of a year at most, in the calendar's years."""
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise wrong("to" if last.year > LAST_YEAR else "from", f"name days from {FIRST_YEAR} to {LAST_YEAR}")
    if first > last:
        raise wrong("from", "name a day that is not after `to`")
    if last - first >= LONGEST_WORKLOG:
        raise wrong("from", "ask for a year at most")


def _quarters(first: date, last: date) -> Iterator[Quarter]:
    """The quarters that a period lies in."""
    quarter = Quarter.of(first)
    while quarter.first_day <= last:
        yield quarter
        quarter = quarter.next


@router.get("/v1/rms/{rm}/portfolio")
def portfolio(
    granted: Granted,
    reading: Then,
    rm: RMPath,
    after: Annotated[
        str | None, Query(min_length=1, max_length=64, description="The `after` of the page before")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Portfolio:
    """The customers whose A or B post an RM holds, with segment and assets, by their code."""
    granted.require(rm)
    if rm not in granted.register.rms:
        raise NotFound("name an RM of the bank")
    return granted.office.read_model.portfolio(rm, after, limit, reading.as_of)


@router.post("/v1/rms/{rm}/absences")
def record_absence(granted: Granted, rm: RMPath, body: Absence) -> Noted:
    """Record that an RM is away: the days don't count as working days."""
    granted.require(rm)
    outcome = granted.office.bank.record_absence(rm, body.from_day, body.to_day, granted.asker.person)
    if isinstance(outcome, Refused):
        raise outcome
    granted.office.follower.wake()
    return Noted(position=outcome.position, outcome=outcome.outcome)
