"""Law: a table of lines meets the same verdicts, refusals and stored bytes as the same lines one by one."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import action, contract, customer, measure
from domain.bank import Bank, Outcome
from domain.bulk.door import TableOutcome
from domain.fields import FieldRule
from domain.refusal import Refusal
from tests.bank import SCHEME, TestBank, done

Line = dict[str, Any]
Seen = tuple[int, int, list[tuple[int, tuple[Refusal, ...]]]]

HOSTILE = [
    "", " ", "\x00", "a\x00b", "\x1b", "\x7f", "\x85", "\xa0", "\u200b", "\u2028", "\ufeff", "\U000e0001", "\U0001f600",
    "1e3", "1_000", "1,000", "12.345", "1e999", "0.0000", "NaN", "Infinity", "-1", "+1", "１", "٣", ".5", "5.", "0x1",
    "null", "'", '"', "\\", "\\u0041", "a\nb", "a\tb", "a b ", " a", "x" * 33, "x" * 65, "é" * 64, "\u3000",
    "9" * 400, "😀" * 500, "😀" * 501, "a:b", "../x", "; DROP TABLE stored_events",
]  # fmt: skip
DAYS = ["2026-02-02", "2026-01-01", "2026-03-20", "2026-03-21", "2025-12-31", "2026-02-29", "2024-02-29", "0000-01-01",
        "0001-01-01", "9999-12-31", "2026-2-2", "20260202", "2026-02-02T00:00:00", "２０２６-02-02", "2026-04-01",
        "2026-02-14", "2026-02-15", "2026-02-16", "10000-01-01", "2026-W06-1", "-001-01-01"]  # fmt: skip
NUMBERS = ["1", "0", "0.0", "00", "007", "1.0", "1.00", "0.001", "0.0010", "10", "100.50", "1000000000",
           "1000000000.001", "0000000001", "1000000000000", "1000000000000.00", "1000000000000.01",
           "9999999999999", "12.34", "-0"]  # fmt: skip
CODES = [
    "C1",
    "客户 7",
    'say "hi"',
    "back\\slash",
    "a/b",
    "😀",
    "é",
    "e\u0301",
    "\U00020000",
    "</script>",
    "'",
    "x" * 64,
]
NOTES = ["约了", "two\nlines\tand a tab", 'say "hi" \\', "x" * 500, "\U0001f600" * 500]
NUMBERS_TAKEN = ["1", "007", "1.0", "1.00", "0.01", "0.010", "10", "100.50", "1000000000", "0000000001", "12.34"]
RMS = ["r1", "r2", "r3", "moved", "left", "late", "nobody"]
REFERENCES = st.integers(0, 30).map(lambda n: f"n{n}")

Fields = dict[str, st.SearchStrategy[str | None]]


def one_of(texts: list[str]) -> st.SearchStrategy[str]:
    """A text that a field may well hold, something hostile, or anything at all."""
    some = st.sampled_from(texts)
    return st.one_of(some, some, some, st.sampled_from(HOSTILE), st.text(max_size=8), st.text(max_size=600))


def maybe(texts: list[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.just(""), st.sampled_from(texts))


def nearly(right: Fields, wrong: Fields) -> st.SearchStrategy[Line]:
    """Lines that are right, most of them, but for up to two of their fields."""
    changed: st.SearchStrategy[list[str]] = st.lists(st.sampled_from(sorted(wrong)), max_size=2) | st.just([])
    return st.tuples(st.fixed_dictionaries(right), st.fixed_dictionaries(wrong), changed).map(
        lambda drawn: drawn[0] | {name: drawn[1][name] for name in drawn[2]}
    )


ACTIONS = nearly({
    "source": st.sampled_from(["crm", "core"]),
    "external_ref": REFERENCES,
    "rm": st.sampled_from(["r1", "r2", "moved"]),
    "kind": st.sampled_from(["deposit", "visit", "call", "balance"]),
    "occurred_on": st.sampled_from(["2026-02-02", "2026-01-01", "2026-02-14"]),
    "quantity": maybe(NUMBERS_TAKEN),
    "amount": maybe(NUMBERS_TAKEN),
    "customer": maybe(CODES),
    "note": maybe(NOTES),
    "reverses": st.none(),
}, {
    "source": one_of(["crm", "log"]),
    "external_ref": one_of(["2026.1_x-Y"]),
    "rm": one_of(RMS),
    "kind": one_of(["fund", "only_trainees", "unknown"]),
    "occurred_on": one_of(DAYS),
    "quantity": one_of(NUMBERS),
    "amount": one_of(NUMBERS),
    "customer": one_of(CODES),
    "note": one_of(NOTES),
    "reverses": st.one_of(REFERENCES.map(lambda ref: f"crm:{ref}"), one_of(["crm:none"])),
})  # fmt: skip
MEASURES = nearly({
    "source": st.just("dw"),
    "external_ref": REFERENCES,
    "rm": st.sampled_from(["r1", "r2"]),
    "indicator": st.just("profit"),
    "quarter": st.sampled_from(["2026Q1", "2026Q1"]),
    "value": st.sampled_from([*NUMBERS_TAKEN, "-0.00", "-1.50", "0.001", "-1000000000000"]),
    "as_of": st.sampled_from(["2026-02-02", "2026-03-20", "2026-01-01"]),
}, {
    "source": one_of(["crm"]),
    "external_ref": one_of(["x"]),
    "rm": one_of(RMS),
    "indicator": one_of(["calls", "unknown"]),
    "quarter": one_of(["2025Q4", "2026Q2", "2026Q3", "2026Q5", "2026Q0", "0999Q1", "2999Q4", "1"]),
    "value": one_of([*NUMBERS, *(f"-{number}" for number in NUMBERS)]),
    "as_of": one_of(DAYS),
})  # fmt: skip
CONTRACTS = nearly({
    "rm": st.sampled_from(["r1", "r2", "moved", "late"]),
    "year": st.sampled_from(["2026", "2027", "2028", "2029"]),
    "quarter": st.sampled_from(["2", "Q3", "4"]),
    "indicator": st.sampled_from(["funds", "calls", "savings", "profit"]),
    "target": st.sampled_from(["1", "2", "2.50", "0.001"]),
    "base": maybe(["0", "00.5", "1.000"]),
    "reason": maybe(NOTES),
}, {
    "rm": one_of(RMS),
    "year": one_of(["2025", "0999", "26", "2026"]),
    "quarter": one_of(["2026Q4", "2026Q1", "2025Q1", "5", "Q0", "1"]),
    "indicator": one_of(["unknown", "reached"]),
    "target": one_of(NUMBERS),
    "base": one_of(NUMBERS),
    "reason": one_of(NOTES),
})  # fmt: skip
CUSTOMERS = nearly({
    "customer": st.one_of(REFERENCES, st.sampled_from(CODES)),
    "segment": st.sampled_from(["mass", "private", *CODES[:5]]),
    "assets": st.sampled_from([*NUMBERS_TAKEN, "0"]),
    "a_rm": st.sampled_from(["r1", "r2"]),
    "b_rm": st.sampled_from(["r3", "left", "", None]),
}, {
    "customer": one_of(CODES),
    "segment": one_of(CODES),
    "assets": one_of(NUMBERS),
    "a_rm": one_of(RMS),
    "b_rm": one_of(RMS),
})  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """One kind of line and the bank's two doors for it."""

    rules: Mapping[str, FieldRule]
    by_line: Callable[[Bank], Callable[[list[Line], str], list[Outcome]]]
    by_table: Callable[[Bank], Callable[[list[pa.Table], str], Iterator[TableOutcome]]]


