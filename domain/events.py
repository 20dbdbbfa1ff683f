"""Every event of the log, one class each: the whole vocabulary on one page.

An event is a fact in the past tense: frozen, flat and permanent. Its TOPIC is what the store keeps, so a class or
a module may be renamed. Personal names and free text never stand in an event: the store's `texts` table holds them,
and the event keeps a salted digest (`name_digest`, `note_digest`, `reason_digest`) that proves them while they stand.
A new need is a new optional field. `by` is the opaque id of a person or system; `recorded_at` is the bank's clock, UTC.
Longer than 300 lines because it is the whole vocabulary.
"""

from datetime import date, datetime
from typing import Any, ClassVar, Literal

from eventsourcing.utils import register_topic
from pydantic import BaseModel, ConfigDict

from domain.money import Exact

Stamp = dict[str, Any]
"""When and by whom: the `recorded_at` and `by` of events that are decided now."""


class Event(BaseModel):
    """What every fact carries: whose stream it stands on, when it was recorded and by whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    TOPIC: ClassVar[str]

    originator_id: str
    originator_version: int
    recorded_at: datetime
    by: str

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.TOPIC = cls.__name__
        register_topic(cls.TOPIC, cls)


# The organisation: stream org:<unit>


class UnitOpened(Event):
    """A unit joined the organisation tree; the root has no parent. `level` is the bank's word (outlet, branch ...)."""

    org: str
    parent: str | None = None
    level: str
    name: str


class UnitChanged(Event):
    """A unit got another parent, level or name; all three are repeated as they stand now."""

    org: str
    parent: str | None = None
    level: str
    name: str


# The relationship manager: stream rm:<id>


class RMRegistered(Event):
    """A relationship manager entered the bank's service on `joined_on`."""

    rm: str
    joined_on: date
    name_digest: str


class RMRenamed(Event):
    """The name in `texts` was corrected."""

    rm: str
    name_digest: str


class RMPosted(Event):
    """From a day on the RM serves in an outlet, a position and under a supervisor; a later posting is a transfer."""

    rm: str
    org: str
    position: str
    supervisor: str | None = None
    from_day: date


class RMCertified(Event):
    """The RM holds a certificate until a day (both included), or without end."""

    rm: str
    certificate: str
    until: date | None = None


class RMAbsent(Event):
    """The RM is absent (leave, secondment, sickness) from a day to a day, both included."""

    rm: str
    from_day: date
    to_day: date


class RMLeft(Event):
    """`left_on` is the RM's last day in the bank's service."""

    rm: str
    left_on: date


class TextsErased(Event):
    """Names and notes about an RM, or about a customer, were taken away for good: how many `texts`.

    It stands on the stream of whom it is about; for a customer that is customer:<code>.
    """

    rm: str | None = None
    customer: str | None = None
    texts: int


# What an RM chose about the leaderboards: stream boards:<rm>


class BoardsLeft(Event):
    """The RM wants to be on no leaderboard; the appraisal goes on as before."""

    rm: str


class BoardsJoined(Event):
    """The RM is on the leaderboards again."""

    rm: str


class AliasChosen(Event):
    """The RM is called by an alias where the scheme shows one; a later one takes its place."""

    rm: str
    alias_digest: str


class AliasDropped(Event):
    """The RM has no alias any more."""

    rm: str


# The performance contract: stream contract:<rm>:<year>


class TargetAgreed(Event):
    """A target for one indicator and quarter; `base` is what a growth is counted from."""

    rm: str
    quarter: str
    indicator: str
    target: Exact
    base: Exact | None = None


class TargetAmended(Event):
    """A target was changed; the old value stays in the log and is repeated here."""

    rm: str
    quarter: str
    indicator: str
    target: Exact
    base: Exact | None = None
    previous_target: Exact
    previous_base: Exact | None = None
    reason_digest: str


class ContractDrafted(Event):
    """The targets of a year that a version of a scheme asks for were laid before RM, outlet and department."""

    rm: str
    year: int
    scheme: str
    effective: date


class TargetProposed(Event):
    """Somebody asks for a target of the draft, or for another one: each change of the negotiation stays. A `reason`
    stands where it changes what was signed. Without a `target` the indicator leaves the draft."""

    rm: str
    quarter: str
    indicator: str
    target: Exact | None = None
    base: Exact | None = None
    reason_digest: str | None = None


