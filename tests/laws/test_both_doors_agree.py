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
    "\u00ad",
    "</script>",
    "'",
]
NOTES = st.one_of(st.sampled_from(["约了", "two\nlines\tand a tab", "x" * 500, "x" * 501]), st.text(max_size=40))


def one_of(*usual: str) -> st.SearchStrategy[str]:
    """Mostly what is usual in a field, now and then something hostile or anything at all."""
    usually = st.sampled_from(usual)
    return st.one_of(usually, usually, usually, usually, st.sampled_from(HOSTILE), st.text(max_size=8))


def maybe(text: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.just(""), text)


ACTIONS = st.fixed_dictionaries({
    "source": one_of("crm", "core", "log"),
    "external_ref": one_of("a", "b", "c", "d", "e", "f", "2026.1_x-Y"),
    "rm": one_of("r1", "r2", "r3", "moved", "left", "late", "nobody"),
    "kind": one_of("deposit", "visit", "call", "balance", "fund", "only_trainees", "unknown"),
    "occurred_on": one_of(*DAYS[:3], *DAYS),
    "quantity": maybe(one_of(*NUMBERS)),
    "amount": maybe(one_of(*NUMBERS)),
    "customer": maybe(one_of(*CODES)),
    "note": maybe(NOTES),
    "reverses": maybe(st.sampled_from(["crm:a", "crm:b", "core:a", "crm:none", "x"])) | st.none() | st.none(),
})  # fmt: skip


MEASURES = st.fixed_dictionaries({
    "source": one_of("dw"),
    "external_ref": one_of("a", "b", "c", "d"),
    "rm": one_of("r1", "r2", "moved", "left", "late", "nobody"),
    "indicator": one_of("profit", "profit", "calls", "unknown"),
    "quarter": one_of("2026Q1", "2026Q1", "2025Q4", "2026Q2", "2026Q3", "2026Q5", "2026Q0", "0999Q1", "2999Q4", "1"),
    "value": one_of(*NUMBERS, *(f"-{number}" for number in NUMBERS)),
    "as_of": one_of(*DAYS),
})  # fmt: skip
CONTRACTS = st.fixed_dictionaries({
    "rm": one_of("r1", "r2", "moved", "left", "late", "nobody"),
    "year": one_of("2026", "2026", "2025", "2027", "0999", "26"),
    "quarter": one_of("1", "2", "Q3", "2026Q4", "2026Q1", "2025Q1", "5", "Q0"),
    "indicator": one_of("funds", "calls", "savings", "profit", "unknown"),
    "target": one_of(*NUMBERS),
    "base": maybe(one_of(*NUMBERS)),
    "reason": maybe(NOTES),
})  # fmt: skip
CUSTOMERS = st.fixed_dictionaries({
    "customer": one_of(*CODES),
    "segment": one_of("mass", "private", *CODES),
    "assets": one_of(*NUMBERS),
    "a_rm": one_of("r1", "r2", "r3", "left", "nobody"),
    "b_rm": maybe(one_of("r1", "r2", "r3", "left", "nobody")),
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
    named = {name: line[name] for name in ("external_ref", "reverses") if line.get(name)}
    return line | {name: re.sub(r"(^|:)([a-f])$", rf"\g<1>\g<2>{number}", text) for name, text in named.items()}


def agree(doors: Doors, subject: Subject, tables: list[list[Line]]) -> None:
    """Both doors tell the same of some tables, one after the other, and store the same of them."""
    example, after = next(doors.examples), doors.one.last_position
    for lines in tables:
        one, at_once = doors.tell(subject, [of_example(line, example) for line in lines])
        assert at_once == one
    assert stored(doors.all, after) == stored(doors.one, after)


def tables_of(lines: st.SearchStrategy[Line]) -> st.SearchStrategy[list[list[Line]]]:
    return st.lists(st.lists(lines, max_size=14), min_size=1, max_size=3)


@settings(max_examples=100)
@given(tables=tables_of(ACTIONS))
def test_a_table_of_actions_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(
        doors, Subject(action.RULES, lambda bank: bank.record_actions, lambda bank: bank.record_action_tables), tables
    )


@settings(max_examples=60)
@given(tables=tables_of(MEASURES))
def test_a_table_of_measures_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(
        doors,
        Subject(measure.RULES, lambda bank: bank.record_measures, lambda bank: bank.record_measure_tables),
        tables,
    )


@settings(max_examples=40)
@given(tables=tables_of(CUSTOMERS))
def test_a_table_of_customers_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(
        doors,
        Subject(customer.RULES, lambda bank: bank.assign_customers, lambda bank: bank.assign_customer_tables),
        tables,
    )


@settings(max_examples=80)
@given(tables=tables_of(CONTRACTS))
def test_a_table_of_contracts_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(
        doors, Subject(contract.RULES, lambda bank: bank.agree_targets, lambda bank: bank.agree_target_tables), tables
    )
