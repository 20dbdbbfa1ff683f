"""The door for tables: what is plainly right never meets the one-line door, and what does is told the same there.

That both doors agree on every line is a law of its own; here is how tables are cut, ordered, repeated and interrupted.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from domain import fields
from domain.bank import Bank, Outcome
from domain.bulk import door
from domain.bulk.door import TableOutcome
from domain.bulk.register_tables import RegisterTables
from domain.bulk.rules import NUMBER
from domain.fields import FieldRule
from domain.refusal import Refused
from domain.register import Register
from tests.bank import SCHEME, TestBank, done
from tests.tables import actions_of, counts, measures_of, table

Lines = list[dict[str, str]]
MEASURE = {
    "source": "dw",
    "rm": "r1",
    "indicator": "profit",
    "quarter": "2026Q1",
    "value": "1.50",
    "as_of": "2026-03-01",
}
TARGET = {"rm": "r1", "year": "2026", "quarter": "1", "indicator": "calls", "target": "4.0"}
CUSTOMER = {"segment": "mass", "assets": "10.00", "a_rm": "r1", "b_rm": ""}


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lines are inserted at a time."""
    monkeypatch.setattr(door, "PIECE", 3)


@pytest.fixture
def decided(story: TestBank, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines that come to the one-line doors."""
    came: list[dict[str, Any]] = []

    def watched(decide: Callable[..., list[Outcome]]) -> Callable[..., list[Outcome]]:
        def watch(lines: Sequence[dict[str, Any]], by: str) -> list[Outcome]:
            came.extend(lines)
            return decide(lines, by)

        return watch

    for name in ("record_actions", "record_measures", "assign_customers", "agree_targets"):
        monkeypatch.setattr(story.bank, name, watched(getattr(story.bank, name)))
    return came


def test_what_is_plainly_right_never_meets_the_one_line_door(story: TestBank, decided: Lines) -> None:
    usual = {"quantity": "2.0", "amount": "10.00", "customer": '客户 "7" \\', "note": "约了下周\nagain", "reverses": ""}
    actions = table([story.line(ref, **usual) for ref in "abc"])
    measures = table([MEASURE | {"external_ref": ref} for ref in "abc"])
    customers = table([CUSTOMER | {"customer": code} for code in ("C1", '客户 "7" \\')])
    assert counts(actions_of(story.bank, actions, "crm")) == (3, 0, [])
    assert counts(measures_of(story.bank, measures, "dw")) == (3, 0, [])
    assert [counts(each) for each in story.bank.assign_customer_tables([customers], "crm")] == [(2, 0, [])]
    assert decided == []
    assert [event.model_dump()["customer"] for event in story.events("action:crm:a")] == ['客户 "7" \\']


def test_what_stands_already_is_a_duplicate_without_the_one_line_door(story: TestBank, decided: Lines) -> None:
    actions_of(story.bank, table([story.line(ref, amount="1", note="one") for ref in "abc"]), "crm")
    last = story.last_position
    again = table([story.line(ref, amount="1.00", note="another") for ref in "abc"])
    assert counts(actions_of(story.bank, again, "crm")) == (0, 3, [])
    assert (decided, story.last_position) == ([], last)


def test_other_content_under_a_reference_that_stands_is_a_conflict_told_as_the_one_line_door_does(
    story: TestBank, decided: Lines
) -> None:
    actions_of(story.bank, table([story.line(ref, customer="") for ref in "abc"]), "crm")
    other = story.line("b", customer="C1")
    outcome = actions_of(story.bank, table([story.line("d", customer=""), other, story.line("a")]), "crm")
    assert counts(outcome) == (1, 1, [(1, "external_ref")])
    assert decided == []
    told = story.bank.record_actions([other], "crm")[0]
    assert isinstance(told, Refused)
    assert outcome.refused[0][1].refusals == told.refusals


def test_targets_are_agreed_in_the_order_of_their_lines_without_the_one_line_door(
    story: TestBank, decided: Lines
) -> None:
    """The founded bank agreed on savings and funds already; new facts go on where those streams end."""
    lines = [TARGET | {"quarter": quarter, "indicator": what} for quarter in "21" for what in ("calls", "profit")]
    known = TARGET | {"quarter": "1", "indicator": "funds", "target": "5000.00"}
    outcomes = story.bank.agree_target_tables([table([*lines[:2], known, *lines[2:]]), table(lines)], "lead")
    assert [counts(each) for each in outcomes] == [(4, 1, []), (0, 4, [])]
    assert decided == []
    agreed = [event.model_dump() for event in story.events("contract:r1:2026")[-4:]]
    assert [event["originator_version"] for event in agreed] == [9, 10, 11, 12]
    assert [(event["quarter"][-1], event["indicator"]) for event in agreed] == [
        ("2", "calls"), ("2", "profit"), ("1", "calls"), ("1", "profit"),
    ]  # fmt: skip


def test_an_amendment_and_what_follows_it_on_its_contract_are_decided_line_by_line(
    story: TestBank, decided: Lines
) -> None:
    amended = TARGET | {"indicator": "funds", "target": "7", "reason": "talked over"}
    lines = [TARGET | {"reason": ""}, amended, TARGET | {"quarter": "2", "reason": ""}]
    other = TARGET | {"rm": "r2", "reason": ""}
    [outcome] = story.bank.agree_target_tables(
        [table([*lines, other, amended | {"reason": "", "target": "8"}])], "lead"
    )
    assert counts(outcome) == (4, 0, [(4, "reason")])
    assert [line["quarter"] + line["indicator"] for line in decided] == ["1funds", "2calls", "1funds"]
    assert story.types("contract:r1:2026")[-3:] == ["TargetAgreed", "TargetAmended", "TargetAgreed"]


def test_two_who_agree_the_same_targets_at_once_double_nothing(story: TestBank) -> None:
    lines = table([TARGET | {"quarter": quarter, "rm": rm} for quarter in "1234" for rm in ("r1", "r2", "r3")])
    told = at_once(story, lambda bank: next(bank.agree_target_tables([lines], "lead")))
    assert sorted((each.accepted, each.duplicates) for each in told) == [(0, 12), (12, 0)]
    assert len(story.events("contract:r1:2026")) == 12


def test_a_customer_who_stands_is_assigned_anew_by_the_one_line_door(story: TestBank, decided: Lines) -> None:
    for a_rm, new in (("r1", 1), ("r1", 0), ("r2", 1), ("r1", 1)):
        lines = table([CUSTOMER | {"customer": "C1", "a_rm": a_rm}])
        assert [counts(each) for each in story.bank.assign_customer_tables([lines], "crm")] == [(new, 1 - new, [])]
    assert len(decided) == 3
    assert [event.model_dump()["a_rm"] for event in story.events("customer:C1")] == ["r1", "r2", "r1"]


@pytest.mark.usefixtures("small_pieces")
def test_a_reference_repeated_within_a_table_counts_once_within_a_piece_and_across(story: TestBank) -> None:
    refs = ["b", "a", "a", "c", "a", "d", "b"]
    other = story.line("d", amount="9")
    lines = [*(story.line(ref, amount="1") for ref in refs), other, other]
    assert counts(actions_of(story.bank, table(lines), "crm")) == (
        4,
        3,
        [(7, "external_ref"), (8, "external_ref")],
    )
    assert [len(story.events(f"action:crm:{ref}")) for ref in "abcd"] == [1, 1, 1, 1]


def test_the_first_right_line_of_a_reference_stands_whatever_the_lines_before_it_were(story: TestBank) -> None:
    lines = [story.line("a", amount="1e3"), story.line("a", amount="2"), story.line("a", amount="3")]
    assert counts(actions_of(story.bank, table(lines), "crm")) == (1, 0, [(0, "amount"), (2, "external_ref")])
    assert [str(event.model_dump()["amount"]) for event in story.events("action:crm:a")] == ["2"]


@pytest.mark.usefixtures("small_pieces")
def test_every_fault_is_told_under_the_row_of_its_line(story: TestBank) -> None:
    wrong = {1: ("rm", "nobody"), 4: ("kind", "unknown"), 5: ("occurred_on", "2026-03-21"), 9: ("quantity", "1e3")}
    lines = [story.line(f"n{n}", quantity="1") | dict([wrong.get(n, ("quantity", "1"))]) for n in range(11)]
    assert counts(actions_of(story.bank, table(lines), "crm")) == (
        7,
        0,
        [(n, wrong[n][0]) for n in sorted(wrong)],
    )


@pytest.mark.usefixtures("small_pieces")
def test_lines_that_reverse_an_action_wait_for_the_end_of_their_table(story: TestBank) -> None:
    what = {"amount": "5", "reverses": ""}
    lines = [story.line("back", "deposit", amount="5", reverses="crm:n4"), story.line("lost", "deposit", **what)]
    lines[1]["reverses"] = "crm:none"
    lines += [story.line(f"n{n}", "deposit", **what) for n in range(5)]
    assert counts(actions_of(story.bank, table(lines), "crm")) == (6, 0, [(1, "reverses")])
    assert story.types("action:crm:n4") == ["ActionRecorded", "ActionReversed"]


def test_every_note_has_a_salt_of_its_own_and_its_digest_in_its_event(story: TestBank) -> None:
    lines = [story.line(ref, note=note) for ref, note in (("c", "same"), ("a", ""), ("b", "same"), ("d", "约了"))]
    assert actions_of(story.bank, table(lines), "crm").accepted == 4
    with story.bank.log.reading() as cursor:
        cursor.execute("SELECT originator_id, field, salt, text FROM texts WHERE field = 'note' ORDER BY 1")
        texts = cursor.fetchall()
    digests = {key: hashlib.sha256((salt + text).encode()).hexdigest() for key, _, salt, text in texts}
    assert [(row[0], row[3]) for row in texts] == [(f"action:crm:{ref}", text) for ref, text in
                                                   (("b", "same"), ("c", "same"), ("d", "约了"))]  # fmt: skip
    assert len({row[2] for row in texts}) == 3
    noted = {f"action:crm:{ref}": story.events(f"action:crm:{ref}")[0].model_dump()["note_digest"] for ref in "abcd"}
    assert noted == {"action:crm:a": None} | digests


def test_a_duplicate_brings_no_second_note(story: TestBank) -> None:
    for _ in range(2):
        actions_of(story.bank, table([story.line(ref, note="seen") for ref in "ab"]), "crm")
    actions_of(story.bank, table([story.line(ref, note="other") for ref in "abc"]), "crm")
    told = story.bank.log.select_texts("note", [f"action:crm:{ref}" for ref in "abc"])
    assert list(told.values()) == ["seen", "seen", "other"]


@pytest.mark.usefixtures("small_pieces")
def test_a_register_that_moves_between_clearing_and_writing_is_decided_on_again(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Already when a table's first piece is written, its second one has been cleared on the register of before."""
    leaver, write, waiting = story.rm_line("r1", left_on="2026-01-31"), story.bank.log.insert_states, [True]
    other = story.beside()

    def later(*ready: Any) -> Any:
        if waiting:
            waiting.pop()
            done(other.register_rms([leaver], "hr")[0])
        return write(*ready)

    monkeypatch.setattr(story.bank.log, "insert_states", later)
    lines = [story.line(f"n{n}", rm=f"r{n % 3 + 1}") for n in range(9)]
    expected = [(n, "occurred_on") for n in (0, 3, 6)]
    assert counts(actions_of(story.bank, table(lines), "crm")) == (6, 0, expected)
    assert story.events("action:crm:n0") == []
    other.close()


def test_a_line_names_what_the_scheme_of_its_rms_own_unit_has_and_no_other_units(story: TestBank) -> None:
    """In the south, where `r2` works, the same position has a scheme of its own."""
    south = SCHEME.replace('["personal"]', '["personal"]\nunits = ["south"]')
    south = south.replace('scheme = "tests"', 'scheme = "south"')
    done(story.publish(re.sub(r"\b(calls|profit)\b", r"south_\1", south)))
    measures = [
        MEASURE | {"external_ref": f"{rm}-{name}", "rm": rm, "indicator": name}
        for rm in ("r1", "r2") for name in ("profit", "south_profit")
    ]  # fmt: skip
    targets = [TARGET | {"rm": rm, "indicator": name} for rm in ("r1", "r2") for name in ("calls", "south_calls")]
    refused = [(1, "indicator"), (2, "indicator")]
    assert counts(measures_of(story.bank, table(measures), "dw")) == (2, 0, refused)
    assert [counts(each) for each in story.bank.agree_target_tables([table(targets)], "lead")] == [(2, 0, refused)]


def test_the_registers_tables_stay_while_only_work_is_recorded(story: TestBank) -> None:
    bank, registers = story.bank, door.Registers()
    tables = registers.tables_of(bank.register)
    actions_of(bank, table([story.line("a")]), "crm")
    bank.close_day(bank.register.last_closed or bank.today.replace(day=1), "clock")
    assert registers.tables_of(bank.register) is tables
    done(story.register("r9"))
    assert registers.tables_of(bank.register) is not tables
    registers.close()


@pytest.mark.usefixtures("small_pieces")
def test_two_who_record_the_same_table_at_once_double_nothing(story: TestBank) -> None:
    lines = table([story.line(f"n{n:02}") for n in range(60)])
    told = at_once(story, lambda bank: actions_of(bank, lines, "crm"))
    assert sum(outcome.accepted for outcome in told) == sum(outcome.duplicates for outcome in told) == 60
    assert [outcome.refused for outcome in told] == [[], []]


def at_once(story: TestBank, doing: Callable[[Bank], TableOutcome]) -> list[TableOutcome]:
    """What two are told who do the same at the same moment, each with a bank of their own."""
    told: list[TableOutcome] = []
    other = story.beside()
    threads = [threading.Thread(target=lambda bank=bank: told.append(doing(bank))) for bank in (story.bank, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    return told


NUMBERS = [rule for rule in vars(fields).values() if isinstance(rule, FieldRule) and rule.highest is not None]


@pytest.mark.parametrize("rule", NUMBERS, ids=lambda rule: rule.remedy[:30])
def test_the_number_that_sql_reads_holds_every_digit_a_rule_takes(rule: FieldRule) -> None:
    whole, decimals = rule.pattern.removeprefix("-?").removeprefix("[0-9]{1,").split("}", 1)
    longest = "9" * int(whole) + "." + "9" * int(decimals.rpartition(",")[2].rstrip("})?"))
    cursor = RegisterTables(Register()).cursor()
    assert cursor.execute(f"SELECT CAST(? AS {NUMBER})::VARCHAR", [longest]).fetchall()[0][0].startswith(longest)
