"""kill -9 of an opening and of a bulk step to the final grade, on either store: repeated, each review is there once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from domain.calendar import Quarter
from domain.review import Actor, review_id
from tests.bank import TestBank, all_done, done, tables
from tests.faults.rounds import LONGEST, PROGRAM, READ_MODEL, ROOT, Told, ended

RMS = 40
LEAD, BOSS = Actor("lead"), Actor("boss")


class OverBank:
    """A bank whose last quarter, by the machine's clock, is to be reviewed, and processes that work on it."""

    def __init__(self, folder: Path, store: str | None) -> None:
        self.folder, self.store = folder, store
        self.story = TestBank(folder / "data", store=store)
        self.story.clock.now = datetime.now(UTC)
        self.bank = self.story.founded().bank
        self.quarter = Quarter.of(self.bank.today).previous
        self.cutoff = self.bank.today + timedelta(days=1)
        more = [f"m{number:03}" for number in range(RMS - 3)]
        all_done(self.bank.register_rms([self.story.rm_line(rm) for rm in more], "lead"))
        self.rms = ["r1", "r2", "r3", *more]

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """`appraise` in small steps."""
        environment = {"PYTHONPATH": str(ROOT), "APPRAISE_DATA_DIR": str(self.story.folder), "PATH": os.environ["PATH"]}
        environment |= {"APPRAISE_STORE": self.store} if self.store else {}
        return subprocess.Popen(
            [sys.executable, str(PROGRAM), *words], cwd=self.folder, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def killed(self, topic: str, at_least: int, *words: str) -> int:
        """How many events of a topic stand, after a process was killed once it had stored so many."""
        process = self.start(*words)
        while process.poll() is None and len(self.rows(topic)) < at_least:
            Event().wait(0.003)
        process.kill()
        process.communicate(timeout=LONGEST)
        return len(self.rows(topic))

    def ends(self, *words: str) -> Told:
        """What a process says that comes to its end."""
        return ended(self.start(*words))

    def rows(self, topic: str) -> list[str]:
        """The streams of the events of a topic, in their order."""
        with self.bank.log.reading() as cursor:
            return [str(row.originator_id) for row in self.bank.log.select_topics(cursor, [topic], 0)]

    def come_to_the_answer(self) -> None:
        """Every review opened, rated, submitted, approved and acknowledged."""
        with self.story.following() as model:
            served = model.unopened(self.quarter)
            at = self.bank.register.position
            all_done(self.bank.open_quarter(self.quarter, self.cutoff, at, served, "hr").reviews)
        for rm in self.rms:
            done(self.bank.rate_review(rm, self.quarter, {"service": "90"}, "a good quarter", LEAD))
        with self.story.following() as model:
            results = model.review_results(self.quarter)
        all_done(self.bank.submit_reviews(self.quarter, results, LEAD))
        all_done(self.bank.approve_reviews(self.quarter, results, BOSS))
        for rm in self.rms:
            done(self.bank.acknowledge_review(rm, self.quarter, Actor(rm)))

    def check_read_model(self) -> None:
        """The read model that the killed process left, followed to the end, is what a rebuild gives."""
        with self.story.following(READ_MODEL) as model, self.story.following() as rebuilt:
            assert tables(model) == tables(rebuilt)


@pytest.fixture
def over(tmp_path: Path, store: str | None) -> Iterator[OverBank]:
    bank = OverBank(tmp_path, store)
    yield bank
    bank.story.close()


def test_an_opening_that_is_killed_goes_on_and_opens_nothing_twice(over: OverBank) -> None:
    words = ("review", "open", str(over.quarter), "--cutoff", str(over.cutoff))
    for least in (1, RMS // 2):
        opened = over.killed("ReviewOpened", least, *words)
        assert least <= opened < RMS
        assert len(set(over.rows("ReviewOpened"))) == opened
    told = over.ends(*words)
    assert (told.code, told.out) == (0, f"opened {RMS - opened}, in all {RMS} of {RMS} who served\n"), told
    wanted = sorted(review_id(rm, over.quarter) for rm in over.rms)
    assert sorted(over.rows("ReviewOpened")) == wanted
    assert over.rows("QuarterOpened") == [f"quarter:{over.quarter}"]
    facts = {over.bank.read_review(rm, over.quarter).facts_at for rm in over.rms}  # type: ignore[union-attr]
    assert facts == {over.bank.register.quarters[over.quarter].facts_at}
    again = over.ends(*words)
    assert (again.code, again.out) == (0, f"opened 0, in all {RMS} of {RMS} who served\n"), again
    assert sorted(over.rows("ReviewOpened")) == wanted
    over.check_read_model()


def test_final_grades_that_are_killed_on_the_way_are_made_once_each(over: OverBank) -> None:
    over.come_to_the_answer()
    words = ("review", "finalise", str(over.quarter))
    for least in (1, RMS // 2):
        final = over.killed("GradeFinalised", least, *words)
        assert least <= final < RMS
    told = over.ends(*words)
    assert (told.code, told.out) == (0, f"final {RMS - final}, left 0\n"), told
    assert sorted(over.rows("GradeFinalised")) == sorted(review_id(rm, over.quarter) for rm in over.rms)
    reviews = over.bank.read_reviews([review_id(rm, over.quarter) for rm in over.rms]).values()
    assert {review.step for review in reviews} == {"final"}
    assert all(review.final and review.approved and review.final.digest == review.approved.digest for review in reviews)
    assert over.ends(*words).out == "final 0, left 0\n"
    over.check_read_model()
