"""Who read which card: kept for the auditor, written beside the answers, and nothing lost by an orderly stop."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.card_readings import CardReading, CardReadings
from api.client import ApiProblem
from domain.bank import STORE, Bank, open_bank
from domain.log import Busy
from tests.api.house import House


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Bank]:
    with closing(open_bank(tmp_path)) as opened:
        yield opened


def told(found: list[CardReading]) -> list[tuple[str, str, str, str]]:
    return [(one.reader, one.rm, one.quarter, one.what) for one in found]


def test_a_scorecard_read_by_somebody_else_is_kept_and_the_own_one_is_not(either_bank: House) -> None:
    bank = either_bank
    before = {one.number for one in bank.client("auditor").list_card_readings(limit=1_000)}
    for role, rm in (("rm", "r1"), ("supervisor", "r1"), ("hr", "r2")):
        assert bank.ask("GET", f"/v1/rms/{rm}/scorecards/{bank.quarter}", role).status_code == 200
    found = [one for one in bank.client("auditor").list_card_readings(limit=1_000) if one.number not in before]
    assert [(one.role, one.rm, one.quarter, one.what) for one in found] == [
        ("hr", "r2", bank.quarter, "scorecard"),
        ("supervisor", "r1", bank.quarter, "scorecard"),
    ]
    assert abs((found[0].read_at - bank.office.bank.clock()).total_seconds()) < 60 * 60 * 24


def test_an_auditor_of_a_unit_sees_who_read_the_cards_of_its_rms_alone(bank: House) -> None:
    readings, identity = bank.office.readings, bank.office.identity
    for rm in ("r1", "r2", "r1"):
        readings.note("curious", "hr", rm, f"19{len(rm)}0Q2", "review")
    readings.note("curious", "hr", "r1", "1951Q2", "review")
    token = str(identity.create_token("unit-watcher", "auditor", "east"))
    asked = {"Authorization": f"Bearer {token}"}
    path = "/v1/card-readings?reader=curious"
    found = bank.ask("GET", path, None, headers=asked).json()
    assert {one["rm"] for one in found} == {"r1"}
    assert {one.rm for one in bank.client("auditor").list_card_readings(reader="curious")} == {"r1", "r2"}
    (first,) = bank.ask("GET", f"{path}&limit=1", None, headers=asked).json()
    rest = bank.ask("GET", f"{path}&after={first['number']}", None, headers=asked).json()
    assert [first, *rest] == found
    assert bank.ask("GET", f"{path}&rm=r2", None, headers=asked).status_code == 403


def test_a_refused_reading_and_one_of_nobody_are_none(bank: House) -> None:
    auditor = bank.client("auditor")
    before = auditor.list_card_readings()
    assert bank.ask("GET", f"/v1/rms/r2/scorecards/{bank.quarter}", "supervisor").status_code == 403
    assert bank.ask("GET", f"/v1/rms/nobody/scorecards/{bank.quarter}", "hr").status_code in (403, 404)
    assert auditor.list_card_readings() == before


def test_the_auditor_asks_by_rm_quarter_and_reader_and_turns_pages(bank: House) -> None:
    readings, auditor = bank.office.readings, bank.client("auditor")
    for n in range(5):
        readings.note(f"reader-{n % 2}", "hr", "r9", f"190{n}Q1", "review")
    whole = auditor.list_card_readings(rm="r9")
    assert [one.quarter for one in whole] == ["1904Q1", "1903Q1", "1902Q1", "1901Q1", "1900Q1"]
    first = auditor.list_card_readings(rm="r9", limit=2)
    rest = auditor.list_card_readings(rm="r9", after=first[-1].number)
    assert first + rest == whole
    assert [one.quarter for one in auditor.list_card_readings(rm="r9", reader="reader-1")] == ["1903Q1", "1901Q1"]
    assert [one.reader for one in auditor.list_card_readings(rm="r9", quarter="1902Q1")] == ["reader-0"]


def test_a_cursor_that_no_page_gave_is_refused(bank: House) -> None:
    with pytest.raises(ApiProblem) as refused:
        bank.client("auditor").list_card_readings(after=10**9)
    assert refused.value.status == 422


def test_what_was_noted_is_written_without_being_asked_for(store: Bank) -> None:
    written, readings = threading.Event(), CardReadings(store)
    insert = readings._insert

    def told_of(cards: list[tuple[int, str, str, str, str, str]]) -> None:
        insert(cards)  # type: ignore[arg-type]
        written.set()

    readings._insert = told_of  # type: ignore[method-assign,assignment]
    try:
        readings.note("lead", "supervisor", "r1", "2026Q1", "notice")
        assert written.wait(30)
    finally:
        readings.close()
    assert told(readings.of()) == [("lead", "r1", "2026Q1", "notice")]


def test_an_orderly_stop_writes_the_last_ones(store: Bank, tmp_path: Path) -> None:
    readings = CardReadings(store)
    for n in range(2_000):
        readings.note("lead", "supervisor", f"r{n}", "2026Q1", "review")
    readings.close()
    with closing(sqlite3.connect(tmp_path / STORE)) as beside:
        assert beside.execute("SELECT count(*), max(number) FROM card_readings").fetchone() == (2_000, 2_000)


def test_the_same_reading_within_a_second_is_one(store: Bank) -> None:
    now = [100.2]
    readings = CardReadings(store, lambda: now[0])
    for at in (100.2, 100.9, 101.1):
        now[0] = at
        readings.note("lead", "supervisor", "r1", "2026Q1", "review")
    readings.close()
    assert [one.read_at for one in readings.of()] == [101, 100]


def test_a_store_that_is_held_by_another_keeps_no_reading_back_for_good(
    store: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = CardReadings(store)
    insert, tries = readings._insert, iter([True, True, False])

    def held(cards: list[tuple[int, str, str, str, str, str]]) -> None:
        if next(tries, False):
            raise Busy
        insert(cards)  # type: ignore[arg-type]

    monkeypatch.setattr(readings, "_insert", held)
    readings.note("lead", "supervisor", "r1", "2026Q1", "review")
    with pytest.raises(Busy):
        readings.write()
    readings.note("lead", "supervisor", "r2", "2026Q1", "review")
    readings.close()
    assert told(readings.of()) == [("lead", "r2", "2026Q1", "review"), ("lead", "r1", "2026Q1", "review")]


def test_many_threads_note_at_once_and_none_is_lost(store: Bank) -> None:
    readings = CardReadings(store, lambda: 100.0)

    def read(by: int) -> None:
        for n in range(300):
            readings.note(f"p{by}", "hr", f"r{n}", "2026Q1", "review")

    work = [threading.Thread(target=read, args=(by,)) for by in range(8)]
    for each in work:
        each.start()
    for each in work:
        each.join()
    readings.close()
    assert len({(one.reader, one.rm) for one in readings.of(limit=10_000)}) == 2_400


def test_a_store_of_an_older_version_gets_the_table(store: Bank) -> None:
    with store.transaction() as cursor:
        cursor.execute("DROP TABLE IF EXISTS card_readings")
    readings = CardReadings(store)
    readings.note("lead", "supervisor", "r1", "2026Q1", "review")
    readings.close()
    assert len(readings.of()) == 1
