"""What each kind of line needs beside its fields' rules: its stream, what the register must say, its event's fields.

The SQL counterpart of `read_line` and `record` of each subject; a law holds the two to the same verdict and bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain import action, contract, customer, measure
from domain.bulk.rules import Free, canonical
from domain.events import ActionRecorded, CustomerAssigned, Event, MeasureDelivered, TargetAgreed, TargetAmended
from domain.fields import FieldRule, Line


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """One kind of line; each is one event, which begins a stream or, where it `continues`, stands on one with others.

    `stream`, `register` (joins on `line`), `clears` and `values` are SQL over the line's texts, over what they read
    as (`occurred_on_day`, `quantity_number`, and `reads`) and over the tables of the register. `content` is what makes
    a line the same as what stands; what differs is a conflict, or goes to the one-line door where a line `amends`.
    Of a stream that a line continues, `facts` are the types of event that say what stands.
    `waits` is true of lines that refer to others and so are decided after them; of several lines that agree in `once`
    only the first is cleared; `text` names the field of free text and the event's field for its digest.
    """

    line: type[Line]
    rules: Mapping[str, FieldRule]
    event: type[Event]
    stream: str
    register: str
    clears: str
    values: Mapping[str, str]
    content: tuple[str, ...]
    reads: Mapping[str, str] = field(default_factory=dict)
    amends: bool = False
    continues: bool = False
    facts: tuple[str, ...] = ()
    waits: str = "false"
    once: str = "stream"
    text: tuple[str, str] | None = None


ACTIONS = Subject(
    line=action.ActionLine,
    rules=action.RULES,
    event=ActionRecorded,
    stream="'action:' || source || ':' || external_ref",
    register="""
    JOIN serving ON serving.rm = line.rm AND line.occurred_on_day BETWEEN serving.from_day AND serving.to_day
    JOIN kinds ON kinds.scheme = serving.scheme AND kinds.kind = line.kind""",
    clears="occurred_on_day <= $today",
    values={
        "rm": "line.rm", "kind": "line.kind", "occurred_on": "occurred_on", "quantity": canonical("quantity"),
        "amount": canonical("amount"), "customer": Free("customer"), "counts": "counts_at_once",
    },
    content=action.CONTENT,
    waits="reverses IS NOT NULL",
    text=("note", "note_digest"),
)  # fmt: skip

BEGINS = "['-01-01', '-04-01', '-07-01', '-10-01']"


def days_of_quarter(year: str, number: str) -> dict[str, str]:
    """The first and the last day of a quarter, NULL where there is none."""
    first = f"TRY_CAST({year} || {BEGINS}[TRY_CAST({number} AS INTEGER)] AS DATE)"
    return {"first_day": first, "last_day": "last_day(first_day + INTERVAL 2 MONTHS)"}


SCHEMES_OF_QUARTER = """
JOIN rms r ON r.rm = l.rm AND r.joined_on <= l.last_day AND (r.left_on IS NULL OR r.left_on >= l.first_day)
JOIN postings p ON p.rm = l.rm AND p.from_day <= l.last_day AND p.to_day >= l.first_day
JOIN in_force f ON f.position = p.position AND f.org = p.org AND l.first_day BETWEEN f.from_day AND f.to_day
JOIN indicators i ON i.scheme = f.scheme AND i.indicator = l.indicator
"""
"""The line's indicator, or the measure that others are made of, in the schemes that the RM's postings of the quarter
fall under (`Register.schemes_of`)."""

MEASURES = Subject(
    line=measure.MeasureLine,
    rules=measure.RULES,
    event=MeasureDelivered,
    stream="'measure:' || source || ':' || external_ref",
    reads=days_of_quarter("quarter[1:4]", "quarter[6:6]"),
    register=f"SEMI JOIN (SELECT l.number FROM line l {SCHEMES_OF_QUARTER} WHERE i.ready) known USING (number)",
    clears="as_of_day BETWEEN first_day AND $today",
    values={
        "rm": "rm", "indicator": "indicator", "quarter": "quarter", "value": canonical("value"),
        "as_of": "as_of",
    },
    content=measure.CONTENT,
)  # fmt: skip

CUSTOMERS = Subject(
    line=customer.CustomerLine,
    rules=customer.RULES,
    event=CustomerAssigned,
    stream="'customer:' || customer",
    register="SEMI JOIN rms a ON a.rm = line.a_rm",
    clears="(b_rm IS NULL OR (b_rm <> a_rm AND b_rm IN (SELECT rm FROM rms))) AND $today IS NOT NULL",
    values={
        "customer": Free("customer"), "segment": Free("segment"), "assets": canonical("assets"),
        "a_rm": "a_rm", "b_rm": "b_rm",
    },
    content=(),
    amends=True,
)  # fmt: skip

CONTRACTS = Subject(
    line=contract.ContractLine,
    rules=contract.RULES,
    event=TargetAgreed,
    stream="'contract:' || rm || ':' || year",
    reads={"named": "year || 'Q' || right(quarter, 1)"} | days_of_quarter("year", "right(quarter, 1)"),
    register=f"SEMI JOIN (SELECT l.number FROM line l {SCHEMES_OF_QUARTER} WHERE i.has_target) known USING (number)",
    clears="(length(quarter) <= 2 OR quarter = named) AND $today IS NOT NULL",
    values={
        "rm": "rm", "quarter": "named", "indicator": "indicator", "target": canonical("target"),
        "base": canonical("base"),
    },
    content=("quarter", "indicator", "target", "base"),
    continues=True,
    facts=(TargetAgreed.TOPIC, TargetAmended.TOPIC),
    once="(stream, named, indicator)",
)  # fmt: skip
