"""Law: a CSV file read in blocks, plain lines the quick way, gives what the careful reader makes of it line by line."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.files.batch import Columns
from api.files.csv_file import CsvFile, encoding_of
from api.files.records import CarefulReader, Read, Record, Unreadable

HEADER = b"a,b,c\n"
PIECES = [
    b"1,2,3\n", b"x,,\n", b",,\n", b"\n", b"  \n", b"\r\n", b"4,5,6\r\n", b"7,8\n", b"1,2,3,4\n", b'"q",2,3\n',
    b'"q\nr",2,3\n', b'"open,2,3\n', b'a"b,2,3\n', b'"a"b,2,3\n', b'"",2,"3"\n', b'"dou""ble",2,3\n', b"\x00,2,3\n",
    b"\r,2,3\n", b"1,2,3\r\r\n", "拜访,二,3\n".encode(), "拜访,二,3\n".encode("gb18030"), "𠮷,2,3\n".encode("gb18030"),
    b"\xe6\x8b,2,3\n", b"\x81\n", b"\xff,2,3\n", "\u3000\n".encode(), b"\x1c\n", "\u2028,2,\x85\n".encode(),
    b"\xef\xbb\xbf,2,3\n", b"1e999,NaN,3\n", b"'1,2,3\n", b"\\,2,3\n", b'\\",2,3\n', b"end,2,3", b"cu", b'"',
]  # fmt: skip
BYTES = st.lists(st.sampled_from(PIECES) | st.binary(max_size=6) | st.sampled_from([b'"', b",", b"\n"]), max_size=14)


def careful(data: bytes, encoding: str) -> Iterator[Read]:
    """Every record after the header, without blocks and without a quick way."""
    reader = CarefulReader("gb18030" if encoding == "gb18030" else "utf-8")
    lines = data.split(b"\n")
    for number, line in enumerate(lines if lines[-1] else lines[:-1], 1):
        yield from reader.take(number, line.removesuffix(b"\r").decode(encoding, "surrogateescape"))
    yield from reader.end()


def verdicts(reads: Iterator[Read], width: int) -> tuple[list[tuple[object, ...]], list[tuple[int, str]]]:
    rows: list[tuple[object, ...]] = []
    unreadable: list[tuple[int, str]] = []
    for read in reads:
        if isinstance(read, Unreadable):
            unreadable.append((read.line, read.reason))
        elif len(read.cells) == width:
            rows.append((*read.cells, read.line, read.last))
        else:
            reason = f"has {len(read.cells)} cells: write {width}, separated by commas, as on line 1"
            more = "; a quote runs over line ends here" if read.last > read.line else ""
            unreadable.extend((line, reason + more) for line in range(read.line, read.last + 1))
    return rows, sorted(unreadable)


@given(BYTES, st.integers(1, 40))
def test_both_speeds_give_the_same_lines_and_verdicts(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], block: int
) -> None:
    file = tmp_path_factory.mktemp("law") / "a.csv"
    file.write_bytes(HEADER + b"".join(parts))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("api.files.blocks.BLOCK", block)
        read = CsvFile(file, Columns(("a", "b", "c")))
        batches = list(read.batches())
    reads = careful(file.read_bytes(), encoding_of(file, read.size))
    header = next(reads)
    assert isinstance(header, Record)
    assert header.cells == ["a", "b", "c"]
    rows, unreadable = verdicts(reads, 3)
    assert [tuple(row.values()) for batch in batches for row in batch.table.to_pylist()] == rows
    assert sorted(fault for batch in batches for fault in batch.unreadable) == unreadable
