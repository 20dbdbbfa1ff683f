"""One process owns a data dir: the others wait, ask it, or take over from a dead one."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from api.owner import Owned, Owner, find_server, note_stopping, owning, owning_or_found
from api.settings import WrongSetting

OWNER = """
import sys
from pathlib import Path
from api.owner import owning
with owning(Path(sys.argv[1]), sys.argv[2] or None):
    print("owns", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process(data_dir: Path, address: str = "") -> Iterator[subprocess.Popen[str]]:
    """A process that owns the data dir until it reads a line."""
    command = [sys.executable, "-c", OWNER, str(data_dir), address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "owns\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_owners_file_is_the_owners_alone_and_goes_with_it(tmp_path: Path) -> None:
    with owning(tmp_path, "http://127.0.0.1:8000") as owner:
        file = tmp_path / "owner.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert json.loads(file.read_text()) == {
            "pid": os.getpid(), "token": owner.token, "address": "http://127.0.0.1:8000", "stopping": False,
            "restores": None,
        }  # fmt: skip
        assert len(owner.token) >= 32
    assert not file.exists()


def test_what_an_owner_makes_is_for_its_owner_alone_in_an_open_folder_too(tmp_path: Path) -> None:
    former = os.umask(0o022)
    try:
        with owning(tmp_path):
            (tmp_path / "read-model").touch()
        (tmp_path / "later").touch()
    finally:
        os.umask(former)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("read-model", "later")] == [0o600, 0o644]


def test_a_draft_that_a_full_disk_or_a_kill_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "owner.json.part").write_text('{"pid"')
    with owning(tmp_path):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["owner.json", "owner.lock"]


def test_each_run_has_a_token_of_its_own(tmp_path: Path) -> None:
    tokens = set()
    for _ in range(2):
        with owning(tmp_path) as owner:
            tokens.add(owner.token)
    assert len(tokens) == 2


def test_a_server_is_found_by_its_file(tmp_path: Path) -> None:
    with another_process(tmp_path, "http://127.0.0.1:8000") as server:
        found = find_server(tmp_path)
        assert found is not None
        assert (found.pid, found.address) == (server.pid, "http://127.0.0.1:8000")


def test_a_server_that_is_about_to_stop_is_waited_for_and_not_asked(tmp_path: Path) -> None:
    with another_process(tmp_path, "http://127.0.0.1:8000") as server:
        owner = find_server(tmp_path)
        assert owner is not None
        note_stopping(tmp_path, owner)
        assert find_server(tmp_path) is None
        with pytest.raises(Owned, match=f"Process {server.pid} at http://127.0.0.1:8000 \\(stopping\\) uses"):
            owning_or_found(tmp_path, seconds=0.1).__enter__()


def test_a_server_that_does_not_answer_is_waited_for(tmp_path: Path) -> None:
    said: list[str] = []
    with another_process(tmp_path, "http://127.0.0.1:9") as silent, pytest.raises(Owned, match="stop it, or ask it"):
        owning(tmp_path, "http://127.0.0.1:8000", said.append, seconds=0.1).__enter__()
    assert said == [f"Process {silent.pid} at http://127.0.0.1:9 uses {tmp_path}; waiting up to 0 seconds for it."]


def test_a_command_that_owns_for_a_moment_is_no_server(tmp_path: Path) -> None:
    with another_process(tmp_path):
        assert find_server(tmp_path) is None


def test_who_comes_second_waits_says_so_and_gives_up_with_one_line(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        another_process(tmp_path) as first,
        pytest.raises(Owned) as given_up,
        owning(tmp_path, say=said.append, seconds=1.3),
    ):
        pass
    assert len(said) == 1
    assert f"Process {first.pid}" in said[0]
    assert f"Process {first.pid}" in str(given_up.value)


def test_who_waits_gets_on_once_the_first_is_done(tmp_path: Path) -> None:
    with another_process(tmp_path) as first:

        def let_go(_message: str) -> None:
            assert first.stdin
            first.stdin.write("\n")
            first.stdin.flush()

        with owning(tmp_path, say=let_go) as owner:
            assert owner.pid == os.getpid()


def test_what_a_killed_process_left_behind_is_taken_over(tmp_path: Path) -> None:
    with another_process(tmp_path, "http://127.0.0.1:8000") as killed:
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
    assert json.loads((tmp_path / "owner.json").read_text())["pid"] == killed.pid
    assert find_server(tmp_path) is None
    said: list[str] = []
    with owning(tmp_path, say=said.append) as owner:
        assert json.loads((tmp_path / "owner.json").read_text())["pid"] == owner.pid == os.getpid()
    assert said == [
        f"Process {killed.pid} was ended before it could close; all that it acknowledged stands in the log."
    ]


@pytest.mark.parametrize("left", ["", "{", "[]", '{"pid": 1}'])
def test_a_damaged_file_stops_nobody(tmp_path: Path, left: str) -> None:
    (tmp_path / "owner.json").write_text(left)
    assert find_server(tmp_path) is None
    with owning(tmp_path) as owner:
        assert owner.pid == os.getpid()


def test_who_only_asks_takes_the_server_that_is_there(tmp_path: Path) -> None:
    with another_process(tmp_path, "http://127.0.0.1:8000") as server, owning_or_found(tmp_path) as (owner, ours):
        assert (owner.pid, ours) == (server.pid, False)


def test_who_only_asks_becomes_owner_where_nobody_is(tmp_path: Path) -> None:
    with owning_or_found(tmp_path) as (owner, ours):
        assert (owner.pid, owner.address, ours) == (os.getpid(), None, True)
        assert isinstance(owner, Owner)


def test_what_a_killed_verification_left_goes_with_the_next_owner_and_nothing_else_does(tmp_path: Path) -> None:
    (tmp_path / "bank").mkdir()
    left = Path(mkdtemp(prefix="verify-", dir=tmp_path / "bank"))
    (left / "fresh.duckdb").write_text("half")
    (tmp_path / "bank/verify-me").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "bank/verify-abcdefgh").symlink_to(tmp_path / "mine")
    with owning(tmp_path / "bank"):
        kept = {path.name for path in (tmp_path / "bank").iterdir()}
    assert kept == {"owner.lock", "owner.json", "verify-me", "verify-abcdefgh"}
    assert (tmp_path / "mine").is_dir()


def test_a_file_is_no_data_dir_and_neither_is_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for folder, told in (
        (tmp_path / "file", "is a file: name a folder"),
        (tmp_path / "d\udcff", "is no text in UTF-8"),
    ):
        with pytest.raises(WrongSetting, match=told), owning(folder):
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
