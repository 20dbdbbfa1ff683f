"""A follower that is killed at any moment leaves a read model from which the next one follows on; nothing is lost."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from tests.bank import HOMES, TestBank, tables

PROGRAM = Path(__file__).with_name("follower.py")
FILE = "read-model.duckdb"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[TestBank]:
    """A bank with a few hundred events: two dozen steps of the process that follows it."""
    story = TestBank(tmp_path).founded()
    kinds = ["visit", "deposit", "card", "call", "breach", "balance"]
    lines = [
        story.line(f"n{n}", kinds[n % 6], rm=sorted(HOMES)[n % 3], amount="10", occurred_on=f"2026-0{n % 3 + 1}-07")
        for n in range(300)
    ]
    story.bank.record_actions(lines, "crm")
    story.bank.decide_actions([f"action:crm:n{n}" for n in range(300)], "verify", "boss")
    story.bank.void_action("action:crm:n6", "by mistake", "boss")
    yield story
    story.close()


def started(story: TestBank) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(story.folder), str(story.folder / FILE)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_follower_killed_again_and_again_ends_with_what_a_rebuild_gives(story: TestBank) -> None:
    """Killed a moment after its start or a step: the moments are drawn, and the end is waited for."""
    moments = random.Random(20260320)
    reached = 0
    for n in range(4):
        process = started(story)
        assert said(process) == "ready None"
        for _ in range(moments.randint(0, 2)):
            reached = int(said(process))
        kill = Timer(moments.uniform(0, 0.3), process.kill)
        kill.start()
        assert process.wait() == -9, f"the {n + 1}th follower ended by itself"
    with story.following(FILE) as model, story.following() as rebuilt:
        assert model.follower.told is None
        assert reached > 0
        assert tables(model) == tables(rebuilt)


def test_a_follower_killed_while_it_makes_its_file_is_followed_by_one_that_makes_it_again(story: TestBank) -> None:
    process = started(story)
    while not (story.folder / FILE).exists():
        assert process.poll() is None
    process.kill()
    process.wait()
    with story.following(FILE) as model, story.following() as rebuilt:
        assert tables(model) == tables(rebuilt)