class ContractSigned(Event):
    """One of the three parties signed the text that has the `digest`: the RM, the outlet or the department. With the
    third signature the targets that differ are agreed or amended in the same save."""

    rm: str
    year: int
    party: Literal["rm", "outlet", "department"]
    digest: str


# The outlet's plan: stream plan:<unit>:<year>


class PlanSet(Event):
    """What a unit has to reach in a quarter for one indicator, all its RMs together; a later one takes its place."""

    org: str
    quarter: str
    indicator: str
    target: Exact
    previous_target: Exact | None = None
    reason_digest: str | None = None


# The action: stream action:<source>:<external_ref>


class ActionRecorded(Event):
    """Something an RM did or that happened to them.

    `counts` says whether it counts at once (else once verified). `reverses` is the id of the action that this one
    takes back; `whole` then says that nothing of that action remains, and `taken_quantity` how much of its quantity
    goes (where the kind is counted by amount, all of it or nothing).
    """

    rm: str
    kind: str
    occurred_on: date
    quantity: Exact
    amount: Exact
    customer: str | None = None
    note_digest: str | None = None
    reverses: str | None = None
    whole: bool | None = None
    taken_quantity: Exact | None = None
    counts: bool


class ActionVerified(Event):
    """A second person confirmed the action: from now on it counts. What it counts for is repeated."""

    rm: str
    kind: str
    occurred_on: date
    quantity: Exact
    amount: Exact
    customer: str | None = None
    reverses: str | None = None
    whole: bool | None = None
    taken_quantity: Exact | None = None


class ActionRejected(Event):
    """A second person did not confirm the action: it never counts. Older events have neither kind nor day."""

    rm: str
    kind: str | None = None
    occurred_on: date | None = None
    reason_digest: str


class ActionVoided(Event):
    """The action was recorded in error. `counted` says whether it had counted and so has to be taken out, `replaced_by`
    which action was recorded in its place, where it was corrected."""

    rm: str
    kind: str
    occurred_on: date
    quantity: Exact
    amount: Exact
    customer: str | None = None
    reverses: str | None = None
    whole: bool | None = None
    taken_quantity: Exact | None = None
    counted: bool
    reason_digest: str
    replaced_by: str | None = None


class ActionReversed(Event):
    """Part or all of this action is taken back by another action."""

    rm: str
    by_action: str
    quantity: Exact
    amount: Exact


class ReversalReleased(Event):
    """A reversal of this action was rejected or voided: what it took back stands again."""

    rm: str
    by_action: str
    quantity: Exact
    amount: Exact


# The ready measure: stream measure:<source>:<external_ref>


class MeasureDelivered(Event):
    """The bank's warehouse gave a figure of an RM's quarter for an indicator, as of a day; the newest day stands."""

    rm: str
    indicator: str
    quarter: str
    value: Exact
    as_of: date


# The customer: stream customer:<code>


class CustomerAssigned(Event):
    """Two RMs hold the A and the B post of a customer; segment and assets (CNY) are repeated as they stand now.

    Who held the posts until then is repeated, too, so that it is known whom the event concerns without looking further.
    """

    customer: str
    segment: str
    assets: Exact
    a_rm: str
    b_rm: str | None = None
    previous_a_rm: str | None = None
    previous_b_rm: str | None = None


# The quarter's reviews: stream quarter:<quarter>


class QuarterOpened(Event):
    """The reviews of a quarter begin, on the facts that stood at position `facts_at`; facts recorded on the bank's day
    `cutoff_on`, or before, may still be taken in."""

    quarter: str
    facts_at: int
    cutoff_on: date


# The review: stream review:<rm>:<quarter>
# `on_behalf_of` is whose duty it was, where the one who acts (`by`) stands in for somebody absent. `due_on` is the last
# day of the next step. `result_digest` names a result: see domain/result.py.


class ReviewOpened(Event):
    """An RM's quarter is to be judged, on the facts at `facts_at`, by the version of the scheme that it fell under.

    `org` is the unit in which the RM served last in the quarter, `post` the position; without a scheme there is none.
    """

    rm: str
    quarter: str
    org: str
    post: str
    scheme: str | None = None
    effective: date | None = None
    facts_at: int
    cutoff_on: date
    due_on: date


