"""Tables in a row: taken one ahead, stored as told, never held in memory as a whole."""

import threading
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from domain.bulk import clearing, door
from tests.bank import TestBank
from tests.tables import actions_of, counts, table


def test_tables_are_taken_one_ahead_and_no_more(story: TestBank) -> None:
    asked: list[int] = []

    def tables() -> Iterator[pa.Table]:
        for n in range(5):
            asked.append(n)
            yield table([story.line(f"n{n}")])

    ahead = [len(asked) - told for told, _ in enumerate(story.bank.record_action_tables(tables(), "crm"), 1)]
    assert max(ahead) <= 1
    assert len(asked) == 5


def test_what_was_told_is_stored_when_the_caller_stops_asking(story: TestBank) -> None:
    outcomes = story.bank.record_action_tables((table([story.line(f"n{n}")]) for n in range(5)), "crm")
    assert counts(next(outcomes)) == (1, 0, [])
    outcomes.close()  # type: ignore[attr-defined]
    assert [len(story.events(f"action:crm:n{n}")) for n in range(5)] == [1, 0, 0, 0, 0]
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("one-ahead")] == []


def test_a_reader_that_fails_is_heard_after_the_tables_before_it(story: TestBank) -> None:
    def tables() -> Iterator[pa.Table]:
        yield table([story.line("a")])
        raise OSError("the file is gone")

    outcomes = story.bank.record_action_tables(tables(), "crm")
    assert counts(next(outcomes)) == (1, 0, [])
    with pytest.raises(OSError, match="the file is gone"):
        next(outcomes)


def test_a_long_table_is_never_copied_as_a_whole(story: TestBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PIECE", 1_000)
    lines = [story.line(f"n{n:05}", note="x" * 400) for n in range(10_000)]
    whole = pa.concat_tables(table(lines[first : first + 700]) for first in range(0, len(lines), 700))
    before, used = pa.total_allocated_bytes(), list[int]()

    def measured(*told: Any) -> Any:
        cleared = clearing.clear(*told)
        used.append(pa.total_allocated_bytes() - before)
        return cleared

    monkeypatch.setattr(door, "clear", measured)
    assert actions_of(story.bank, whole, "crm").accepted == 10_000
    assert len(used) == 10
    assert max(used) < whole.nbytes // 4


@pytest.mark.parametrize("lines", [[], [{}]])
def test_a_table_without_lines_or_columns_comes_to_nothing_or_to_what_is_missing(
    story: TestBank, lines: list[dict[str, str]]
) -> None:
    outcome = actions_of(story.bank, pa.table({"source": pa.array([None] * len(lines), pa.string())}), "crm")
    assert (outcome.accepted, outcome.duplicates, len(outcome.refused)) == (0, 0, len(lines))


def test_columns_that_are_none_of_the_lines_or_hold_no_texts_are_for_the_one_line_door(story: TestBank) -> None:
    right = story.line("a")
    foreign = actions_of(story.bank, table([right | {"colour": "red"}]), "crm")
    assert [(row, each.refusals[0].field) for row, each in foreign.refused] == [(0, "")]
    numbers = pa.Table.from_pylist([right | {"quantity": 2}])
    assert counts(actions_of(story.bank, numbers, "crm")) == (1, 0, [])
