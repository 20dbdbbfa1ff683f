"""PostgreSQL goes away and comes back: what was acknowledged stands once, one clear line tells, nobody is restarted."""

import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.bank import open_bank
from domain.log import Unreachable
from tests.bank import TestBank, done
from tests.postgres.server import Server
from tests.postgres.wire import Wire

APPRAISE = "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))"
LINES = 60_000


def test_a_bank_takes_up_its_work_again_once_postgresql_has_come_back(story: TestBank, mortal: Server) -> None:
    hasty = story.beside(patience=1)
    hasty.record_actions([story.line("a")], "crm")
    mortal.stop()
    try:
        with pytest.raises(Unreachable, match="PostgreSQL does not answer"):
            hasty.record_actions([story.line("b")], "crm")
    finally:
        mortal.start()
    assert done(hasty.record_actions([story.line("b")], "crm")[0]).outcome == "accepted"
    assert [len(story.events(f"action:crm:{ref}")) for ref in "ab"] == [1, 1]
    hasty.close()


def test_a_follower_goes_on_once_postgresql_has_come_back(
    story: TestBank, mortal: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("projections.follower.PAUSE_SECONDS", 0.1)
    monkeypatch.setattr("domain.postgres_connections.PAUSE_SECONDS", 0.1)
    with story.following() as model:
        model.follower.start()
        mortal.stop()
        mortal.start()
        assert model.wait_for(done(story.record("a")).position, 60)
        assert model.actions().total == 1
    assert "Traceback" not in caplog.text


def test_a_commit_whose_answer_was_lost_is_found_again(story: TestBank, tmp_path: Path) -> None:
    assert story.store
    with Wire(story.store) as wire:
        bank = open_bank(tmp_path, clock=story.clock, store=wire.url)
        done(bank.record_actions([story.line("a")], "crm")[0])
        wire.cut_after = [b"NOTIFY", b"COMMIT"]
        with pytest.raises(Unreachable, match="what was written stands"):
            bank.record_actions([story.line("b")], "crm")
        assert len(story.events("action:crm:b")) == 1
        assert done(bank.record_actions([story.line("b")], "crm")[0]).outcome == "duplicate"
        bank.close()
    assert len(story.events("action:crm:b")) == 1


def test_what_was_cut_off_before_its_commit_left_nothing(story: TestBank, tmp_path: Path) -> None:
    assert story.store
    with Wire(story.store) as wire:
        bank = open_bank(tmp_path, clock=story.clock, store=wire.url)
        wire.cut_after = [b"NOTIFY"]
        with pytest.raises(Unreachable):
            bank.record_actions([story.line("b")], "crm")
        assert story.events("action:crm:b") == []
        assert done(bank.record_actions([story.line("b")], "crm")[0]).outcome == "accepted"
        bank.close()


def stored(bank: TestBank) -> int:
    with bank.bank.log.reading() as cursor:
        cursor.execute("SELECT count(*) FROM stored_events WHERE topic = ?", ("ActionRecorded",))
        return int(cursor.fetchone()[0])


def test_an_import_that_postgresql_left_in_the_middle_is_told_so_and_repeated(story: TestBank, mortal: Server) -> None:
    story.clock.now = datetime.now(UTC)
    file = story.folder / "actions.csv"
    lines = (f"crm,n{n:05},r1,visit,2026-02-02,1,," for n in range(LINES))
    file.write_text("\n".join(["source,external_ref,rm,kind,occurred_on,quantity,amount,note", *lines]))
    command = [sys.executable, "-c", APPRAISE, "import", "actions", str(file)]
    settings = {"APPRAISE_DATA_DIR": str(story.folder), "APPRAISE_STORE": str(story.store)}
    how = {"env": os.environ | settings, "stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **how) as importing:  # type: ignore[call-overload]
        while stored(story) < LINES / 10:
            assert importing.poll() is None
        with suppress(Unreachable), story.bank.transaction():  # the import waits now, wherever it is
            mortal.stop()
        said = importing.communicate()[1]
        mortal.start()
    halfway = stored(story)
    assert LINES / 10 <= halfway < LINES
    assert importing.returncode != 0
    assert [line for line in said.splitlines() if "PostgreSQL does not answer" in line] == said.splitlines()[-1:]
    assert "Traceback" not in said
    again = subprocess.run(command, **how, check=True)  # type: ignore[call-overload]
    assert f"accepted {LINES - halfway}, duplicates {halfway}, rejected 0" in again.stdout
    assert stored(story) == LINES
    with story.following() as model:
        assert model.actions().total == LINES
