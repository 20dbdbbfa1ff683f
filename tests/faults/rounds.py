"""Rounds of faults: a bank at work in processes of its own, what befalls them, and what has to hold after it.

What was acknowledged (a printed tally, an answer of 2xx) stands in the log, once; and the read model that the next
process finds is what a rebuild gives. The benchmarks run the same rounds more often.
"""

import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx

from api.counted import counted
from api.identity import Identity
from tests.bank import HOMES, TestBank, tables

PROGRAM = Path(__file__).with_name("program.py")
ROOT = Path(__file__).parents[2]
READ_MODEL = "read-model.duckdb"
COLUMNS = "source,external_ref,rm,kind,occurred_on,quantity,amount"
LONGEST = 120
ENDED = "Process {} was ended before it could close; all that it acknowledged stands in the log.\n"
SERVED = 100
"""Actions of a round of a server, were it not killed."""
KINDS = ("visit", "deposit", "card", "call")


class Faulty:
    """A bank's folder, and the processes that work on it."""

    def __init__(self, folder: Path, rows: int = 3_000) -> None:
        self.folder, self.rows = folder, rows
        self.data = folder / "data"
        story = TestBank(self.data).founded()
        self.founded = story.last_position
        token = Identity(story.bank).create_token("crm", "system", None, ["crm"])
        assert isinstance(token, str)
        self.token = token
        story.close()
        self._numbers = count(1)

    # What is done

    def file(self, first: int, last: int, name: str = "actions") -> Path:
        """A file of actions, numbered so that files may overlap."""
        lines = (
            f"crm,F{n:06d},{sorted(HOMES)[n % 3]},{KINDS[n % 4]},2026-0{n % 3 + 1}-0{n % 9 + 1},1,{n % 50}"
            for n in range(first, last)
        )
        path = self.folder / f"{name}-{next(self._numbers)}.csv"
        path.write_text("\n".join((COLUMNS, *lines, "")), encoding="utf-8")
        return path

    def start(self, *words: str, limit: int | None = None) -> "subprocess.Popen[str]":
        """`appraise` in small steps, in a process of its own."""
        environment = {"PYTHONPATH": str(ROOT), "APPRAISE_DATA_DIR": str(self.data), "PATH": os.environ["PATH"]}
        environment |= {"FAULTS_LIMIT": str(limit)} if limit else {}
        return subprocess.Popen(
            [sys.executable, str(PROGRAM), *words], cwd=self.folder, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def import_(self, file: Path) -> "Told":
        """An import to its end."""
        return ended(self.start("import", "actions", file.name))

    @contextmanager
    def serving(self, limit: int | None = None) -> Iterator["Served"]:
        """A server of the API, killed in the end if it still runs."""
        process = self.start("serve", "--api-only", "--port", "0", limit=limit)
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            found = re.search(r"http://[\d.:]+", said)
            assert found, (said, process.communicate(timeout=LONGEST))
            headers = {"Authorization": f"Bearer {self.token}"}
            with httpx.Client(base_url=found[0], headers=headers, timeout=LONGEST) as http:
                yield Served(process, found[0], http)
        finally:
            process.kill()
            process.communicate(timeout=LONGEST)

    # What holds

    def stored(self) -> list[str]:
        """The references of the actions that the log holds, in their order."""
        with closing(sqlite3.connect(self.data / "bank.sqlite", timeout=30)) as store:
            found = store.execute("SELECT originator_id FROM stored_events WHERE topic = 'ActionRecorded'").fetchall()
        return [key.removeprefix("action:crm:") for (key,) in found]

    def wait_for(self, rows: int, process: "subprocess.Popen[str]") -> None:
        """Wait until so many actions are stored, as long as the process runs."""
        with closing(sqlite3.connect(self.data / "bank.sqlite", timeout=30)) as store:
            while process.poll() is None:
                (stored,) = store.execute("SELECT max(rowid) FROM stored_events").fetchone()
                if stored - self.founded >= rows:
                    return
                Event().wait(0.003)  # the processes need the cores

    def check_read_model(self) -> None:
        """The read model that the killed process left, followed to the end, is what a rebuild gives."""
        story = TestBank(self.data)
        with story.following(READ_MODEL) as model, story.following() as rebuilt:
            assert tables(model) == tables(rebuilt)
        story.close()


@dataclass(frozen=True, slots=True)
class Told:
    """How a process ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def tally(self) -> tuple[int, int, int]:
        """Accepted, duplicates, rejected, as the last line of the output says."""
        numbers = re.fullmatch(r"accepted (\d+), duplicates (\d+), rejected (\d+)", self.out.splitlines()[-1])
        assert numbers, self
        accepted, duplicates, rejected = map(int, numbers.groups())
        return accepted, duplicates, rejected


def ended(process: "subprocess.Popen[str]") -> Told:
    """What a process said, once it ended by itself."""
    out, err = process.communicate(timeout=LONGEST)
    return Told(process.returncode, out, err)


@dataclass(slots=True)
class Served:
    """A server, and what it has acknowledged."""

    process: "subprocess.Popen[str]"
    address: str
    http: httpx.Client
    acknowledged: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One request with the token."""
        return self.http.request(method, path, **how)

    def record(self, reference: str) -> httpx.Response:
        """Record a visit under a key of its own; noted where it is acknowledged."""
        line = {"source": "crm", "external_ref": reference, "rm": "r1", "kind": "visit", "occurred_on": "2026-02-02"}
        answer = self.ask("POST", "/v1/actions", json=line, headers={"Idempotency-Key": reference})
        self.statuses.add(answer.status_code)
        if answer.is_success:
            self.acknowledged.append(reference)
        return answer

    @contextmanager
    def busy(self, writers: int = 2, name: str = "H") -> Iterator[None]:
        """Writers that record one action after the other, until the block or the server ends."""
        stopping = Event()

        def write(writer: int) -> None:
            with suppress(httpx.TransportError):
                for number in count(1):
                    if stopping.is_set():
                        return
                    self.record(f"{name}{writer}-{number}")

        threads = [Thread(target=write, args=(writer,)) for writer in range(writers)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stopping.set()
            for thread in threads:
                thread.join()

    def lift_limit(self) -> None:
        """Let the server's files grow again."""
        _, most = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most, most))


