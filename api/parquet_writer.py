"""A Parquet file whose bytes follow from its rows alone: no library's version stands in it, nothing is compressed.

Libraries write their own version into each file, and pages as they see fit: a run that was exported before an upgrade
would get other bytes after it. One row group, one page per column, plain encoding; what may be missing has levels.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

MAGIC, WRITER = b"PAR1", "rm-appraisal payroll schema 1"
PLAIN, LEVELS = 0, 3
SCALE, PRECISION = 6, 18
EPOCH = date(1970, 1, 1)
Kind = Literal["text", "whole", "decimal", "date"]
PHYSICAL: dict[Kind, int] = {"text": 6, "whole": 2, "decimal": 2, "date": 1}
"""BYTE_ARRAY, INT64, INT32 by their numbers in the format."""
CONVERTED: dict[Kind, int | None] = {"text": 0, "whole": None, "decimal": 5, "date": 6}
"""UTF8, DECIMAL, DATE."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, kind and cells; None is a missing cell, where the column may have some."""

    name: str
    kind: Kind
    cells: Sequence[object]
    may_miss: bool = False


def parquet(columns: Sequence[Column]) -> bytes:
    """The file of some columns of one length."""
    count = len(columns[0].cells)
    parts, offset, chunks = [MAGIC], len(MAGIC), []
    for column in columns:
        page = _page(column)
        header = _struct(
            (1, _whole(0)), (2, _whole(len(page))), (3, _whole(len(page))),
            (5, _inner((1, _whole(count)), (2, _whole(PLAIN)), (3, _whole(LEVELS)), (4, _whole(LEVELS)))),
        )  # fmt: skip
        size = len(header) + len(page)
        chunks.append(_chunk(column, count, size, offset))
        parts += [header, page]
        offset += size
    total = offset - len(MAGIC)
    group = _struct((1, _list(12, chunks)), (2, _long(total)), (3, _long(count)))
    schema = [_struct((4, _text("payroll")), (5, _whole(len(columns)))), *map(_schema, columns)]
    footer = _struct(
        (1, _whole(1)), (2, _list(12, schema)), (3, _long(count)), (4, _list(12, [group])), (6, _text(WRITER))
    )
    return b"".join([*parts, footer, struct.pack("<I", len(footer)), MAGIC])


def _page(column: Column) -> bytes:
    there = [cell for cell in column.cells if cell is not None]
    encode = ENCODERS[column.kind]
    values = b"".join(encode(cell) for cell in there)
    if not column.may_miss:
        return values
    levels = _runs([cell is not None for cell in column.cells])
    return struct.pack("<I", len(levels)) + levels + values


def _runs(levels: Sequence[bool]) -> bytes:
    """Levels of one bit as runs of the same: how many, twice, then which."""
    written, at = bytearray(), 0
    while at < len(levels):
        end = at
        while end < len(levels) and levels[end] == levels[at]:
            end += 1
        written += _varint((end - at) << 1) + bytes([levels[at]])
        at = end
    return bytes(written)


def _encode_text(cell: object) -> bytes:
    text = str(cell).encode()
    return struct.pack("<I", len(text)) + text


def _encode_decimal(cell: object) -> bytes:
    assert isinstance(cell, Decimal)
    return struct.pack("<q", int(cell.scaleb(SCALE)))


def _encode_date(cell: object) -> bytes:
    assert isinstance(cell, date)
    return struct.pack("<i", (cell - EPOCH).days)


def _encode_whole(cell: object) -> bytes:
    return struct.pack("<q", cell)


ENCODERS: dict[Kind, Callable[[object], bytes]] = {
    "text": _encode_text, "whole": _encode_whole, "decimal": _encode_decimal, "date": _encode_date,
}  # fmt: skip


def _schema(column: Column) -> bytes:
    fields = [(1, _whole(PHYSICAL[column.kind])), (3, _whole(int(column.may_miss))), (4, _text(column.name))]
    converted = CONVERTED[column.kind]
    fields += [(6, _whole(converted))] if converted is not None else []
    fields += [(7, _whole(SCALE)), (8, _whole(PRECISION))] if column.kind == "decimal" else []
    return _struct(*fields)


def _chunk(column: Column, count: int, size: int, offset: int) -> bytes:
    about = _inner(
        (1, _whole(PHYSICAL[column.kind])), (2, _list(5, [_varint(_zigzag(each)) for each in (PLAIN, LEVELS)])),
        (3, _list(8, [_bytes(column.name)])), (4, _whole(0)), (5, _long(count)), (6, _long(size)), (7, _long(size)),
        (9, _long(offset)),
    )  # fmt: skip
    return _struct((2, _long(offset)), (3, about))


# Thrift's compact protocol, as far as it is needed: a field is its type and what is written for it

Field = tuple[int, tuple[int, bytes]]


def _struct(*fields: Field) -> bytes:
    written, last = bytearray(), 0
    for number, (kind, value) in fields:
        written += bytes([(number - last) << 4 | kind]) + value
        last = number
    return bytes(written) + b"\0"


def _inner(*fields: Field) -> tuple[int, bytes]:
    return 12, _struct(*fields)


def _list(kind: int, items: Sequence[bytes]) -> tuple[int, bytes]:
    head = bytes([len(items) << 4 | kind]) if len(items) < 15 else bytes([0xF0 | kind]) + _varint(len(items))
    return 9, head + b"".join(items)


def _whole(value: int) -> tuple[int, bytes]:
    return 5, _varint(_zigzag(value))


def _long(value: int) -> tuple[int, bytes]:
    return 6, _varint(_zigzag(value))


def _text(value: str) -> tuple[int, bytes]:
    return 8, _bytes(value)


def _bytes(value: str) -> bytes:
    encoded = value.encode()
    return _varint(len(encoded)) + encoded


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
