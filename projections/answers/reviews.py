"""The shapes of answers about reviews: who is where in the workflow, what a result is made of, and what is missing.

Scores, coefficients, ratings and points are exact decimals. A person is told by their opaque id; a text (comment,
reason, note) by its digest and, where it still stands, in words.
Longer than 300 lines because the shapes of one subject stand together.
"""

from datetime import date, datetime
from typing import Literal

from domain.money import Exact
from projections.answers import Answer, Moment, Words

State = Literal[
    "open", "rated", "submitted", "returned", "approved", "acknowledged", "appealed", "decided", "final", "reopened"
]
STATES: tuple[State, ...] = (
    "open", "reopened", "rated", "returned", "submitted", "approved", "acknowledged", "appealed", "decided", "final"
)  # fmt: skip
"""The states in the order of the way through them."""
Waits = Literal["rate", "submit", "approve", "answer", "decide", "finalise", "agree-reopening"]
"""What a review waits for."""
Whose = Literal["supervisor", "approver", "rm", "hr"]
"""Whose turn it is."""


class ResultCard(Answer):
    """A result in a few figures: its `digest` is what people approve, and `facts_at` the position of its facts. Without
    a grade `status` says why."""

    status: str
    score: Exact | None
    tier: str | None
    tier_name: Words | None
    coefficient: Exact | None
    facts_at: int
    digest: str


class ResultLine(Answer):
    """One line of a result: what was measured or rated, against which target, and the points that it earned. `scored`
    is False where the line was left out and its weight spread; `reason` says why, as in a scorecard. `sentence`
    says how the points came about. `previous_target` is what an amendment replaced on the day `amended_on`, and
    `in_period` whether the quarter had begun by then: a review's own result says so."""

    indicator: str
    name: Words
    unit: Words
    clause: str
    nature: Literal["quantitative", "qualitative"]
    weight: Exact
    share: Exact
    scored: bool
    reason: str | None
    measured: Exact | None
    target: Exact | None
    base: Exact | None
    completion: Exact | None
    points: Exact | None
    sentence: Words | None = None
    previous_target: Exact | None = None
    amended_on: date | None = None
    in_period: bool = False
    amendment_reason: str | None = None


class ResultGate(Answer):
    """A condition of the scheme in a result: whether it held, and what it then does."""

    gate: str
    name: Words
    clause: str
    fired: bool
    cap_tier: str | None
    coefficient: Exact | None


class ReviewResult(Answer):
    """A result in full: its card, its lines in the scheme's order, its gates, and the position of its ratings."""

    card: ResultCard
    rated_at: int
    lines: list[ResultLine]
    gates: list[ResultGate]


class ReviewRow(Answer):
    """One review of a worklist.

    `waits_for` is the next step and `whose` turn it is; both are None once final, unless a reopening waits. `due_on` is
    that step's last day, `days_left` the working days until then (negative: so many over it). `result` is the newest
    one that somebody stood for (submitted, approved, decided or final); `provisional` is how the RM stands now, on all
    facts and ratings. Before a second person stands for a rating, its RM is told neither it nor what it makes of the
    result, and an inbox leaves it out of `provisional`. `rated` of `to_rate` qualitative indicators have a rating.
    `late` counts the facts that came in since `facts_at` and could still be taken in.
    """

    rm: str
    name: str
    org: str
    org_name: str
    post: str
    supervisor: str | None
    quarter: str
    scheme: str | None
    effective: date | None
    state: State
    round: int
    version: int
    facts_at: int
    cutoff_on: date
    due_on: date | None
    days_left: int | None
    waits_for: Waits | None
    whose: Whose | None
    rated: int
    to_rate: int
    commented: bool
    late: int
    result: ResultCard | None
    provisional: ResultCard | None
    rated_by: str | None
    submitted_by: str | None
    approved_by: str | None
    decided_by: str | None
    answer: Literal["acknowledged", "appealed", "unanswered"] | None
    reopening_proposed_by: str | None


class StateCount(Answer):
    """How many reviews are in a state; `overdue` of them are beyond their day."""

    state: State
    reviews: int
    overdue: int


class ReviewList(Answer):
    """The reviews of a quarter, the most urgent first, those of a day by RM; `states` counts all that fit, whatever
    page and state are asked for. `after` leads to the next page."""

    moment: Moment
    quarter: str
    states: list[StateCount]
    reviews: list[ReviewRow]
    after: str | None = None


class AnchorLine(Answer):
    """What behaviour a rating from `at` on stands for."""

    at: Exact
    text: Words


