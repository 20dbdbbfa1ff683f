"""A Parquet file whose types hold less than somebody wrote: such rows are told one by one."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import rejected_lines, totals_in


def test_rows_of_parquet_that_were_rounded_or_are_no_text_are_rejected_one_by_one(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    """A short binary fraction keeps six digits: 1234567.89 stands there as 1234567.875, and would read as 1234567.9."""
    garbled = pa.StringArray.from_buffers(
        4, pa.py_buffer(np.array([0, 2, 4, 6, 8], np.int32).tobytes()), pa.py_buffer(b"R1R\xffR1R1")
    )
    columns = {
        "source": ["crm"] * 4, "external_ref": ["1", "2", "3", "4"], "rm": garbled, "kind": ["deposit"] * 4,
        "occurred_on": ["2026-07-02"] * 4, "quantity": ["1"] * 4,
        "amount": pa.array([1234.56, 1.0, 1234567.89, 10_000_000.4], pa.float32()),
    }  # fmt: skip
    for dictionary, tally in ((False, "accepted 1, duplicates 0"), (["rm"], "accepted 0, duplicates 1")):
        pq.write_table(pa.table(columns), tmp_path / "a.parquet", use_dictionary=dictionary)
        typed = bank_of_two("import", "actions", "a.parquet")
        assert typed.out == f"{tally}, rejected 3\n"
        told = rejected_lines(tmp_path / "a.parquet")
        assert told[2] == "a character is damaged or cut off: save the file as UTF-8"
        rounded = "a number has more than 6 digits, which the type float rounds: write its column as DECIMAL"
        assert (told[3], told[4]) == (rounded, rounded)
        assert totals_in(typed.err)["deposit"][3] == "1234.56"
