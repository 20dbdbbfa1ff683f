"""The action: recorded, verified or rejected, voided, reversed in part or whole. Nothing counts twice.

Longer than 300 lines because all decisions on the one state of an action stand together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from domain import fields
from domain.events import (
    ActionRecorded,
    ActionRejected,
    ActionReversed,
    ActionVerified,
    ActionVoided,
    Event,
    ReversalReleased,
    Stamp,
)
from domain.fields import EXISTING, Line, check, given, usable, within
from domain.log import Decision, Text
from domain.money import canonical, plain
from domain.refusal import Refusal, Refused
from domain.register import Register
from domain.relationship_manager import RM
from domain.scheme import Kind, Scheme

RULES = {
    "source": fields.SOURCE, "external_ref": fields.REFERENCE, "rm": fields.ID, "kind": fields.KIND,
    "occurred_on": fields.DAY, "quantity": fields.QUANTITY, "amount": fields.AMOUNT, "customer": fields.CODE,
    "note": fields.NOTE, "reverses": fields.REVERSES,
}  # fmt: skip
PERSONAL_SOURCE = "log"
"""The source of what people record themselves in the work log."""
CONTENT = ("rm", "kind", "occurred_on", "quantity", "amount", "customer", "reverses")
"""What makes two recordings of one reference the same."""


class ActionLine(Line):
    """One line of an actions file, or one action of a request; all text."""

    source: Annotated[str, given(fields.SOURCE)]
    external_ref: Annotated[str, given(fields.REFERENCE)]
    rm: Annotated[str, given(fields.ID)]
    kind: Annotated[str, given(fields.KIND)]
    occurred_on: Annotated[str, given(fields.DAY), EXISTING]
    quantity: Annotated[str, given(fields.QUANTITY), within(fields.QUANTITY)] = "1"
    amount: Annotated[str, given(fields.AMOUNT), within(fields.AMOUNT)] = "0"
    customer: Annotated[str | None, given(fields.CODE)] = None
    note: Annotated[str | None, given(fields.NOTE)] = None
    reverses: Annotated[str | None, given(fields.REVERSES)] = None

    @property
    def action_id(self) -> str:
        return f"action:{self.source}:{self.external_ref}"


class ReasonLine(Line):
    """Why an action is rejected or voided."""

    reason: Annotated[str, given(fields.NOTE)]


@dataclass(frozen=True, slots=True)
class Action:
    """An action as it stands: what was recorded, what became of it, and how much of it is taken back."""

    version: int
    recorded: ActionRecorded
    state: Literal["recorded", "counted", "rejected", "voided"]
    reversals: tuple[ActionReversed, ...] = ()
    replaced_by: str | None = None
    decided_by: str | None = None
    """Who verified, rejected or voided it last."""

    @property
    def remaining(self) -> tuple[Decimal, Decimal]:
        """Quantity and amount that no reversal has taken back."""
        quantity = self.recorded.quantity - sum(each.quantity for each in self.reversals)
        return quantity, self.recorded.amount - sum(each.amount for each in self.reversals)


def fold(state: Action | None, events: Iterable[Any]) -> Action | None:
    """What an action's events add up to."""
    for event in events:
        match event:
            case ActionRecorded():
                state = Action(1, event, "counted" if event.counts else "recorded")
            case _ if state is not None:
                state = replace(_folded(state, event), version=event.originator_version)
    return state


def _folded(state: Action, event: Event) -> Action:
    match event:
        case ActionVerified():
            return replace(state, state="counted", decided_by=event.by)
        case ActionRejected():
            return replace(state, state="rejected", decided_by=event.by)
        case ActionVoided():
            return replace(state, state="voided", decided_by=event.by, replaced_by=event.replaced_by)
        case ActionReversed():
            return replace(state, reversals=(*state.reversals, event))
        case ReversalReleased():
            kept = tuple(each for each in state.reversals if each.by_action != event.by_action)
            return replace(state, reversals=kept)
    return state


@dataclass(frozen=True, slots=True)
class Reading:
    """A line that may be recorded: its numbers and date read, its kind found."""

    line: ActionLine
    occurred_on: date
    quantity: Decimal
    amount: Decimal
    kind: Kind