class Doors:
    """Two banks that were told the same so far, with one salt for all: the one is told lines, the other tables."""

    def __init__(self, folder: Path) -> None:
        self.one, self.all = (self._bank(folder / name) for name in ("one", "all"))
        self.examples = count()

    @staticmethod
    def _bank(folder: Path) -> TestBank:
        story = TestBank(folder).founded()
        story.bank.salts = lambda: "salt"
        other = SCHEME.replace('["personal"]', '["trainee"]').replace('scheme = "tests"', 'scheme = "trainees"')
        other = other.replace("[kinds.visit]", "[kinds.only_trainees]").replace('"visit"', '"only_trainees"')
        done(story.bank.publish_scheme(other, "lead"))
        done(story.register("moved"))
        done(story.register("moved", "south", position="trainee", **{"from": "2026-02-15"}))
        done(story.register("left", left_on="2026-02-15"))
        done(story.register("late", joined_on="2026-02-15"))
        return story

    def tell(self, subject: Subject, lines: list[Line]) -> tuple[Seen, Seen]:
        """What the two doors say of the same lines; those that reverse an action come last."""
        ordered = sorted(enumerate(lines), key=lambda numbered: bool(numbered[1].get("reverses")))
        told = subject.by_line(self.one.bank)([line for _, line in ordered], "crm")
        outcomes = dict(zip((row for row, _ in ordered), told, strict=True))
        outcome = TableOutcome()
        for row in range(len(lines)):
            outcome.add(row, outcomes[row])
        table = pa.Table.from_pylist(lines, pa.schema([(name, pa.string()) for name in subject.rules]))
        [at_once] = subject.by_table(self.all.bank)([table], "crm")
        return seen(outcome), seen(at_once)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    both = Doors(tmp_path_factory.mktemp("doors"))
    yield both
    both.one.close()
    both.all.close()