class IndicatorRated(Event):
    """The supervisor (or who decided an appeal) rated a qualitative indicator; a later rating takes its place."""

    rm: str
    quarter: str
    indicator: str
    value: Exact
    on_behalf_of: str | None = None


class ReviewCommented(Event):
    """The supervisor's comment on the quarter; a later one takes its place."""

    rm: str
    quarter: str
    comment_digest: str
    on_behalf_of: str | None = None


class LateFactsAccepted(Event):
    """Facts that were recorded since `previous_facts_at` count in this review, up to position `facts_at`."""

    rm: str
    quarter: str
    facts_at: int
    previous_facts_at: int
    on_behalf_of: str | None = None


class InterviewHeld(Event):
    """Somebody talked the quarter over with the RM, as the scheme asks for before some tiers become final."""

    rm: str
    quarter: str
    held_on: date
    note_digest: str
    on_behalf_of: str | None = None


class ReviewSubmitted(Event):
    """The supervisor is done: somebody else is to approve the result."""

    rm: str
    quarter: str
    facts_at: int
    status: str
    score: Exact | None = None
    tier: str | None = None
    coefficient: Exact | None = None
    result_digest: str
    due_on: date
    on_behalf_of: str | None = None


class ReviewReturned(Event):
    """Who was to approve it gave it back to the supervisor, with the reason."""

    rm: str
    quarter: str
    reason_digest: str
    due_on: date
    on_behalf_of: str | None = None


class ReviewApproved(Event):
    """A second person stands for the result; the RM answers it until `due_on`."""

    rm: str
    quarter: str
    facts_at: int
    status: str
    score: Exact | None = None
    tier: str | None = None
    coefficient: Exact | None = None
    result_digest: str
    due_on: date
    on_behalf_of: str | None = None


class ReviewAcknowledged(Event):
    """The RM has seen the result and does not contest it."""

    rm: str
    quarter: str
    result_digest: str


class ReviewAppealed(Event):
    """The RM contests the result, with the reason; somebody who took no part decides until `due_on`."""

    rm: str
    quarter: str
    reason_digest: str
    due_on: date


class AppealDecided(Event):
    """The appeal was dismissed, or granted with a result that is nowhere worse than the one contested."""

    rm: str
    quarter: str
    outcome: Literal["dismissed", "granted"]
    reason_digest: str
    facts_at: int
    status: str
    score: Exact | None = None
    tier: str | None = None
    coefficient: Exact | None = None
    result_digest: str
    on_behalf_of: str | None = None


class GradeFinalised(Event):
    """The result is final: payroll may read it. `round` counts from 1, and goes up by each reopening.

    `lines` is the score line by line, as canonical JSON; `result_digest` is SHA-256 over it and the rest of the result.
    `facts_at` and `rated_at` are the log positions of the facts and of the ratings that it was reckoned from.
    `rated_by`, `approved_by` and `decided_by` are the people who stand for it, `answer` is what the RM said to it.
    """

    rm: str
    quarter: str
    round: int
    org: str
    post: str
    scheme: str | None = None
    effective: date | None = None
    status: str
    score: Exact | None = None
    tier: str | None = None
    coefficient: Exact | None = None
    lines: str
    facts_at: int
    rated_at: int
    result_digest: str
    rated_by: str
    approved_by: str
    decided_by: str | None = None
    answer: Literal["acknowledged", "appealed", "unanswered"]
    on_behalf_of: str | None = None


class ReopeningProposed(Event):
    """Somebody asks for a final review to be opened again, with the reason; a second person has to agree."""

    rm: str
    quarter: str
    reason_digest: str
    on_behalf_of: str | None = None


class ReopeningRefused(Event):
    """The second person did not agree, or who proposed it took it back: the grade stays final."""

    rm: str
    quarter: str
    on_behalf_of: str | None = None


class ReviewReopened(Event):
    """Two people opened a final review again: the final grade stands until another one is final beside it."""

    rm: str
    quarter: str
    proposed_by: str
    facts_at: int
    cutoff_on: date
    due_on: date
    on_behalf_of: str | None = None


# What others say of an RM's quarter: streams vote:<rm>:<quarter>:<person>, inspection:<rm>:<quarter>:<n>


class VoteCast(Event):
    """A colleague or a customer's voice gave an RM one of the levels that a measure of votes counts; a later one of the
    same person takes its place. Pages tell sums alone: who gave which, the auditor reads here."""

    rm: str
    quarter: str
    measure: str
    previous: str | None = None


