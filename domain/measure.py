"""The ready measure: a figure that the bank's warehouse computed for an RM, an indicator and a quarter.

Nothing is taken back: a better figure is delivered under another reference, and the newest `as_of` stands (of one
`as_of` what was recorded later).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from domain import fields
from domain.calendar import Quarter
from domain.events import MeasureDelivered, Stamp
from domain.fields import EXISTING, Line, check, given, usable, within
from domain.money import canonical
from domain.refusal import Refusal, Refused
from domain.register import Register, serving
from domain.relationship_manager import RM

RULES = {
    "source": fields.SOURCE, "external_ref": fields.REFERENCE, "rm": fields.ID, "indicator": fields.INDICATOR,
    "quarter": fields.FULL_QUARTER, "value": fields.VALUE, "as_of": fields.DAY,
}  # fmt: skip
CONTENT = ("rm", "indicator", "quarter", "value", "as_of")
"""What makes two deliveries of one reference the same."""


class MeasureLine(Line):
    """One line of a measures file; all text."""

    source: Annotated[str, given(fields.SOURCE)]
    external_ref: Annotated[str, given(fields.REFERENCE)]
    rm: Annotated[str, given(fields.ID)]
    indicator: Annotated[str, given(fields.INDICATOR)]
    quarter: Annotated[str, given(fields.FULL_QUARTER)]
    value: Annotated[str, given(fields.VALUE), within(fields.VALUE)]
    as_of: Annotated[str, given(fields.DAY), EXISTING]

    @property
    def measure_id(self) -> str:
        return f"measure:{self.source}:{self.external_ref}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A line that may be recorded: its number and day read."""

    line: MeasureLine
    value: Decimal
    as_of: date


def read_line(raw: Mapping[str, Any], register: Register, today: date) -> Reading | Refused:
    """Check one line against its fields' rules, the register and the RM's schemes; all faults are named."""
    line = check(MeasureLine, RULES, raw)
    faults = list(line.refusals) if isinstance(line, Refused) else []
    said = usable(raw, RULES, faults)
    quarter = Quarter.parse(said["quarter"]) if "quarter" in said else None
    faults.extend(_day_faults(said, quarter, today))
    rm = serving(said, quarter, register, faults)
    if rm and quarter and "indicator" in said and (fault := _indicator_fault(said["indicator"], rm, quarter, register)):
        faults.append(fault)
    if isinstance(line, Refused) or faults:
        return Refused(faults)
    return Reading(line, canonical(Decimal(line.value)), date.fromisoformat(line.as_of))


def _day_faults(said: Mapping[str, str], quarter: Quarter | None, today: date) -> Iterator[Refusal]:
    """A figure may be corrected after its quarter, but before the quarter begins there is nothing to measure."""
    if "as_of" not in said:
        return
    as_of = date.fromisoformat(said["as_of"])
    if as_of > today:
        yield Refusal("not-allowed", "as_of", "name a day that is not in the future")
    elif quarter and as_of < quarter.first_day:
        yield Refusal("not-allowed", "as_of", "name a day not before the quarter's first")


def _indicator_fault(name: str, rm: RM, quarter: Quarter, register: Register) -> Refusal | None:
    schemes = register.schemes_of(rm, quarter)
    if not schemes:
        remedy = "publish a scheme that is in force in that quarter for the RM's position"
        return Refusal("unknown", "indicator", remedy)
    measured = [each for scheme in schemes for each in scheme.measured()]
    ready = {known for known, measure in measured if measure.rule == "ready"}
    if name in ready:
        return None
    if not ready:
        return Refusal("not-allowed", "indicator", "leave it out: no indicator of the RM's scheme takes ready measures")
    remedy = f"name an indicator that takes ready measures: {', '.join(sorted(ready))}"
    if name in {known for known, _ in measured}:
        return Refusal("not-allowed", "indicator", f"{remedy}; this one is counted from actions")
    return Refusal("unknown", "indicator", remedy)


def record(reading: Reading, stamp: Stamp) -> MeasureDelivered:
    """Record a figure of the warehouse."""
    line = reading.line
    return MeasureDelivered(
        originator_id=line.measure_id, originator_version=1, **stamp, rm=line.rm, indicator=line.indicator,
        quarter=line.quarter, value=reading.value, as_of=reading.as_of,
    )  # fmt: skip


def same_content(delivered: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a delivery repeats one that stands, by their states as stored."""
    return all(delivered.get(name) == other.get(name) for name in CONTENT)
