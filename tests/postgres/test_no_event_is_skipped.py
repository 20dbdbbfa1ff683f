"""Whoever follows the log while several write sees every event once, in one order, however they write."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from domain.bank import Bank
from domain.log import FIELD, LINE, Text
from tests.bank import TestBank, done, outcomes
from tests.tables import ready

CHUNKS, SIZE = 12, 300
LAST = CHUNKS * SIZE


@pytest.fixture
def story(tmp_path: Path, store: str | None) -> TestBank:
    return TestBank(tmp_path, store=store).founded()


def one_by_one(story: TestBank, bank: Bank, source: str) -> None:
    for n in range(5 * CHUNKS):
        done(bank.record_actions([story.line(f"n{n}", source=source)], "crm")[0])


def many_at_once(story: TestBank, bank: Bank, source: str) -> None:
    for n in range(0, LAST, SIZE):
        lines = [story.line(f"n{m:05}", source=source) for m in range(n, n + SIZE)]
        assert set(outcomes(bank.record_actions(lines, "crm"))) == {"accepted"}


def ready_rows(story: TestBank, bank: Bank, source: str) -> None:
    state = story.bank.log.select_streams(["action:crm:first"])["action:crm:first"][0].state
    for n in range(0, LAST, SIZE):
        rows = [(f"action:{source}:n{m:05}", state) for m in range(n, n + SIZE)]
        told = bank.log.insert_states("ActionRecorded", ready(bank.log, rows), [], bank.register.position)
        assert told == (SIZE, {})


def in_vain(story: TestBank, bank: Bank, source: str) -> None:
    """A writer whose transactions are taken back once they have written."""
    text = Text("rm:r1", 1, "name", "", "")  # stands already
    for n in range(CHUNKS):
        event = StoredEvent(f"action:{source}:n{n}", 1, "ActionRecorded", b"{}")
        with pytest.raises(IntegrityError):
            bank.log.insert_events([event], texts=[text])


def test_a_follower_sees_each_event_once_while_several_write(story: TestBank) -> None:
    done(story.record("first"))
    followed: list[str] = []
    writing = [
        _started(story, write, f"{write.__name__}-{n}")
        for n in range(2)
        for write in (one_by_one, many_at_once, ready_rows, in_vain)
    ]
    reader = story.beside()
    with story.following() as model:
        model.follower.start()
        while any(thread.is_alive() for thread in writing) or _grown(reader, followed):
            _grown(reader, followed)
        assert model.wait_for(story.last_position, 60)
        total = model.actions().total
    whole = LINE.join(story.bank.log.select_blocks(0, 1_000_000)).split(LINE)
    assert followed == whole
    recorded = [line.split(FIELD)[1] for line in whole if line.startswith("action:", line.index(FIELD) + 1)]
    assert total == len(recorded) == len(set(recorded)) == 1 + 2 * (5 * CHUNKS + 2 * LAST)
    reader.close()
    story.close()


def _started(story: TestBank, write: Callable[[TestBank, Bank, str], None], source: str) -> Thread:
    def work() -> None:
        bank = story.beside(patience=60)
        write(story, bank, source.replace("_", "-"))
        bank.close()

    thread = Thread(target=work)
    thread.start()
    return thread


def _grown(reader: Bank, followed: list[str]) -> bool:
    """Read on from the last position that was seen."""
    after = int(followed[-1].split(FIELD)[0]) if followed else 0
    blocks = reader.log.select_blocks(after, 700)
    followed += LINE.join(blocks).split(LINE) if blocks else []
    return bool(blocks)