def stored(story: TestBank, after: int) -> list[tuple[Any, ...]]:
    """Every event beyond a position with its texts, by stream and version: the doors may differ in their order."""
    with story.bank.log.reading() as cursor:
        cursor.execute(
            "SELECT s.originator_id, s.originator_version, topic, CAST(state AS TEXT), field, salt, text "
            "FROM stored_events s LEFT JOIN texts t ON t.originator_id = s.originator_id "
            "AND t.originator_version = s.originator_version WHERE s.rowid > ? ORDER BY 1, 2",
            (after,),
        )
        return [tuple(row) for row in cursor.fetchall()]


def seen(outcome: TableOutcome) -> Seen:
    return outcome.accepted, outcome.duplicates, [(row, refused.refusals) for row, refused in outcome.refused]


def of_example(line: Line, number: int) -> Line:
    """A line with references of its own example, so that all examples can be told to the same banks."""
    named = {name: line[name] for name in ("external_ref", "reverses", "customer") if line.get(name)}
    return line | {name: re.sub(r"(^|:)(n[0-9]+)$", rf"\g<1>\g<2>.{number}", text) for name, text in named.items()}


def agree(doors: Doors, subject: Subject, tables: list[list[Line]]) -> None:
    """Both doors tell the same of some tables, one after the other, and store the same of them."""
    example, after = next(doors.examples), doors.one.last_position
    for lines in tables:
        one, at_once = doors.tell(subject, [of_example(line, example) for line in lines])
        assert at_once == one
    assert stored(doors.all, after) == stored(doors.one, after)


def tables_of(lines: st.SearchStrategy[Line]) -> st.SearchStrategy[list[list[Line]]]:
    return st.lists(st.lists(lines, min_size=6, max_size=20), min_size=1, max_size=2)


@settings(max_examples=30)
@given(tables=tables_of(ACTIONS))
def test_a_table_of_actions_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(
        doors, Subject(action.RULES, lambda bank: bank.record_actions, lambda bank: bank.record_action_tables), tables
    )


@settings(max_examples=20)
@given(tables=tables_of(MEASURES))
def test_a_table_of_measures_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(
        doors,
        Subject(measure.RULES, lambda bank: bank.record_measures, lambda bank: bank.record_measure_tables),
        tables,
    )


@settings(max_examples=20)
@given(tables=tables_of(CUSTOMERS))
def test_a_table_of_customers_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(
        doors,
        Subject(customer.RULES, lambda bank: bank.assign_customers, lambda bank: bank.assign_customer_tables),
        tables,
    )


@settings(max_examples=20)
@given(tables=tables_of(CONTRACTS))
def test_a_table_of_contracts_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(
        doors, Subject(contract.RULES, lambda bank: bank.agree_targets, lambda bank: bank.agree_target_tables), tables
    )
