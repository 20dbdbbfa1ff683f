"""A store that takes no writing: one clear line, nothing half stored, and on it goes once it can."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.rounds import Faulty, ended, none_is_doubled

MORE = 300_000


def room(bank: Faulty) -> int:
    """A little more than the largest file of the bank has now."""
    return max(path.stat().st_size for path in bank.data.iterdir()) + MORE


def test_an_import_that_fills_the_disk_says_so_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    bank = Faulty(tmp_path)
    file = bank.file(0, 6_000)
    full = ended(bank.start("import", "actions", file.name, limit=room(bank)))
    stored = bank.stored()
    assert full.code == 1
    assert [line for line in full.err.splitlines() if "disk" in line] == full.err.splitlines()[-1:], full
    assert full.tally == (len(stored), 0, 0)
    assert 0 < len(stored) < 6_000
    assert not list(tmp_path.glob("*.part"))
    told = bank.import_(file)
    assert (told.code, told.tally) == (0, (6_000 - len(stored), len(stored), 0))
    assert none_is_doubled(bank.stored())
    bank.check_read_model()


def test_a_server_on_a_full_disk_refuses_writing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    bank = Faulty(tmp_path)
    with bank.serving(limit=room(bank)) as server:
        number = 0
        while server.record(f"D{number}").is_success:
            number += 1
        refused = server.record("one-more")
        assert (refused.status_code, refused.headers["content-type"]) == (507, "application/problem+json")
        assert "disk is full" in refused.json()["detail"]
        assert server.ask("GET", "/health/live").status_code == 200
        server.lift_limit()
        assert server.record("one-more").status_code == 201
        position = server.record("last").json()["position"]
        server.process.terminate()
        told = ended(server.process)
    assert "Traceback" not in told.err, told
    assert position > number
    assert set(server.acknowledged) == set(bank.stored())
    bank.check_read_model()


def test_a_store_that_another_process_holds_locked_is_told_at_both_doors(tmp_path: Path) -> None:
    bank = Faulty(tmp_path)
    with bank.serving() as server, closing(sqlite3.connect(bank.data / "bank.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = bank.import_(bank.file(0, 10))
        assert (told.code, told.err) == (1, "the store is locked by another process; try again\n")
        busy = server.record("busy")
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
        assert server.ask("GET", "/v1/units").status_code == 200
        other.execute("ROLLBACK")
        assert server.record("busy").status_code == 201
        assert bank.import_(bank.file(0, 10)).tally == (10, 0, 0)
