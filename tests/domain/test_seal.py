"""Seals: every event up to a position is proven by a chain of digests, and the first one that differs is named."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread
from time import monotonic

import pytest

from domain.events import LogSealed
from domain.log import BLOCK
from domain.proof import Difference, check_seals
from domain.seal import Manifest, SealingBeside, seal
from tests.bank import TestBank, done
from tests.tampering import recorded, tampered

EVENTS = 2_600


def seals(story: TestBank) -> list[LogSealed]:
    return [event for event in story.events("seal") if isinstance(event, LogSealed)]


def check(story: TestBank, manifest: Manifest | None = None) -> Manifest | Difference:
    return check_seals(story.bank.log, story.last_position, manifest)


def test_a_seal_covers_each_block_and_the_last_short_one(story: TestBank) -> None:
    recorded(story, 0, EVENTS)
    last = story.last_position
    assert seal(story.bank) == 3
    assert [(made.first, made.last, made.count) for made in seals(story)] == [
        (1, BLOCK, BLOCK), (BLOCK + 1, 2 * BLOCK, BLOCK), (2 * BLOCK + 1, last, last - 2 * BLOCK),
    ]  # fmt: skip
    assert check(story) == Manifest(last, seals(story)[-1].chained)


def test_the_next_seal_goes_on_where_the_last_one_ended_and_covers_it(story: TestBank) -> None:
    seal(story.bank)
    end = story.last_position
    done(story.record("a"))
    assert seal(story.bank) == 1
    assert [(made.first, made.last) for made in seals(story)] == [(1, end - 1), (end, end + 1)]


def test_an_import_seals_whole_blocks_on_its_way_and_the_last_short_one_at_its_end(story: TestBank) -> None:
    with SealingBeside(story.bank) as sealing:
        recorded(story, 0, EVENTS)
        deadline = monotonic() + 60
        while not seals(story) and monotonic() < deadline:
            sealing.go_on()
        assert [(made.first, made.last) for made in seals(story)] == [(1, BLOCK), (BLOCK + 1, 2 * BLOCK)]
        sealing.end()
    assert check(story).position == seals(story)[-1].last == story.last_position - 1


def test_what_another_sealer_wrote_meanwhile_stands(story: TestBank) -> None:
    recorded(story, 0, EVENTS)
    with SealingBeside(story.bank) as sealing:
        sealing.go_on()
        assert seal(story.bank) == 3
        sealing.end()
    assert len(seals(story)) == 3
    assert isinstance(check(story), Manifest)


def test_a_bank_in_which_nothing_happens_is_not_sealed_again(story: TestBank) -> None:
    assert [seal(story.bank) for _ in range(3)] == [1, 0, 0]


def test_an_empty_log_is_not_sealed(tmp_path: Path, store: str | None) -> None:
    with closing(TestBank(tmp_path, store=store)) as story:
        assert seal(story.bank) == 0
        assert check(story) == Manifest()


def test_a_log_that_is_sealed_in_small_steps_checks_like_any_other(story: TestBank) -> None:
    for step in range(0, 1_200, 150):
        recorded(story, step, 150)
        seal(story.bank)
    assert isinstance(check(story), Manifest)
    assert max(made.last for made in seals(story)) == story.last_position - 1


def test_a_damaged_last_seal_is_not_sealed_upon(story: TestBank, caplog: pytest.LogCaptureFixture) -> None:
    seal(story.bank)
    tampered(story, "UPDATE stored_events SET state = '{}' WHERE originator_id = 'seal'")
    done(story.record("a"))
    assert seal(story.bank) == 0
    assert "last seal is damaged" in caplog.text


def test_of_several_sealers_at_once_none_forks_the_chain(story: TestBank) -> None:
    recorded(story, 0, 1_500)
    banks = [story.beside() for _ in range(3)]
    barrier = Barrier(len(banks))
    added: list[int] = []

    def work(place: int) -> None:
        barrier.wait()
        added.append(seal(banks[place]))

    threads = [Thread(target=work, args=(place,)) for place in range(len(banks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for bank in banks:
        bank.close()
    assert sum(added) == len(seals(story))
    assert [made.originator_version for made in seals(story)] == list(range(1, len(seals(story)) + 1))
    assert isinstance(check(story), Manifest)


SEALER = """
import sys
from pathlib import Path
from domain.bank import open_bank
from domain.seal import seal
bank = open_bank(Path(sys.argv[1]), store=sys.argv[3] or None)
print("ready", flush=True)
sys.stdin.readline()
lines = [{"source": "crm", "rm": "r1", "kind": "deposit", "occurred_on": "2026-02-02", "amount": "1",
          "external_ref": f"{sys.argv[2]}{n}"} for n in range(80)]
added = 0
for at in range(0, 80, 20):
    bank.record_actions(lines[at:at + 20], "crm")
    added += seal(bank)
print(added)
"""


def _process(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_two_processes_that_record_and_seal_at_once_make_one_chain(story: TestBank) -> None:
    command = [sys.executable, "-c", SEALER, str(story.folder)]
    sealers = [_process(*command, name, story.store or "") for name in "ab"]
    for process in sealers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in sealers:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    added = [int(process.communicate()[0]) for process in sealers]
    assert sum(added) == len(seals(story)) > 1
    assert isinstance(check(story), Manifest)
