"""Law: a table of lines meets the same verdicts, refusals and stored bytes as the same lines one by one."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain import action, contract, customer, measure
from domain.bank import Bank, Outcome
from domain.bulk.door import TableOutcome
from domain.fields import FieldRule
from domain.refusal import Refusal
from tests.bank import SCHEME, TestBank, done
from tests.laws.lines import (
    ACTIONS,
    ACTIONS_ON_THE_EDGE,
    CONTRACTS,
    CONTRACTS_ON_THE_EDGE,
    CUSTOMERS,
    CUSTOMERS_ON_THE_EDGE,
    MEASURES,
    MEASURES_ON_THE_EDGE,
    Line,
)
from tests.postgres.server import Server

Seen = tuple[int, list[int], list[tuple[int, tuple[Refusal, ...]]]]


@dataclass(frozen=True)
class Subject:
    """One kind of line and the bank's two doors for it."""

    rules: Mapping[str, FieldRule]
    by_line: Callable[[Bank], Callable[[list[Line], str], list[Outcome]]]
    by_table: Callable[[Bank], Callable[[list[pa.Table], str], Iterator[TableOutcome]]]
    drawn: st.SearchStrategy[Line]
    on_the_edge: list[Line]


OF_ACTIONS = Subject(
    action.RULES, lambda bank: bank.record_actions, lambda bank: bank.record_action_tables, ACTIONS, ACTIONS_ON_THE_EDGE
)
OF_MEASURES = Subject(
    measure.RULES, lambda bank: bank.record_measures, lambda bank: bank.record_measure_tables, MEASURES,
    MEASURES_ON_THE_EDGE,
)  # fmt: skip
OF_CUSTOMERS = Subject(
    customer.RULES, lambda bank: bank.assign_customers, lambda bank: bank.assign_customer_tables, CUSTOMERS,
    CUSTOMERS_ON_THE_EDGE,
)  # fmt: skip
OF_CONTRACTS = Subject(
    contract.RULES, lambda bank: bank.agree_targets, lambda bank: bank.agree_target_tables, CONTRACTS,
    CONTRACTS_ON_THE_EDGE,
)  # fmt: skip
SUBJECTS = {"actions": OF_ACTIONS, "measures": OF_MEASURES, "customers": OF_CUSTOMERS, "contracts": OF_CONTRACTS}


class Doors:
    """Two banks that were told the same so far, with one salt for all: the one is told lines, the other tables."""

    def __init__(self, folder: Path, new_store: Callable[[], str | None] = lambda: None) -> None:
        self.one, self.all = (self._bank(folder / name, new_store()) for name in ("one", "all"))
        self.examples = count()

    @staticmethod
    def _bank(folder: Path, store: str | None) -> TestBank:
        story = TestBank(folder, store=store).founded()
        story.bank.salts = lambda: "salt"
        other = SCHEME.replace('["personal"]', '["trainee"]\nunits = ["south"]')
        other = other.replace('scheme = "tests"', 'scheme = "trainees"')
        other = other.replace("[kinds.visit]", "[kinds.only_trainees]").replace('"visit"', '"only_trainees"')
        done(story.publish(other))
        done(story.register("moved"))
        done(story.register("moved", "south", position="trainee", **{"from": "2026-02-15"}))
        done(story.register("promoted"))
        done(story.register("promoted", "south", position="manager", **{"from": "2026-02-15"}))
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

    def close(self) -> None:
        self.one.close()
        self.all.close()


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    both = Doors(tmp_path_factory.mktemp("doors"))
    yield both
    both.close()


@pytest.fixture(scope="module")
def doors_on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Doors]:
    both = Doors(tmp_path_factory.mktemp("doors"), postgres.new_store)
    yield both
    both.close()


def stored(story: TestBank, after: int) -> list[tuple[Any, ...]]:
    """Every event beyond a position with its texts, by stream and version: the doors may differ in their order."""
    with story.bank.log.reading() as cursor:
        cursor.execute(
            f"SELECT s.originator_id, s.originator_version, topic, {story.bank.log.STATE}, field, salt, text "
            "FROM stored_events s LEFT JOIN texts t ON t.originator_id = s.originator_id "
            f"AND t.originator_version = s.originator_version WHERE s.{story.bank.log.POSITION} > ? ORDER BY 1, 2",
            (after,),
        )
        return [tuple(row) for row in cursor.fetchall()]


def seen(outcome: TableOutcome) -> Seen:
    return outcome.accepted, sorted(outcome.repeated), [(row, refused.refusals) for row, refused in outcome.refused]


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
@example(tables=[ACTIONS_ON_THE_EDGE])
@given(tables=tables_of(ACTIONS))
def test_a_table_of_actions_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(doors, OF_ACTIONS, tables)


@settings(max_examples=20)
@example(tables=[MEASURES_ON_THE_EDGE])
@given(tables=tables_of(MEASURES))
def test_a_table_of_measures_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(doors, OF_MEASURES, tables)


@settings(max_examples=20)
@example(tables=[CUSTOMERS_ON_THE_EDGE])
@given(tables=tables_of(CUSTOMERS))
def test_a_table_of_customers_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(doors, OF_CUSTOMERS, tables)


@settings(max_examples=20)
@example(tables=[CONTRACTS_ON_THE_EDGE])
@given(tables=tables_of(CONTRACTS))
def test_a_table_of_contracts_is_told_and_stored_as_its_lines_are(doors: Doors, tables: list[list[Line]]) -> None:
    agree(doors, OF_CONTRACTS, tables)


@pytest.mark.parametrize("name", SUBJECTS)
def test_on_postgresql_a_table_is_told_and_stored_as_its_lines_are(name: str, doors_on_postgresql: Doors) -> None:
    subject = SUBJECTS[name]

    @settings(max_examples=6)
    @example([subject.on_the_edge, subject.on_the_edge])
    @given(tables_of(subject.drawn))
    def told(tables: list[list[Line]]) -> None:
        agree(doors_on_postgresql, subject, tables)

    told()
