"""`appraise serve` and the commands beside it: one owner of the data dir, everybody else asks it."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.api.cli.conftest import Appraise

COMMAND = [sys.executable, "-c", "from api.cli import run; run()"]
ROOT = Path(__file__).parents[3]
HEADER = "source,external_ref,rm,kind,occurred_on,quantity,amount"


@contextmanager
def served(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A server of a bank's API on a free port, and stopped in the end."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--api-only", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
        env={"PYTHONPATH": str(ROOT), "APPRAISE_DATA_DIR": str(folder / "data"), "PATH": ""},
    )  # fmt: skip
    with process:
        yield process
        process.kill()


@pytest.fixture
def serving(bank_of_two: Appraise, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server of the bank of two."""
    with served(tmp_path) as process:
        yield process


def address_in(process: subprocess.Popen[str]) -> str:
    """Where the server says that it is: the line comes once it answers."""
    assert process.stdout is not None
    told = process.stdout.readline()
    found = re.fullmatch(r"The API is at (http://[\d.:]+)/v1, what it offers at \1/docs[.] Ctrl-C stops[.]\n", told)
    assert found, told
    return found[1]


def test_commands_beside_a_server_read_through_it_and_see_what_an_import_beside_it_wrote(
    serving: subprocess.Popen[str], bank_of_two: Appraise, tmp_path: Path
) -> None:
    address = address_in(serving)
    assert json.loads((tmp_path / "data" / "owner.json").read_text())["address"] == address
    assert [grade["rm"] for grade in json.loads(bank_of_two("grade", "2026Q3", "--format", "json").out)] == ["R1", "R2"]
    (tmp_path / "rms.csv").write_text("rm,name,position,org,joined_on,supervisor\nR3,赵敏,personal,O1,2026-01-05,\n")
    assert bank_of_two("import", "rms", "rms.csv").code == 0
    assert "赵敏" in bank_of_two("grade", "2026Q3").out
    assert bank_of_two("rebuild").code == 0
    assert httpx.get(f"{address}/health/ready").json()["lag"] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_stop_ends_cleanly(
    number: signal.Signals, serving: subprocess.Popen[str], tmp_path: Path
) -> None:
    address_in(serving)
    serving.send_signal(number)
    _, told = serving.communicate(timeout=30)
    assert (serving.returncode, told) == (0, "Stopped.\n")
    assert not (tmp_path / "data" / "owner.json").exists()


def test_who_asks_while_a_server_stops_gets_an_answer_or_one_clear_line(
    serving: subprocess.Popen[str], bank_of_two: Appraise
) -> None:
    address_in(serving)
    serving.send_signal(signal.SIGTERM)
    stopping = True
    while stopping:
        stopping = serving.poll() is None
        typed = bank_of_two("grade", "2026Q3")
        assert "R1" in typed.out if typed.code == 0 else typed.err.count("\n") == 1, typed
        assert "Something unforeseen" not in typed.err
    assert typed.code == 0, "nobody owns the data dir any longer"


@pytest.mark.parametrize("words", [("serve",), ("demo",)])
def test_a_second_server_on_a_bank_that_is_served_is_refused_at_once_with_the_address(
    words: tuple[str, ...], serving: subprocess.Popen[str], bank_of_two: Appraise, tmp_path: Path
) -> None:
    address = address_in(serving)
    for port in ("0", address.rpartition(":")[2]):
        typed = bank_of_two(*words, "--port", port)
        assert (typed.code, typed.out) == (1, "")
        says = f"Process {serving.pid} at {address} serves {tmp_path / 'data'} already"
        assert typed.err == f"{says}: open that address, or stop it first\n"


def test_a_server_that_is_stopping_is_waited_for_and_said_so_at_once(
    serving: subprocess.Popen[str], tmp_path: Path
) -> None:
    address, owner = address_in(serving), tmp_path / "data" / "owner.json"
    port = int(address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as unfinished:  # a request that the server waits for
        unfinished.sendall(b"POST /v1/actions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        serving.send_signal(signal.SIGTERM)
        while not json.loads(owner.read_text())["stopping"]:
            assert serving.poll() is None
        serving.send_signal(signal.SIGSTOP)
        with served(tmp_path) as second:
            assert second.stderr is not None
            says = f"Process {serving.pid} at {address} (stopping) uses {tmp_path / 'data'}"
            assert second.stderr.readline() == f"{says}; waiting up to 30 seconds for it.\n"
            serving.send_signal(signal.SIGCONT)
            assert httpx.get(f"{address_in(second)}/health/live").status_code == 200
            assert serving.wait(30) == 0


def test_a_port_that_is_taken_is_told_in_one_line(
    serving: subprocess.Popen[str], bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = address_in(serving).rpartition(":")[2]
    monkeypatch.setenv("APPRAISE_DATA_DIR", str(tmp_path / "other"))
    typed = bank_of_two("serve", "--port", port)
    assert (typed.code, typed.out) == (1, "")
    assert typed.err == f"Port {port} of 127.0.0.1 can't be used (Address already in use): choose another with --port\n"


def test_a_demo_that_could_not_be_served_is_not_built(
    serving: subprocess.Popen[str], appraise: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = address_in(serving).rpartition(":")[2]
    monkeypatch.setenv("APPRAISE_DATA_DIR", str(tmp_path / "demo"))
    typed = appraise("demo", "--port", port)
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert typed.err.startswith(f"Port {port} of 127.0.0.1 can't be used")
    assert "make run PORT=" in typed.err
    assert not (tmp_path / "demo").exists()


def test_make_run_hands_its_port_on() -> None:
    plan = subprocess.run(
        ["make", "-n", "-o", ".venv/.made-from-lock", "run", "PORT=8001"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert any(line.endswith("/appraise demo --port 8001") for line in plan.stdout.splitlines())
