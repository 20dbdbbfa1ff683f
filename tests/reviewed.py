"""Reviews as their events leave them, without the commands: who was judged, became final, or was opened again."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.events import (
    AppealDecided,
    Event,
    GradeFinalised,
    ReviewAcknowledged,
    ReviewAppealed,
    ReviewApproved,
    ReviewOpened,
    ReviewReopened,
    ReviewReturned,
    ReviewSubmitted,
)
from domain.result import Result
from tests.bank import HOMES, TestBank

EFFECTIVE = date(2026, 1, 1)
DUE, CUTOFF = date(2026, 4, 30), date(2026, 4, 20)
NO_LINES = '{"gates":[],"lines":[]}'


def result_of(rm: str = "r1", **more: Any) -> Result:
    """A result of the first quarter, made up."""
    made: dict[str, Any] = {
        "rm": rm, "org": HOMES.get(rm, "east"), "post": "personal", "scheme": "tests", "effective": EFFECTIVE,
        "status": "graded", "score": Decimal("81.5"), "tier": "qualified", "coefficient": Decimal("1.1"),
        "lines": NO_LINES, "facts_at": 20, "rated_at": 21,
    }  # fmt: skip
    return Result(**(made | more))


def saved(story: TestBank, rm: str, kind: type[Event], by: str = "boss", quarter: str = "2026Q1", **said: Any) -> int:
    """Append one event to a review; where the log has it."""
    stream = f"review:{rm}:{quarter}"
    event = kind(
        originator_id=stream, originator_version=len(story.events(stream)) + 1, recorded_at=story.clock(), by=by,
        rm=rm, quarter=quarter, **said,
    )  # type: ignore[call-arg]  # fmt: skip
    return story.bank.save(event)[-1].notification.id


def opened(story: TestBank, rm: str = "r1", quarter: str = "2026Q1") -> int:
    """Open a review."""
    return saved(
        story, rm, ReviewOpened, "hr", quarter, org=HOMES.get(rm, "east"), post="personal", scheme="tests",
        effective=EFFECTIVE, facts_at=20, cutoff_on=CUTOFF, due_on=DUE,
    )  # fmt: skip


def finalised(
    story: TestBank, rm: str = "r1", round: int = 1, quarter: str = "2026Q1", by: str = "hr", **more: Any
) -> int:
    """Make a grade final, as somebody rated and another person approved it."""
    made = result_of(rm, **more)
    return saved(
        story, rm, GradeFinalised, by, quarter, round=round, org=made.org, post=made.post, scheme=made.scheme,
        effective=made.effective, status=made.status, score=made.score, tier=made.tier, coefficient=made.coefficient,
        lines=made.lines, facts_at=made.facts_at, rated_at=made.rated_at, result_digest=made.digest, rated_by="lead",
        approved_by="head", answer="acknowledged",
    )  # fmt: skip


def reopened(story: TestBank, rm: str = "r1", quarter: str = "2026Q1") -> int:
    """Two people open a final review again."""
    return saved(
        story, rm, ReviewReopened, "head", quarter, proposed_by="lead", facts_at=20, cutoff_on=CUTOFF, due_on=DUE
    )


def stepped(story: TestBank, rm: str, state: str) -> int:
    """Bring an opened review on to a state by the one event that leads there."""
    made = result_of(rm)
    card = {"facts_at": 20, "status": made.status, "result_digest": made.digest}
    steps: dict[str, tuple[type[Event], dict[str, Any]]] = {
        "submitted": (ReviewSubmitted, card | {"due_on": DUE}),
        "returned": (ReviewReturned, {"reason_digest": "0" * 64, "due_on": DUE}),
        "approved": (ReviewApproved, card | {"due_on": DUE}),
        "acknowledged": (ReviewAcknowledged, {"result_digest": made.digest}),
        "appealed": (ReviewAppealed, {"reason_digest": "0" * 64, "due_on": DUE}),
        "decided": (AppealDecided, card | {"outcome": "dismissed", "reason_digest": "0" * 64}),
    }
    kind, said = steps[state]
    return saved(story, rm, kind, **said)
