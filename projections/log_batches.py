"""The log in batches, as the follower takes it in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from domain.log import LINE, Log
from projections.last_event import fields_of_last

BATCH = 100_000
"""Events of a full one."""


def batches(recorder: Log, after: int, run: int | None, until: int | None) -> Iterator[list[str]]:
    """The log beyond a position in batches, up to one that is not full; the next is read while one is taken in."""
    end = None if run is None else after + run
    with ThreadPoolExecutor(1) as reader:
        blocks = recorder.select_blocks(after, BATCH, until)
        while blocks:
            last = int(fields_of_last(blocks)[0])
            is_full = sum(block.count(LINE) + 1 for block in blocks) >= BATCH
            more = reader.submit(recorder.select_blocks, last, BATCH, until) if is_full else None
            yield blocks
            blocks = more.result() if more and (end is None or last < end) else []
