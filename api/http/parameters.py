"""The parameters that several routes share, each with its pattern."""

from datetime import UTC, datetime
from typing import Annotated, Literal, overload

from fastapi import Path, Query
from pydantic import AfterValidator

from domain import fields

LARGEST_POSITION = 2**53 - 1


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


ACTION_ID = "(?:action:)?[a-z0-9-]{1,32}:[A-Za-z0-9._-]{1,64}"


def stream_of(action_id: str) -> str:
    """The action's stream: both `source:external_ref` and the stream's own id name it."""
    return action_id if action_id.count(":") == 2 else f"action:{action_id}"


ActionId = Annotated[
    str,
    Path(pattern=_whole(ACTION_ID), description="`source:external_ref`"),
    AfterValidator(stream_of),
]
QuarterText = Annotated[str, Path(pattern=_whole("[12][0-9]{3}Q[1-4]"), description="Like 2026Q3")]
PeriodText = Annotated[
    str,
    Path(
        pattern=_whole("[12][0-9]{3}(Q[1-4]|-[0-9]{2}|-W[0-9]{2})?|[a-z][a-z0-9-]{0,31}"),
        description="A quarter like 2026Q3, a year, a month like 2026-07, a week like 2026-W31, or the id of a season",
    ),
]
Among = Annotated[
    str | None,
    Query(
        pattern=_whole("(position|tenure|portfolio)(:[A-Za-z0-9_-]{1,32})?"),
        description="Only people alike: one of the answer's `alike`, or a side alone for those like `around`",
    ),
]
RMPath = Annotated[str, Path(pattern=_whole(fields.ID.pattern), description="The RM's id")]
RMFilter = Annotated[str | None, Query(pattern=_whole(fields.ID.pattern), description="Only this RM")]
KindFilter = Annotated[str | None, Query(pattern=_whole(fields.KIND.pattern), description="A kind of action")]
QuarterFilter = Annotated[
    str | None, Query(pattern=_whole("[12][0-9]{3}Q[1-4]"), description="In which a figure counts, like 2026Q3")
]
QuarterQuery = Annotated[str, Query(alias="quarter", pattern=_whole("[12][0-9]{3}Q[1-4]"), description="Like 2026Q3")]
Scope = Annotated[str | None, Query(pattern=_whole(fields.ID.pattern), description="A unit of the tree; else all")]
Search = Annotated[
    str | None, Query(max_length=80, description="Only RMs whose name, id or outlet hold each of these words")
]
GradeStatus = Annotated[
    Literal[
        "graded", "ungraded", "no-scheme", "no-contract", "short-service", "no-score", "not-gradable", "barred", "held"
    ]
    | None,
    Query(description="Only grades of this status; `ungraded` is every one but `graded`"),
]
AfterRM = Annotated[str | None, Query(pattern=_whole(fields.ID.pattern), description="The last RM of the page before")]
AfterReview = Annotated[
    str | None,
    Query(
        pattern=_whole(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\.(?:{fields.ID.pattern})"),
        description="The `after` of the page before",
    ),
]
RMLimit = Annotated[int, Query(ge=1, le=10_000, description="How many RMs at most")]
After = Annotated[int, Query(ge=0, le=LARGEST_POSITION, description="The `after` of the page before")]
AfterPosition = Annotated[
    int | None, Query(ge=0, le=LARGEST_POSITION, description="The last position of the page before")
]
Source = Annotated[str | None, Query(pattern=_whole(fields.SOURCE.pattern), description="Such as log: own entries")]
State = Literal["recorded", "counted", "rejected", "voided"]
USER_NAME = _whole(fields.ID.pattern)
UserName = Annotated[str, Query(pattern=USER_NAME, description="What a user signs in with")]
Limit = Annotated[int, Query(ge=1, le=1_000, description="How many at most")]


@overload
def utc(seconds: int) -> datetime: ...
@overload
def utc(seconds: None) -> None: ...
def utc(seconds: int | None) -> datetime | None:
    """A moment as the store keeps it."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