def read_line(raw: Mapping[str, Any], register: Register, today: date, person: bool) -> Reading | Refused:
    """Check one line against its fields' rules, the register and the scheme in force; all faults are named.

    `person` says that a person records it in the work log, and not a bank's system.
    """
    line = check(ActionLine, RULES, raw)
    faults = list(line.refusals) if isinstance(line, Refused) else []
    said = usable(raw, RULES, faults) if isinstance(line, Refused) else line.__dict__
    kind = _find_kind(said, register, today, faults)
    if person:
        faults.extend(_personal_faults(said, kind))
    if isinstance(line, Refused) or faults or kind is None:
        return Refused(faults)
    quantity, amount = canonical(Decimal(line.quantity)), canonical(Decimal(line.amount))
    return Reading(line, date.fromisoformat(line.occurred_on), quantity, amount, kind)


def _find_kind(said: Mapping[str, str], register: Register, today: date, faults: list[Refusal]) -> Kind | None:
    """The kind that the scheme of the RM's position knows on the day; what stands against it goes to `faults`."""
    rm = register.rms.get(said["rm"]) if "rm" in said else None
    if "rm" in said and rm is None:
        faults.append(Refusal("unknown", "rm", "name an RM of the bank; import rms first"))
    if "occurred_on" not in said:
        return None
    day = date.fromisoformat(said["occurred_on"])
    if day > today:
        faults.append(Refusal("not-allowed", "occurred_on", "name a day that is not in the future"))
    if rm is None:
        return None
    posting = rm.posting_on(day)
    if posting is None:
        faults.append(_outside(rm))
        return None
    return _kind_of(said.get("kind"), register.scheme_in_force(posting.position, day, posting.org), faults)


def _outside(rm: RM) -> Refusal:
    """Of a day outside the service: which days would be right."""
    first, last = min((posting.from_day for posting in rm.postings), default=rm.joined_on), rm.left_on
    if last:
        return Refusal("not-allowed", "occurred_on", f"name a day within the RM's service, from {first} to {last}")
    return Refusal("not-allowed", "occurred_on", f"name a day within the RM's service, from {first} on")


def _kind_of(name: str | None, scheme: Scheme | None, faults: list[Refusal]) -> Kind | None:
    if scheme is None:
        faults.append(Refusal("unknown", "kind", "publish a scheme that is in force on that day for the RM's position"))
    elif name is not None and name not in scheme.kinds:
        faults.append(Refusal("unknown", "kind", f"name a kind of {scheme.scheme}: {', '.join(scheme.kinds)}"))
    elif name is not None:
        return scheme.kinds[name]
    return None


def _personal_faults(said: Mapping[str, str], kind: Kind | None) -> Iterator[Refusal]:
    if said.get("source", PERSONAL_SOURCE) != PERSONAL_SOURCE:
        yield Refusal("not-allowed", "source", "leave it out: what a person records stands in the work log")
    if kind is not None and not kind.self_reported:
        yield Refusal("not-allowed", "kind", "name a kind that people report; the bank's system feeds this one")


def record(reading: Reading, stamp: Stamp, salt: str) -> tuple[ActionRecorded, Text | None]:
    """Record an action that reverses nothing, and the text of its note."""
    line = reading.line
    note = Text(line.action_id, 1, "note", salt, line.note) if line.note else None
    recorded = ActionRecorded(
        originator_id=line.action_id, originator_version=1, **stamp, rm=line.rm, kind=line.kind,
        occurred_on=reading.occurred_on, quantity=reading.quantity, amount=reading.amount, customer=line.customer,
        note_digest=note.digest if note else None, counts=reading.kind.counts_at_once,
    )  # fmt: skip
    return recorded, note


