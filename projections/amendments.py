"""A target that was changed since it was agreed: when, whether in the middle of its quarter, and why."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.calendar import Quarter
from domain.contract import contract_id
from domain.log import Log
from domain.money import MILLI, unscaled
from projections.questions import Row


def is_in_period(amended_on: date | None, quarter: Quarter) -> bool:
    """Whether the quarter had begun when its target was changed."""
    return amended_on is not None and amended_on > quarter.first_day


def tell(log: Log, quarter: Quarter, lines: Iterable[tuple[str, Row]]) -> None:
    """Complete the lines of some RMs, of which `amended_at` is the contract's version that changed the target last:
    with `in_period` and `amendment_reason`."""
    told = [(contract_id(rm, quarter.year), line) for rm, line in lines]
    amended = [(contract, line["amended_at"]) for contract, line in told if line["amended_at"]]
    texts = log.select_texts_of(amended) if amended else {}
    for contract, line in told:
        line["amendment_reason"] = texts.get((contract, line["amended_at"]), {}).get("reason")
        line["in_period"] = is_in_period(line["amended_on"], quarter)


def marked(row: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer tells of it; nothing where no other target stood before."""
    if row["previous_target"] is None:
        return {}
    return {
        "previous_target": _figure(row["previous_target"]), "amended_on": row["amended_on"],
        "in_period": row["in_period"], "amendment_reason": row["amendment_reason"],
    }  # fmt: skip


def _figure(thousandths: int) -> Decimal:
    return unscaled(thousandths, MILLI)
