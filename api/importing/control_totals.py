"""Control totals of an import, per group: of the lines that stand in the log now, as they were sent, their number and
exact sums; and of those that are new, their number and net sums."""

from collections.abc import Mapping
from decimal import Decimal, localcontext

import pyarrow as pa
import pyarrow.compute as pc

from domain.imported_file import ControlTotal

EXACT = pa.decimal128(38, 6)
DIGITS = 50
"""Decimal digits that a sum may have: more than any file can need."""
NET = "net "


class ControlTotals:
    """Sums of the columns `summed`, which names for each what an empty cell means, by the column `group`. In net sums
    a line with something in the column `reverses` has the opposite sign."""

    def __init__(self, group: str, summed: Mapping[str, str], reverses: str = "") -> None:
        self._group = group
        self._summed = summed
        self._reverses = reverses
        self._lines: dict[str, int] = {}
        self._accepted: dict[str, int] = {}
        self._sums: dict[str, dict[str, Decimal]] = {}

    def add(self, lines: pa.Table, new: pa.BooleanArray) -> None:
        """Take in lines that stand; `new` masks those that were accepted just now."""
        sums = {name: self._numbers(lines, name, empty) for name, empty in self._summed.items()}
        nothing = pa.scalar(Decimal(0), EXACT)
        sums |= {NET + name: pc.if_else(new, self._signed(lines, sums[name]), nothing) for name in self._summed}
        grouped = pa.table({"group": lines[self._group], "new": new.cast(pa.int64()), **sums}).group_by("group")
        totals = grouped.aggregate([([], "count_all"), ("new", "sum"), *((name, "sum") for name in sums)])
        for total in totals.to_pylist():
            figures = {name: total[f"{name}_sum"] for name in sums}
            self._add(total["group"] or "", total["count_all"], total["new_sum"], figures)

    def _numbers(self, lines: pa.Table, name: str, empty: str) -> pa.ChunkedArray:
        if name not in lines.column_names:
            return pa.chunked_array([pa.repeat(pa.scalar(empty), lines.num_rows)]).cast(EXACT)
        texts = pc.fill_null(lines[name], "")
        return pc.if_else(pc.equal(texts, ""), empty, texts).cast(EXACT)

    def _signed(self, lines: pa.Table, numbers: pa.ChunkedArray) -> pa.ChunkedArray:
        if self._reverses not in lines.column_names:
            return numbers
        reverses = pc.not_equal(pc.fill_null(lines[self._reverses], ""), "")
        return pc.if_else(reverses, pc.negate(numbers), numbers)

    def _add(self, group: str, lines: int, accepted: int, sums: Mapping[str, Decimal]) -> None:
        known = self._sums.setdefault(group, dict.fromkeys(sums, Decimal(0)))
        self._lines[group] = self._lines.get(group, 0) + lines
        self._accepted[group] = self._accepted.get(group, 0) + accepted
        with localcontext(prec=DIGITS):
            self._sums[group] = {name: known[name] + value for name, value in sums.items()}

    @property
    def totals(self) -> list[ControlTotal]:
        """One per group, in the order of their names."""
        return [
            ControlTotal(
                group, self._lines[group], {name: sums[name] for name in self._summed}, self._accepted[group],
                {name: sums[NET + name] for name in self._summed},
            )
            for group, sums in sorted(self._sums.items())
        ]  # fmt: skip
