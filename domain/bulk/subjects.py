"""What each kind of line needs beside its fields' rules: its stream, what the register must say, its event's fields.

The SQL counterpart of `read_line` and `record` of each subject; a law holds the two to the same verdict and bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain import action
from domain.bulk.rules import canonical, escaped
from domain.events import ActionRecorded, Event
from domain.fields import FieldRule, Line


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """One kind of line whose first event begins a stream.

    `stream`, `register` (joins on `line`), `clears` and `values` are SQL over the line's texts, over what they read as
    (`occurred_on_day`, `quantity_number`) and over the tables of the register. `waits` is true of lines that refer to
    others and so are decided after them; `text` names the field of free text and the event's field for its digest.
    """

    line: type[Line]
    rules: Mapping[str, FieldRule]
    event: type[Event]
    stream: str
    register: str
    clears: str
    values: Mapping[str, str]
    content: tuple[str, ...]
    waits: str = "false"
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
        "rm": "line.rm", "kind": "line.kind", "occurred_on": "occurred_on", "quantity": canonical("quantity_number"),
        "amount": canonical("amount_number"), "customer": escaped("customer"), "counts": "counts_at_once",
    },
    content=action.CONTENT,
    waits="reverses IS NOT NULL",
    text=("note", "note_digest"),
)  # fmt: skip