class InspectionRecorded(Event):
    """The branch inspected an RM's work: who, when, and how many findings there were; the note says which."""

    rm: str
    quarter: str
    inspector: str
    inspected_on: date
    findings: int
    note_digest: str


# People: stream person:<id>


class RelationDeclared(Event):
    """Two people are relatives, or otherwise too close: neither decides on the other."""

    person: str
    relative: str


class RelationEnded(Event):
    """What was declared holds no longer."""

    person: str
    relative: str


class DutiesDelegated(Event):
    """While somebody is absent, from a day to a day, both included, another person does what waits for them."""

    person: str
    delegate: str
    from_day: date
    to_day: date


class DelegationEnded(Event):
    """The one who was absent is back before the day that was named."""

    person: str
    delegate: str
    ended_on: date


# The payroll run: stream payroll:<quarter>:<n>


class RunPrepared(Event):
    """What payroll is to be given of a quarter: the final grades at position `at` that no run released before.

    `digest` is SHA-256 of the run's JSON file, which holds all of it; counts and sums are what a person confirms.
    `without` counts those who have no final grade then, `missing` names them with the reason, as canonical JSON.
    """

    quarter: str
    run: int
    at: int
    employees: int
    without: int
    coefficients: Exact
    scores: Exact
    digest: str
    missing: str


class RunDiscarded(Event):
    """A prepared run was given up before anybody released it."""

    quarter: str
    run: int
    reason_digest: str


class RunReleased(Event):
    """A second person handed the run to payroll: nothing edits it from now on.

    `sealed` and `seal` are the position and the digest of the seal that covers what it was made of.
    """

    quarter: str
    run: int
    digest: str
    prepared_by: str
    sealed: int
    seal: str


# The scheme: stream scheme:<id>:<effective>


class SchemeProposed(Event):
    """A scheme's version waits for another person's approval; `text` is the whole TOML file, `digest` its SHA-256. It
    takes the place of what waited before."""

    scheme: str
    effective: date
    digest: str
    text: str


class SchemeWithdrawn(Event):
    """The version that waited for approval was taken back, or turned down."""

    scheme: str
    effective: date
    digest: str


class SchemePublished(Event):
    """A scheme's version takes effect on a quarter's first day: `by` approved what `proposed_by` had proposed. `text`
    is the whole TOML file. In older logs one person alone published it."""

    scheme: str
    effective: date
    digest: str
    text: str
    proposed_by: str | None = None


# The bank's day: stream day:<date>


class DayClosed(Event):
    """A calendar day ended in the bank's time zone; the day after it is the bank's today."""

    day: date


# The proof: stream seal


class LogSealed(Event):
    """The log from position `first` to `last` is sealed: `count` events, whose text as read by blocks has the `digest`.

    `marks` holds four hexadecimal digits per event, so that of a block that differs the event can be named. `chained`
    is SHA-256 over the former seal's `chained` and everything that this one says: a chain that nobody can mend in one
    place. Seals are sealed by the next ones.
    """

    first: int
    last: int
    count: int
    digest: str
    chained: str
    marks: str


# The imported file: stream import:<kind of file>:<sha256 of its bytes>


class FileImported(Event):
    """A file was taken in to its end: which facts it held, the SHA-256 of its bytes, and what its lines came to.

    The same file again is told here only where it brought something new, or nothing was rejected for the first time.
    Its name stands in `texts`.
    """

    file_kind: str
    digest: str
    lines: int
    accepted: int
    duplicates: int
    rejected: int
    name_digest: str


class ControlTotalTaken(Event):
    """Of an imported file's lines that stood in the log then, new ones and duplicates: how many there were of one group
    (a kind, an indicator, a segment, a position, a level), and the sums of their figures as they are written there.

    `accepted` is how many of them were new then. The net figures are the sums over those alone, what a line takes back
    with the opposite sign. Older events have none of these.
    """

    file_kind: str
    digest: str
    group: str
    lines: int
    quantity: Exact | None = None
    amount: Exact | None = None
    target: Exact | None = None
    value: Exact | None = None
    assets: Exact | None = None
    accepted: int | None = None
    net_quantity: Exact | None = None
    net_amount: Exact | None = None
    net_target: Exact | None = None
    net_value: Exact | None = None
    net_assets: Exact | None = None
