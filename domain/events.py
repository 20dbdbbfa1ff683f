"""Every event of the log, one class each: the whole vocabulary on one page.

An event is a fact in the past tense: frozen, flat and permanent. Its TOPIC is what the store keeps, so a class or
a module may be renamed. Personal names and free text never stand in an event: the store's `texts` table holds them,
and the event keeps a salted digest (`name_digest`, `note_digest`, `reason_digest`) that proves them while they stand.
A new need is a new optional field. `by` is the opaque id of a person or system; `recorded_at` is the bank's clock, UTC.
Longer than 300 lines because it is the whole vocabulary.
"""

from datetime import date, datetime
from typing import Any, ClassVar

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