def same_content(recorded: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a recording repeats one that stands, by their states as stored. A reversal need not name the customer."""
    left_out = {"customer"} if other.get("reverses") and not other.get("customer") else set()
    return all(recorded.get(name) == other.get(name) for name in CONTENT if name not in left_out)


def reverse(reading: Reading, original: Action | None, waiting: bool, stamp: Stamp, salt: str) -> Decision | Refused:
    """Record an action that takes another one back, in part or whole; both streams are told.

    `waiting` says that an earlier reversal of it still waits for verification: only then is it known what remains.
    """
    if original is None:
        return Refused([Refusal("unknown", "reverses", "name an action that is recorded")])
    if faults := list(_reversal_faults(reading, original, waiting)):
        return Refused(faults)
    quantity, amount = original.remaining
    by_amount = reading.kind.counted == "amount"
    whole = amount == reading.amount if by_amount else quantity == reading.quantity
    taken = (original.recorded.quantity if whole else Decimal(0)) if by_amount else reading.quantity
    recorded, note = record(reading, stamp, salt)
    reversed_id = original.recorded.originator_id
    taken_back = ActionReversed(
        originator_id=reversed_id, originator_version=original.version + 1, **stamp, rm=reading.line.rm,
        by_action=recorded.originator_id, quantity=reading.quantity, amount=reading.amount,
    )  # fmt: skip
    recorded = recorded.model_copy(
        update={
            "reverses": reversed_id, "whole": whole, "taken_quantity": taken, "customer": original.recorded.customer,
        }
    )  # fmt: skip
    return Decision(reading.line.action_id, [recorded, taken_back], (note,) if note else ())


def _reversal_faults(reading: Reading, original: Action, waiting: bool) -> Iterator[Refusal]:
    recorded = original.recorded
    if (recorded.rm, recorded.kind) != (reading.line.rm, reading.line.kind):
        yield Refusal("not-allowed", "reverses", "name an action of the same RM and kind")
    elif recorded.reverses:
        yield Refusal("not-allowed", "reverses", "void a reversal instead of reversing it")
    elif original.state != "counted":
        yield Refusal("not-allowed", "reverses", "name an action that counts; this one is not verified, or is voided")
    elif waiting:
        yield Refusal("not-allowed", "reverses", "have the earlier reversal of this action verified or rejected first")
    elif reading.occurred_on < recorded.occurred_on:
        yield Refusal("not-allowed", "occurred_on", "name a day not before that of the action taken back")
    elif reading.line.customer not in (None, recorded.customer):
        yield Refusal("not-allowed", "customer", "name the customer of the action taken back, or leave it out")
    else:
        yield from _excess(reading, *original.remaining)


def _excess(reading: Reading, quantity: Decimal, amount: Decimal) -> Iterator[Refusal]:
    if reading.amount > amount:
        yield Refusal("not-allowed", "amount", f"take back at most the {plain(amount)} that remain")
    if reading.kind.counted == "amount" and not reading.amount:
        yield Refusal("not-allowed", "amount", "say how much is taken back")
    if reading.kind.counted == "quantity" and reading.quantity > quantity:
        yield Refusal("not-allowed", "quantity", f"take back at most the {plain(quantity)} that remain")


def check_reason(reason: str) -> Refusal | None:
    """Whether the reason of a rejection or a void is one, by the rule of notes; the refusal where it is not."""
    checked = check(ReasonLine, {"reason": fields.NOTE}, {"reason": reason.strip()})
    return checked.refusals[0] if isinstance(checked, Refused) else None


Verdict = Literal["verify", "reject"]
"""What a second person makes of an action that waits."""
Decide = Callable[[Action, Action | None, Stamp, Text | None], Decision | Refused]


def decide_on(
    ids: Sequence[str],
    actions: Mapping[str, Action],
    decide: Decide,
    stamp: Stamp,
    reason: Callable[[str, int], Text | None],
) -> list[Decision | Refused]:
    """Make the same decision on several actions, each on what the ones before it made of them."""
    standing, decided = dict(actions), list[Decision | Refused]()
    for key in ids:
        if not (each := standing.get(key)):
            decided.append(Refused([Refusal("not-found", "", "name an action that is recorded")]))
            continue
        original = standing.get(each.recorded.reverses or "")
        outcome = decide(each, original, stamp, reason(key, each.version + 1))
        for event in outcome.events if isinstance(outcome, Decision) else ():
            if folded := fold(standing[event.originator_id], [event]):
                standing[event.originator_id] = folded
        decided.append(outcome)
    return decided


GONE: dict[str, Refusal] = {
    "rejected": Refusal("stale", "", "void only what stands: this action was rejected"),
    "voided": Refusal("stale", "", "void only what stands: this action was voided already"),
}


def _late(action: Action) -> Refusal | None:
    """Why a decision comes too late: what the action has become, and by whom."""
    who = action.decided_by
    match action.state:
        case "counted" if who:
            return Refusal("stale", "", f"decide only on what waits for verification: {who} verified this action")
        case "counted":
            return Refusal("stale", "", "decide only on what waits for verification: this action counted at once")
        case "rejected":
            return Refusal("stale", "", f"decide only on what waits for verification: {who} rejected this action")
        case "voided":
            return Refusal("stale", "", f"decide only on what waits for verification: {who} voided this action")
    return None


def verify(action: Action, original: Action | None, stamp: Stamp, reason: Text | None) -> Decision | Refused:
    """Confirm an action. Neither who recorded it nor the RM it is about may do so."""
    if late := _late(action):
        return Refused([late])
    if stamp["by"] in (action.recorded.by, action.recorded.rm):
        return Refused([Refusal("not-allowed", "", "ask a second person: who recorded an action can't verify it")])
    return _decision(action, [ActionVerified(**_next(action), **stamp, **_repeated(action))], None)


def reject(action: Action, original: Action | None, stamp: Stamp, reason: Text | None) -> Decision | Refused:
    """Refuse to confirm an action, with a reason. `original` is what it would have reversed."""
    if late := _late(action):
        return Refused([late])
    if stamp["by"] in (action.recorded.by, action.recorded.rm):
        return Refused([Refusal("not-allowed", "", "void your own action instead of rejecting it")])
    digest = reason.digest if reason else ""
    about = action.recorded
    rejected = ActionRejected(
        **_next(action), **stamp, rm=about.rm, kind=about.kind, occurred_on=about.occurred_on, reason_digest=digest
    )
    return _with_release(rejected, action, original, stamp, reason)


def void(action: Action, original: Action | None, stamp: Stamp, reason: Text | None) -> Decision | Refused:
    """Take back a recording made in error; what it counted for is taken out, and what it reversed stands again.

    RMs take back only what they recorded themselves, and only while it doesn't count.
    """
    if gone := GONE.get(action.state):
        return Refused([gone])
    if stamp["by"] == action.recorded.rm and stamp["by"] != action.recorded.by:
        return Refused(
            [Refusal("not-allowed", "", "ask your supervisor to void what somebody else recorded about you")]
        )
    if stamp["by"] == action.recorded.rm and action.state == "counted":
        return Refused([Refusal("stale", "", "ask your supervisor to void it: it counts already")])
    if action.reversals:
        return Refused([Refusal("not-allowed", "", "void first what reverses this action")])
    what = {**_next(action), **stamp, **_repeated(action), "counted": action.state == "counted"}
    voided = ActionVoided(**what, reason_digest=reason.digest if reason else "")
    return _with_release(voided, action, original, stamp, reason)


CORRECTED = "corrected"
"""The reason of the void in a correction."""


def correct(action: Action, reading: Reading, stamp: Stamp, salts: Callable[[], str]) -> Decision | Refused:
    """Void one's own entry that nobody has decided on, and record in its place what is right: both in one save."""
    if late := _late(action):
        return Refused([late])
    if stamp["by"] != action.recorded.by:
        return Refused([Refusal("not-allowed", "", "correct only what you recorded yourself")])
    if action.recorded.rm != reading.line.rm:
        return Refused([Refusal("not-allowed", "rm", "leave it out: an entry stays with its RM")])
    if action.recorded.reverses or reading.line.reverses:
        return Refused([Refusal("not-allowed", "", "withdraw what takes back another action, and record it anew")])
    key = action.recorded.originator_id
    reason = Text(key, action.version + 1, "reason", salts(), CORRECTED)
    voided = void(action, None, stamp, reason)
    if isinstance(voided, Refused):
        return voided
    recorded, note = record(reading, stamp, salts() if reading.line.note else "")
    replaced = [event.model_copy(update={"replaced_by": recorded.originator_id}) for event in voided.events]
    texts = (*voided.texts, *((note,) if note else ()))
    return Decision(recorded.originator_id, [*replaced, recorded], texts)


def _with_release(
    event: Event, action: Action, original: Action | None, stamp: Stamp, reason: Text | None
) -> Decision | Refused:
    if original is None:
        return _decision(action, [event], reason)
    if original.reversals and original.reversals[-1].by_action != action.recorded.originator_id:
        return Refused([Refusal("not-allowed", "", "undo the later reversals of the same action first")])
    recorded = action.recorded
    what = {**_next(original), **stamp, "rm": recorded.rm, "by_action": recorded.originator_id}
    released = ReversalReleased(**what, quantity=recorded.quantity, amount=recorded.amount)
    return _decision(action, [event, released], reason)


def _decision(action: Action, events: list[Event], reason: Text | None) -> Decision:
    return Decision(action.recorded.originator_id, events, (reason,) if reason else ())


def _next(action: Action) -> dict[str, Any]:
    return {"originator_id": action.recorded.originator_id, "originator_version": action.version + 1}


def _repeated(action: Action) -> dict[str, Any]:
    names = (*CONTENT, "whole", "taken_quantity")
    return {name: getattr(action.recorded, name) for name in names}
