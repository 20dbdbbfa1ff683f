"""Reviews as their events leave them, without the commands: who was judged, became final, or was opened again."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.events import (
    AppealDecided,
    Event,
    GradeFinalised,
    IndicatorRated,
    InspectionRecorded,
    QuarterOpened,
    ReviewAcknowledged,
    ReviewAppealed,
    ReviewApproved,
    ReviewCommented,
    ReviewOpened,
    ReviewReopened,
    ReviewReturned,
    ReviewSubmitted,
    VoteCast,
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


def opened(story: TestBank, rm: str = "r1", quarter: str = "2026Q1", facts_at: int = 20) -> int:
    """Open a review on the facts at a position."""
    return saved(
        story, rm, ReviewOpened, "hr", quarter, org=HOMES.get(rm, "east"), post="personal", scheme="tests",
        effective=EFFECTIVE, facts_at=facts_at, cutoff_on=CUTOFF, due_on=DUE,
    )  # fmt: skip


def quarter_opened(story: TestBank, quarter: str = "2026Q1", facts_at: int = 20) -> int:
    """Begin the reviews of a quarter."""
    event = QuarterOpened(
        originator_id=f"quarter:{quarter}", originator_version=1, recorded_at=story.clock(), by="hr", quarter=quarter,
        facts_at=facts_at, cutoff_on=CUTOFF,
    )  # fmt: skip
    return story.bank.save(event)[-1].notification.id


def rated(
    story: TestBank, rm: str, indicator: str, value: str, by: str = "lead", quarter: str = "2026Q1", **more: Any
) -> int:
    """Rate a qualitative indicator."""
    return saved(story, rm, IndicatorRated, by, quarter, indicator=indicator, value=Decimal(value), **more)


def commented(story: TestBank, rm: str, by: str = "lead") -> int:
    """Write the supervisor's comment, whose text is not kept."""
    return saved(story, rm, ReviewCommented, by, comment_digest="0" * 64)


def voted(
    story: TestBank, measure: str, rm: str = "r1", by: str = "colleague", previous: str | None = None,
    quarter: str = "2026Q1",
) -> int:  # fmt: skip
    """Somebody gives an RM a level, or moves what they gave."""
    stream = f"vote:{rm}:{quarter}:{by}"
    event = VoteCast(
        originator_id=stream, originator_version=len(story.events(stream)) + 1, recorded_at=story.clock(), by=by,
        rm=rm, quarter=quarter, measure=measure, previous=previous,
    )  # fmt: skip
    return story.bank.save(event)[-1].notification.id


def inspected(story: TestBank, rm: str = "r1", findings: int = 2, number: int = 1) -> int:
    """The branch inspects an RM's work."""
    event = InspectionRecorded(
        originator_id=f"inspection:{rm}:2026Q1:{number}", originator_version=1, recorded_at=story.clock(), by="branch",
        rm=rm, quarter="2026Q1", inspector="branch", inspected_on=date(2026, 3, 10), findings=findings,
        note_digest="0" * 64,
    )  # fmt: skip
    return story.bank.save(event)[-1].notification.id


def finalised(
    story: TestBank, rm: str = "r1", round: int = 1, quarter: str = "2026Q1", by: str = "hr", **more: Any
) -> int:
    """Make a made-up grade final, as somebody rated and another person approved it."""
    return finalised_as(story, result_of(rm, **more), round, quarter, by)


def finalised_as(story: TestBank, made: Result, round: int = 1, quarter: str = "2026Q1", by: str = "hr") -> int:
    """Make a result final."""
    return saved(
        story, made.rm, GradeFinalised, by, quarter, round=round, org=made.org, post=made.post, scheme=made.scheme,
        effective=made.effective, status=made.status, score=made.score, tier=made.tier, coefficient=made.coefficient,
        lines=made.lines, facts_at=made.facts_at, rated_at=made.rated_at, result_digest=made.digest, rated_by="lead",
        approved_by="head", answer="acknowledged",
    )  # fmt: skip


def final_review(rm: str, quarter: str, at: datetime, made: Result | None = None) -> list[Event]:
    """The events of a review that was opened and became final at once, with a result or a made-up one, in any bank."""
    made = made or result_of(rm)
    what: dict[str, Any] = {
        "originator_id": f"review:{rm}:{quarter}", "recorded_at": at, "rm": rm, "quarter": quarter, "org": made.org,
        "post": made.post, "scheme": made.scheme, "effective": made.effective, "facts_at": made.facts_at,
    }  # fmt: skip
    return [
        ReviewOpened(**what, originator_version=1, by="hr", cutoff_on=CUTOFF, due_on=DUE),
        GradeFinalised(
            **what, originator_version=2, by="hr", round=1, status=made.status, score=made.score, tier=made.tier,
            coefficient=made.coefficient, lines=made.lines, rated_at=made.rated_at, result_digest=made.digest,
            rated_by="lead", approved_by="head", answer="acknowledged",
        ),
    ]  # fmt: skip


def approved_review(made: Result, quarter: str, at: datetime) -> list[Event]:
    """The events of a review whose result was submitted by one and approved by another, in any bank."""
    what: dict[str, Any] = {
        "originator_id": f"review:{made.rm}:{quarter}", "recorded_at": at, "rm": made.rm, "quarter": quarter,
        "facts_at": made.facts_at,
    }  # fmt: skip
    card: dict[str, Any] = what | {
        "status": made.status, "score": made.score, "tier": made.tier, "coefficient": made.coefficient,
        "result_digest": made.digest, "due_on": at.date(),
    }  # fmt: skip
    begun = what | {"org": made.org, "post": made.post, "scheme": made.scheme, "effective": made.effective}
    return [
        ReviewOpened(**begun, originator_version=1, by="hr", cutoff_on=at.date(), due_on=at.date()),
        ReviewSubmitted(**card, originator_version=2, by="lead"),
        ReviewApproved(**card, originator_version=3, by="head"),
    ]


def reopened(story: TestBank, rm: str = "r1", quarter: str = "2026Q1") -> int:
    """Two people open a final review again."""
    return saved(
        story, rm, ReviewReopened, "head", quarter, proposed_by="lead", facts_at=20, cutoff_on=CUTOFF, due_on=DUE
    )


def stepped(story: TestBank, rm: str, state: str) -> int:
    """Bring an opened review on to a state by the one event that leads there."""
    made = result_of(rm)
    card = {
        "facts_at": 20, "status": made.status, "score": made.score, "tier": made.tier,
        "coefficient": made.coefficient, "result_digest": made.digest,
    }  # fmt: skip
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
