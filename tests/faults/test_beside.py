"""Several that work at once: each is told what became of its own, and nothing is lost or doubled."""

import json
from pathlib import Path

from tests.faults.rounds import READ_MODEL, Faulty, ended, none_is_doubled


def test_two_imports_of_overlapping_files_at_once_take_each_line_once(tmp_path: Path) -> None:
    bank = Faulty(tmp_path)
    files = bank.file(0, 1_000), bank.file(500, 1_500)
    told = [ended(process) for process in [bank.start("import", "actions", file.name) for file in files]]
    assert [each.code for each in told] == [0, 0], told
    accepted, duplicates, rejected = map(sum, zip(*(each.tally for each in told), strict=True))
    assert (accepted, duplicates, rejected) == (1_500, 500, 0)
    assert sorted(bank.stored()) == [f"F{n:06d}" for n in range(1_500)]
    bank.check_read_model()


def test_an_import_beside_a_busy_server_keeps_what_both_were_told(tmp_path: Path) -> None:
    """And the commands that ask, rebuild and verify beside it are answered, and by the server."""
    bank = Faulty(tmp_path)
    with bank.serving() as server:
        with server.busy():
            told = bank.import_(bank.file(0, 1_000))
            asked = [bank.start("grade", "2026Q1", "--format", "json") for _ in range(2)]
            others = [ended(process) for process in (*asked, bank.start("rebuild"), bank.start("verify"))]
        assert (told.code, told.tally) == (0, (1_000, 0, 0))
        assert [each.code for each in others] == [0, 0, 0, 0], others
        assert len(json.loads(others[0].out)) == len(json.loads(others[1].out)) == 3
        assert server.statuses == {201}
    stored = bank.stored()
    assert none_is_doubled(stored)
    assert set(server.acknowledged) <= set(stored)
    assert len(stored) == 1_000 + len(server.acknowledged)
    bank.check_read_model()


def test_two_commands_that_ask_at_once_without_a_server_are_both_answered(tmp_path: Path) -> None:
    bank = Faulty(tmp_path)
    bank.import_(bank.file(0, 100))
    told = [ended(process) for process in [bank.start("grade", "2026Q1", "--format", "json") for _ in range(2)]]
    assert [each.code for each in told] == [0, 0], told
    assert told[0].out == told[1].out != ""


def test_a_damaged_read_model_is_made_anew_and_said_so(tmp_path: Path) -> None:
    bank = Faulty(tmp_path)
    bank.import_(bank.file(0, 100))
    before = ended(bank.start("grade", "2026Q1", "--format", "json"))
    file = bank.data / READ_MODEL
    content = bytearray(file.read_bytes())
    for place in range(12_288, len(content), 4_096):  # the headers stay: the damage is found where a block is read
        content[place : place + 64] = b"\xa5" * 64
    file.write_bytes(content)
    after = ended(bank.start("grade", "2026Q1", "--format", "json"))
    assert (after.code, after.out) == (0, before.out)
    assert "the read model was damaged and is rebuilt from the log" in after.err
    assert after.err.count("\n") == 1
    bank.check_read_model()
