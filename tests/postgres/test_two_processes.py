"""Two API processes on one PostgreSQL, each with a read model of its own: one bank, whichever is asked."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from api.settings import COOKIE
from tests.api.house import House, house
from tests.bank import TestBank, done
from tests.postgres.server import Server

SERVE = "import sys; from api.cli import main; sys.exit(main(['serve', '--api-only', '--port', '0']))"
Two = tuple[House, list[str]]


@contextmanager
def served(data_dir: Path, store: str) -> Iterator[str]:
    """The address of a server in a process and a data dir of its own."""
    environment = os.environ | {"APPRAISE_DATA_DIR": str(data_dir), "APPRAISE_STORE": store}
    with subprocess.Popen([sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            found = re.search(r"http://[0-9.:]+", server.stdout.readline())
            assert found
            yield found[0]
        finally:
            server.kill()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Two]:
    """The house that founded the bank, and the addresses of two servers."""
    store = postgres.new_store()
    folders = [tmp_path_factory.mktemp(name) for name in ("founder", "one", "other")]
    with house(folders[0], store) as founder, ExitStack() as stack, ThreadPoolExecutor() as threads:
        serving = threads.map(lambda folder: stack.enter_context(served(folder, store)), folders[1:])
        yield founder, list(serving)


def ask(two: Two, place: int, path: str, role: str = "admin", **question: object) -> httpx.Response:
    """What one of the two answers, once it has come to the position that is asked for."""
    founder, addresses = two
    headers = {"Authorization": f"Bearer {founder.tokens[role]}"}
    while True:
        answer = httpx.get(f"{addresses[place]}/v1/{path}", params=question, headers=headers)  # type: ignore[arg-type]
        if answer.status_code != 503:
            return answer


def record(two: Two, place: int, reference: str) -> int:
    """Record an action through one of the two; its position."""
    founder, addresses = two
    headers = {"Authorization": f"Bearer {founder.tokens['system']}"}
    line = {"source": "crm", "external_ref": reference, "rm": "r1", "kind": "visit", "occurred_on": str(founder.today)}
    told = httpx.post(f"{addresses[place]}/v1/actions", json=line, headers=headers)
    assert told.status_code in (200, 201), told.text
    return int(told.json()["position"])


def test_a_write_through_one_is_read_through_the_other_at_its_position(two: Two) -> None:
    for n in range(6):
        position = record(two, n % 2, f"W{n}")
        read = ask(two, 1 - n % 2, f"actions/crm:W{n}", min_position=position)
        assert (read.status_code, read.json()["state"]) == (200, "recorded")


def test_both_give_the_same_answers_at_the_same_position(two: Two) -> None:
    positions = [record(two, n % 2, f"S{n}") for n in range(3)]
    quarter = two[0].quarter
    for path in (f"grades/{quarter}", f"leaderboards/{quarter}", f"rms/r1/scorecards/{quarter}", "actions"):
        for at in positions:
            one, other = (ask(two, place, path, as_of=at, min_position=positions[-1]) for place in range(2))
            assert (one.status_code, other.status_code) == (200, 200)
            assert one.json() == other.json()


def test_who_signs_in_at_one_is_known_to_the_other_until_they_sign_out(two: Two) -> None:
    founder, addresses = two
    secret = founder.session()
    for address in addresses:
        me = httpx.get(f"{address}/v1/me", cookies={COOKIE: secret})
        assert me.json()["rm"] == "r1"
    founder.office.identity.sign_out(secret)
    assert {httpx.get(f"{address}/v1/me", cookies={COOKIE: secret}).status_code for address in addresses} == {401}


def test_an_action_of_two_at_once_is_recorded_once(two: Two) -> None:
    for n in range(5):
        with ThreadPoolExecutor() as threads:
            positions = list(threads.map(partial(record, two, reference=f"T{n}"), range(2)))
        assert positions[0] == positions[1]


def test_a_follower_is_woken_by_what_another_process_writes(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = TestBank(tmp_path, store=postgres.new_store()).founded()
    other = story.beside()
    with story.following() as model:
        monkeypatch.setattr("projections.follower.POLL_SECONDS", 3600)
        model.follower.start()
        for n in range(3):
            position = done(other.record_actions([story.line(f"a{n}")], "crm")[0]).position
            deadline = monotonic() + 60
            while model.follower.position < position and monotonic() < deadline:
                sleep(0.01)
            assert model.follower.position >= position
    other.close()
    story.close()