class RatingLine(Answer):
    """A qualitative indicator to be rated, from 0 to `best`, with the scheme's anchors (best first). `value` is the
    rating that stands; `delivered` says that it came from the bank's warehouse, not from a supervisor's review.
    `unrated` is what becomes of the line without one."""

    indicator: str
    name: Words
    clause: str
    clause_text: Words
    weight: Exact
    best: Exact
    unrated: Literal["spread", "zero"] | None
    anchors: list[AnchorLine]
    value: Exact | None
    delivered: bool = False
    by: str | None = None
    on_behalf_of: str | None = None
    at: datetime | None = None
    position: int | None = None


class Text(Answer):
    """A comment, reason or note: who wrote it when, and in which words while they stand (None once erased)."""

    text: str | None
    digest: str
    by: str
    on_behalf_of: str | None
    at: datetime
    position: int


class Interview(Answer):
    """A talk about the quarter with the RM."""

    held_on: date
    note: Text


class Inspection(Answer):
    """The branch's inspection of the RM's work, with the number of findings; the note says which."""

    inspector: str
    inspected_on: date
    findings: int
    note: Text


class KindCount(Answer):
    """How many actions of a kind count in the quarter, their sums, and how many wait for verification. `in_gates` are
    the conditions of the scheme that look at it: complaints, breaches and the like."""

    kind: str
    name: Words
    unit: Words
    entries: int
    quantity: Exact
    amount: Exact
    waiting: int
    in_gates: list[str]


class VoteSum(Answer):
    """How many gave the RM one of the levels of a measure of votes. None where fewer than the scheme's `least_votes`
    voted in all: so few are not told."""

    measure: str
    name: Words
    votes: Exact | None


class Evidence(Answer):
    """What stands beside the ratings: the log's entries by kind, inspections, talks, and votes as sums."""

    kinds: list[KindCount]
    inspections: list[Inspection]
    interviews: list[Interview]
    votes: list[VoteSum]
    voters: int
    least_votes: int


class LateFact(Answer):
    """A fact about the quarter that was recorded after the facts that the review is on."""

    position: int
    topic: str
    recorded_at: datetime
    by: str
    kind: str | None
    kind_name: Words | None
    occurred_on: date | None
    indicator: str | None
    quantity: Exact | None
    amount: Exact | None
    value: Exact | None


class LateFacts(Answer):
    """What came in since the review's facts.

    `facts` can be taken in until `cutoff_on` by accepting position `until` (None where there are none); `too_late`
    came after the cut-off. `total` and `total_too_late` count all of them, of which the first hundred are told. `now`
    is the result with the acceptable ones, `at_facts` the one without; `moves` says that they differ.
    """

    facts_at: int
    cutoff_on: date
    until: int | None
    facts: list[LateFact]
    total: int
    too_late: list[LateFact]
    total_too_late: int
    at_facts: ResultCard | None
    now: ResultCard | None
    moves: bool


What = Literal["interview", "quota", "unrated", "result-moved", "answer", "approval", "comment"]
"""What the scheme or the workflow asks before a grade may become final: a talk with the RM, a quota kept, everyone in
the group rated, a result that is still the approved one, the RM's answer (or the end of the days for it), an approval,
a comment."""


class Requirement(Answer):
    """One thing that is missing before a grade may become final: for whom, of what, and who can mend it. `quota` is
    told with how many heads it has and may or must have; `indicators` are those without a rating; `peers` counts the
    others of the group whose ratings are missing; `due_on` is the day until which the RM may answer."""

    rm: str
    name: str
    what: What
    who_can: list[Whose]
    indicators: list[str]
    quota: str | None = None
    quota_name: Words | None = None
    have: int | None = None
    wanted: int | None = None
    peers: int | None = None
    due_on: date | None = None


class Requirements(Answer):
    """What is missing for a quarter's reviews, in one list."""

    moment: Moment
    quarter: str
    missing: list[Requirement]
    total: int


class Step(Answer):
    """A step that the asker may take now, or why not: `code` and `reason` are those of the refusal."""

    step: str
    allowed: bool
    code: str | None = None
    reason: str | None = None


class Stated(Answer):
    """A result that somebody stood for: submitted, approved, decided on appeal, or final."""

    what: Literal["submitted", "approved", "decided", "final"]
    round: int
    card: ResultCard
    by: str
    on_behalf_of: str | None
    at: datetime
    position: int
    outcome: Literal["dismissed", "granted"] | None = None


class FinalGrade(Answer):
    """A grade that became final; a reopened review leaves it standing beside a later one. `position` is that of the
    event, `lines` the score lines as they were frozen."""

    rm: str
    quarter: str
    round: int
    position: int
    at: datetime
    by: str
    on_behalf_of: str | None
    org: str
    post: str
    scheme: str | None
    effective: date | None
    result: ReviewResult
    rated_by: str
    approved_by: str
    decided_by: str | None
    answer: Literal["acknowledged", "appealed", "unanswered"]