def kill_imports(bank: Faulty, rounds: int, moments: random.Random) -> list[float]:
    """Kill an import of one file again and again, each time while more of its rows are stored, between 10 and 90 %; let
    the last one come to its end, and check.

    Returns which part of the rows was stored after each kill.
    """
    file, parts = bank.file(0, bank.rows), list[float]()
    for number in range(rounds):
        process = bank.start("import", "actions", file.name)
        part = 0.1 + (number + moments.random()) * 0.7 / rounds
        bank.wait_for(int(bank.rows * part), process)
        process.kill()
        ended(process)
        stored = bank.stored()
        assert none_is_doubled(stored)
        parts.append(len(stored) / bank.rows)
        bank.check_read_model()
    told = bank.import_(file)
    assert (told.code, told.tally) == (0, (bank.rows - len(stored), len(stored), 0))
    last = told.err.splitlines()[-1]
    assert last == f"{counted(len(stored), 'line')} stood already, by an earlier import or another file."
    assert sorted(bank.stored()) == [f"F{n:06d}" for n in range(bank.rows)]
    return parts


def kill_servers(bank: Faulty, rounds: int, moments: random.Random) -> list[int]:
    """Kill a server that records when it has stored between 10 and 90 of a hundred actions, check that what it
    acknowledged stands and that the next process says so in one line, and let the next server go on.

    Returns how many actions each of them had acknowledged.
    """
    acknowledged: list[int] = []
    for number in range(rounds):
        before = bank.stored()
        with bank.serving() as server, server.busy(name=f"S{number}-"):
            bank.wait_for(len(before) + moments.randint(SERVED // 10, SERVED * 9 // 10), server.process)
            server.process.kill()
        stored = bank.stored()[len(before) :]
        assert set(server.acknowledged) <= set(stored)
        assert len(stored) == len(set(stored)) <= len(server.acknowledged) + 2  # one more per writer was on its way
        acknowledged.append(len(server.acknowledged))
        told = ended(bank.start("leaderboard", "2026Q1"))
        assert (told.code, told.err) == (0, ENDED.format(server.process.pid)), told
        bank.check_read_model()
    return acknowledged


def none_is_doubled(references: Sequence[str]) -> bool:
    """Whether each reference stands once."""
    return len(references) == len(set(references))
