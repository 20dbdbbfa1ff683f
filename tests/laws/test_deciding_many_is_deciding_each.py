"""The law of decisions: many at once get the verdicts and the bytes that each would get alone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bank import Bank, Outcome
from domain.bulk import verification
from tests.bank import TestBank, done

MORE = st.fixed_dictionaries(
    {},
    optional={
        "quantity": st.sampled_from(["2", "0.5", "1.250"]),
        "amount": st.sampled_from(["3.10", "7"]),
        "customer": st.sampled_from(["C1", "客户", "c-2_3", "a.b"]),
        "note": st.sampled_from(["met", 'said "yes"', "很好"]),
        "rm": st.sampled_from(["r1", "r2"]),
    },
)
LINES = st.lists(st.tuples(st.sampled_from(["visit", "call"]), st.booleans(), MORE), min_size=1, max_size=8)
REASON = "nobody saw it"
DECIDED = st.lists(st.sampled_from(["verify", "reject", "void", "reverse", "leave"]), min_size=8, max_size=8)


Decide = Callable[[Bank, list[str], str], Sequence[Outcome]]


def each_verified(bank: Bank, ids: list[str], by: str) -> Sequence[Outcome]:
    return [bank.verify_action(key, by) for key in ids]


def each_rejected(bank: Bank, ids: list[str], by: str) -> Sequence[Outcome]:
    return [bank.reject_action(key, REASON, by) for key in ids]


def all_verified(bank: Bank, ids: list[str], by: str) -> Sequence[Outcome]:
    return bank.decide_actions(ids, "verify", by)


def all_rejected(bank: Bank, ids: list[str], by: str) -> Sequence[Outcome]:
    return bank.decide_actions(ids, "reject", by, REASON)


def lived(
    folder: Path, lines: list[tuple[str, bool, dict[str, str]]], decided: list[str], by: str, decide_all: Decide
) -> tuple[Any, Any]:
    """What deciding on all of some actions tells and stores; some are decided on before, and one is unknown."""
    bank = TestBank(folder).founded()
    ids = []
    for number, (kind, reported, more) in enumerate(lines):
        rm = more.get("rm", "r1")
        outcome = bank.report(str(number), kind, rm, **more) if reported else bank.record(str(number), kind, **more)
        ids.append(done(outcome).subject)
    for number, (key, what) in enumerate(zip(ids, decided, strict=False)):
        decide(bank, key, what, lines[number])
    bank.bank.salts = lambda: "one-salt"  # who is told that it is too late has used one, too
    told = decide_all(bank.bank, [*ids, "action:crm:unknown"], by)
    rows = [
        [(row.originator_version, row.topic, row.state) for row in bank.bank.log.select_streams([key])[key]]
        for key in ids
    ]
    texts = bank.bank.log.select_texts("reason", ids)
    bank.close()
    return [type(each).__name__ if not hasattr(each, "refusals") else str(each) for each in told], (rows, texts)


def decide(bank: TestBank, key: str, what: str, line: tuple[str, bool, dict[str, str]]) -> None:
    match what:
        case "verify":
            bank.bank.verify_action(key, "boss")
        case "reject":
            bank.bank.reject_action(key, "wrong", "boss")
        case "void":
            bank.bank.void_action(key, "wrong", "boss")
        case "reverse":
            bank.bank.verify_action(key, "boss")
            bank.record(f"{key.rpartition(':')[2]}-back", line[0], reverses=key.removeprefix("action:"), **line[2])


@pytest.mark.parametrize(("each", "many"), [(each_verified, all_verified), (each_rejected, all_rejected)])
@settings(max_examples=15)
@given(lines=LINES, decided=DECIDED, by=st.sampled_from(["boss", "crm", "r1", "r2"]))
def test_many_at_once_get_the_verdicts_and_bytes_of_each_alone(
    each: Decide, many: Decide, lines: list[tuple[str, bool, dict[str, str]]], decided: list[str], by: str
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        one = lived(Path(folder) / "one", lines, decided, by, each)
        assert lived(Path(folder) / "together", lines, decided, by, many) == one
        patch.setattr(verification, "MANY", 1)
        patch.setattr("domain.deciding.CHUNK", 3)
        assert lived(Path(folder) / "many", lines, decided, by, many) == one


def test_what_plainly_waits_is_confirmed_without_a_decision_of_its_own(tmp_path: Path) -> None:
    bank = TestBank(tmp_path).founded()
    waiting, noted = (done(bank.record(ref, note=note)).subject for ref, note in (("1", ""), ("2", "met")))
    counted = done(bank.record("3", "call")).subject
    streams = bank.bank.log.select_streams([waiting, noted, counted])
    stamp = {"recorded_at": bank.clock(), "by": "boss"}
    with duckdb.connect() as con:
        assert [event.originator_id for event in verification.confirmed(streams, stamp, con)] == [waiting, noted]
    bank.close()