class Review(Answer):
    """All of one review, as its page shows it.

    `result` is reckoned now, on the review's facts and the ratings that stand; `stated` are the results that people
    stood for, newest first; `finals` every final grade of the review. `steps` is filled by the door, which knows who
    asks.
    """

    moment: Moment
    row: ReviewRow
    result: ReviewResult
    ratings: list[RatingLine]
    comment: Text | None
    returned: Text | None
    appeal: Text | None
    decision: Text | None
    reopening: Text | None
    stated: list[Stated]
    finals: list[FinalGrade]
    late: LateFacts
    missing: list[Requirement]
    evidence: Evidence
    steps: list[Step]


class Preview(Answer):
    """What some ratings would come to, with nothing saved; `moves` says whether that differs from what stands."""

    result: ReviewResult
    moves: bool


class QuotaStanding(Answer):
    """A quota of the scheme against the department's results: of `people` graded in a group `have` stand in `tier` or
    better (`at_most`), or in it or worse (`at_least`), where `bound` heads may or must. `met` says whether that holds;
    where fewer are graded than `smallest`, the quota asks nothing (`asks` is False)."""

    scheme: str
    effective: date
    quota: str
    name: Words
    clause: str
    group: str | None
    group_name: str | None
    tier: str
    tier_name: Words
    side: Literal["at-most", "at-least"]
    part: Exact
    people: int
    have: int
    bound: int
    smallest: int
    asks: bool
    met: bool


class TierCount(Answer):
    """How many stand in a tier, and which part of the graded that is, to four places."""

    tier: str
    name: Words
    people: int
    part: Exact


class Leniency(Answer):
    """How high one supervisor rates beside the others of that quarter and scope: `mean` over the ratings given, each
    as a part of the best possible (0 to 1, to four places), `mean_of_all` over everybody's, and their difference.
    `tiers` are those of the supervisor's RMs."""

    rated_by: str
    reviews: int
    ratings: int
    mean: Exact | None
    mean_of_all: Exact | None
    difference: Exact | None
    tiers: list[TierCount]


class StatusCount(Answer):
    """How many have no grade, for one reason."""

    status: str
    people: int


class Distribution(Answer):
    """The results of a scope's reviews before they are approved: tiers, quotas, who has no grade, and each supervisor's
    leniency. A review's result is the newest that somebody stood for, else the provisional one (`provisional` counts
    those)."""

    moment: Moment
    quarter: str
    scope: str
    scope_name: str
    people: int
    provisional: int
    tiers: list[TierCount]
    ungraded: list[StatusCount]
    quotas: list[QuotaStanding]
    leniency: list[Leniency]


class InboxItem(Answer):
    """A review that waits for somebody: which step, whose turn, until when. `escalated` says that it is so long overdue
    that it waits for the next one up the tree as well; `on_behalf_of` whose duty it is, where the asker stands in."""

    row: ReviewRow
    step: Waits
    due_on: date | None
    days_left: int | None
    escalated: bool = False
    on_behalf_of: str | None = None


class Inbox(Answer):
    """What waits for the asker, the most urgent first; `total` counts all, of which a page is told."""

    moment: Moment
    items: list[InboxItem]
    total: int


class QuarterProgress(Answer):
    """A quarter's reviews: since when, on which facts, until which day late facts count, and how far they are. `served`
    are the RMs who served in the quarter, `unopened` those of them who have no review."""

    moment: Moment
    quarter: str
    opened_at: datetime | None
    opened_by: str | None
    facts_at: int | None
    cutoff_on: date | None
    served: int
    reviews: int
    unopened: int
    overdue: int
    states: list[StateCount]


class Fact(Answer):
    """A field of an event, in words as it stands there."""

    name: str
    value: str


class TimelineEntry(Answer):
    """One event of a review, of its inspections and votes, or of a final grade."""

    position: int
    topic: str
    at: datetime
    by: str
    on_behalf_of: str | None
    facts: list[Fact]


class Timeline(Answer):
    """A review as the events that made it, in their order."""

    moment: Moment
    rm: str
    quarter: str
    entries: list[TimelineEntry]


class Relation(Answer):
    """Two people of whom it is declared that they are too close to decide on each other."""

    person: str
    relative: str


class Delegation(Answer):
    """From a day to a day, both included, `delegate` does what waits for `person`."""

    person: str
    delegate: str
    from_day: date
    to_day: date


class CardReading(Answer):
    """That somebody other than the RM, `reader`, read their scorecard, review or grade notice of a quarter."""

    number: int
    read_at: datetime
    reader: str
    role: str
    rm: str
    quarter: str
    what: Literal["scorecard", "review", "notice"]
