"""The work log: what an RM's actions of a period come to, day by day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain.calendar import days, is_working_day
from domain.relationship_manager import RM
from projections.answers import KindCount, WorkDay

Row = Mapping[str, Any]


def work_days(counts: Iterable[Row], rm: RM | None, from_day: date, to_day: date) -> list[WorkDay]:
    """Every day of a period with its counts by kind and state."""
    sums: dict[date, dict[tuple[str, str], KindCount]] = {}
    for row in counts:
        day = sums.setdefault(row["day"], {})
        key = (row["kind"], row["state"])
        day[key] = _added(day.get(key), row)
    return [
        WorkDay(day=day, works=works_on(rm, day), counts=list(sums.get(day, {}).values()))
        for day in days(from_day, to_day)
    ]


def _added(before: KindCount | None, row: Row) -> KindCount:
    actions, quantity, amount = (row[name] for name in ("actions", "quantity", "amount"))
    if before:
        actions, quantity, amount = before.actions + actions, before.quantity + quantity, before.amount + amount
    return KindCount(kind=row["kind"], state=row["state"], actions=actions, quantity=quantity, amount=amount)


def works_on(rm: RM | None, day: date) -> bool:
    """Whether a day is a working day on which an RM serves and is not absent."""
    if rm is None or rm.posting_on(day) is None or not is_working_day(day):
        return False
    return not any(first <= day <= last for first, last in rm.absences)


def sources(counts: Iterable[Row]) -> dict[str, int]:
    """How many actions came from each source, by its name."""
    found: dict[str, int] = {}
    for row in counts:
        found[row["source"]] = found.get(row["source"], 0) + row["actions"]
    return dict(sorted(found.items()))
