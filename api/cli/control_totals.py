"""Control totals of an import: of the lines that stand in the log now, their number and exact sums per group."""

from collections.abc import Mapping
from decimal import Decimal, localcontext

import pyarrow as pa
import pyarrow.compute as pc

from domain.imported_file import ControlTotal

EXACT = pa.decimal128(38, 6)
DIGITS = 50
"""Decimal digits that a sum may have: more than any file can need."""


class ControlTotals:
    """Sums of the columns `summed`, which names for each what an empty cell means, by the column `group`."""

    def __init__(self, group: str, summed: Mapping[str, str]) -> None:
        self._group = group
        self._summed = summed
        self._lines: dict[str, int] = {}
        self._sums: dict[str, dict[str, Decimal]] = {}

    def add(self, lines: pa.Table) -> None:
        """Take in lines that stand."""
        numbers = {name: self._numbers(lines, name, empty) for name, empty in self._summed.items()}
        grouped = pa.table({"group": lines[self._group], **numbers}).group_by("group")
        totals = grouped.aggregate([([], "count_all"), *((name, "sum") for name in numbers)])
        for total in totals.to_pylist():
            self._add(total["group"] or "", total["count_all"], {name: total[f"{name}_sum"] for name in numbers})

    def _numbers(self, lines: pa.Table, name: str, empty: str) -> pa.ChunkedArray:
        if name not in lines.column_names:
            return pa.chunked_array([pa.repeat(pa.scalar(empty), lines.num_rows)]).cast(EXACT)
        texts = pc.fill_null(lines[name], "")
        return pc.if_else(pc.equal(texts, ""), empty, texts).cast(EXACT)

    def _add(self, group: str, lines: int, sums: Mapping[str, Decimal]) -> None:
        known = self._sums.setdefault(group, dict.fromkeys(self._summed, Decimal(0)))
        self._lines[group] = self._lines.get(group, 0) + lines
        with localcontext(prec=DIGITS):
            self._sums[group] = {name: known[name] + value for name, value in sums.items()}

    @property
    def totals(self) -> list[ControlTotal]:
        """One per group, in the order of their names."""
        return [ControlTotal(group, self._lines[group], self._sums[group]) for group in sorted(self._lines)]
