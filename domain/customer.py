"""The customer: of which segment, with how many assets, and which two RMs hold the A and the B post (S5, S9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from domain import fields
from domain.events import CustomerAssigned, Stamp
from domain.fields import Line, check, given, usable, within
from domain.log import Decision
from domain.money import canonical
from domain.refusal import Refusal, Refused
from domain.register import Register

RULES = {
    "customer": fields.CODE, "segment": fields.SEGMENT, "assets": fields.AMOUNT, "a_rm": fields.ID, "b_rm": fields.ID,
}  # fmt: skip


class CustomerLine(Line):
    """One line of a customers file; the B post may be vacant."""

    customer: Annotated[str, given(fields.CODE)]
    segment: Annotated[str, given(fields.SEGMENT)]
    assets: Annotated[str, given(fields.AMOUNT), within(fields.AMOUNT)]
    a_rm: Annotated[str, given(fields.ID)]
    b_rm: Annotated[str | None, given(fields.ID)] = None

    @property
    def customer_id(self) -> str:
        return f"customer:{self.customer}"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as they stand now; `assigned` is None where only their texts were erased so far."""

    version: int
    assigned: CustomerAssigned | None = None


def fold(state: Customer | None, events: Iterable[Any]) -> Customer | None:
    """What the events of a customer's stream add up to."""
    for event in events:
        standing = state.assigned if state else None
        state = Customer(event.originator_version, event if isinstance(event, CustomerAssigned) else standing)
    return state


def read_line(raw: Mapping[str, Any], register: Register) -> CustomerLine | Refused:
    """Check one line against its fields' rules and the register; all faults are named."""
    line = check(CustomerLine, RULES, raw)
    faults = list(line.refusals) if isinstance(line, Refused) else []
    faults.extend(_post_faults(usable(raw, RULES, faults), register))
    return Refused(faults) if isinstance(line, Refused) or faults else line


def _post_faults(said: Mapping[str, str], register: Register) -> Iterator[Refusal]:
    for post in ("a_rm", "b_rm"):
        if post in said and said[post] not in register.rms:
            yield Refusal("unknown", post, "name an RM of the bank; import rms first")
    if "a_rm" in said and said["a_rm"] == said.get("b_rm"):
        yield Refusal("not-allowed", "b_rm", "name another RM than that of the A post, or leave it out")


def assign_customers(
    read: Sequence[CustomerLine | Refused], customers: Mapping[str, Customer], stamp: Stamp
) -> list[Decision | Refused]:
    """Assign customers line by line, each on what the lines before it made of the same customer."""
    standing, decided = dict(customers), list[Decision | Refused]()
    for line in read:
        outcome = line if isinstance(line, Refused) else assign(line, standing.get(line.customer_id), stamp)
        if isinstance(outcome, Decision) and (folded := fold(None, outcome.events)):
            standing[outcome.subject] = folded
        decided.append(outcome)
    return decided


def assign(line: CustomerLine, state: Customer | None, stamp: Stamp) -> Decision:
    """Put a customer under the two posts; no event where nothing differs."""
    standing = state.assigned if state else None
    wanted = {"segment": line.segment, "assets": canonical(Decimal(line.assets)), "a_rm": line.a_rm, "b_rm": line.b_rm}
    if standing and {name: getattr(standing, name) for name in wanted} == wanted:
        return Decision(line.customer_id, [])
    previous = {"previous_a_rm": standing.a_rm, "previous_b_rm": standing.b_rm} if standing else {}
    assigned = CustomerAssigned(
        originator_id=line.customer_id, originator_version=state.version + 1 if state else 1, **stamp,
        customer=line.customer, **wanted, **previous,
    )  # fmt: skip
    return Decision(line.customer_id, [assigned])
