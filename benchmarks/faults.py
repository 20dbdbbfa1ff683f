"""kill -9 of an import and of a server at random moments: nothing acknowledged is lost, nothing stands twice."""

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import copytree
from threading import Thread
from urllib.parse import urlsplit

from api.identity import Identity
from api.office import READ_MODEL
from benchmarks.bank import BY, NOW, QUARTER, found_bank
from benchmarks.command import appraise, environment, typed
from benchmarks.figure import Figure
from benchmarks.lines import write_actions
from benchmarks.load import action
from benchmarks.sizes import Sizes
from domain.bank import STORE, Bank, open_bank
from domain.refusal import Refused
from projections.follower import Follower
from projections.read_model import ReadModel

ROWS = "SELECT count(*) FROM stored_events WHERE originator_id >= 'action:' AND originator_id < 'action;'"
BATCH, BATCHES = 20, 40
POLL = 0.005


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """How many of so many rounds went well, each killed while between 10 and 90 % stood."""
    founded, rms = folder / "founded", sizes.import_rms
    bank = found_bank(founded, rms)
    token = Identity(bank).create_token(BY, "system", sources=(BY,))
    bank.close()
    if isinstance(token, Refused):
        raise token
    chance, file = Random(1), folder / "actions.csv"
    write_actions(file, sizes.import_rows, rms)
    imports = servers = 0
    for number in range(sizes.kills):
        imports += _import_killed(copytree(founded, folder / f"i{number}"), file, sizes.import_rows, chance)
        servers += _server_killed(copytree(founded, folder / f"s{number}"), token, rms, chance)
    for what, well in (("an import", imports), ("a server", servers)):
        yield Figure(
            f"kill -9 of {what}: rounds in which nothing was lost or doubled", "all rounds", "rounds", well,
            sizes.kills, well / sizes.kills, 1.0,
            note="killed while between 10 and 90 % of the rows stood, at random by a fixed seed; "
            "afterwards every acknowledged action stands once, and the read model goes on to what a fresh one says",
        )  # fmt: skip


def _import_killed(data_dir: Path, file: Path, rows: int, chance: Random) -> bool:
    """Kill an import, then let another one finish it."""
    process = subprocess.Popen(
        typed("import", "actions", str(file)), env=environment(data_dir), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    target = rows * chance.uniform(0.1, 0.9)
    while process.poll() is None and _stored(data_dir) < target:
        time.sleep(POLL)
    process.kill()
    process.wait()
    stood = _stored(data_dir)
    told = appraise(data_dir, "import", "actions", str(file))
    return told == f"accepted {rows - stood}, duplicates {stood}, rejected 0" and _stored(data_dir) == rows


def _stored(data_dir: Path) -> int:
    connection = sqlite3.connect(data_dir / STORE)
    try:
        return int(connection.execute(ROWS).fetchone()[0])
    finally:
        connection.close()


def _server_killed(data_dir: Path, token: str, rms: int, chance: Random) -> bool:
    """Kill a server while it records; then everything that it acknowledged stands, and its read model can go on."""
    words = typed("serve", "--api-only", "--port", "0")
    process = subprocess.Popen(
        words, env=environment(data_dir), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    address = next(word for word in process.stdout.readline().split() if word.startswith("http"))
    acknowledged: list[str] = []
    writer = Thread(target=_record, args=(address, token, rms, acknowledged))
    writer.start()
    target = BATCH * BATCHES * chance.uniform(0.1, 0.9)
    while writer.is_alive() and len(acknowledged) < target:
        time.sleep(POLL)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    writer.join()
    bank = open_bank(data_dir, clock=lambda: NOW)
    stands = bank.log.select_streams(acknowledged)
    well = len(acknowledged) >= target and all(len(stands.get(key, ())) == 1 for key in acknowledged)
    same = _grades(bank, data_dir / READ_MODEL) == _grades(bank, data_dir / "fresh.duckdb")
    bank.close()
    return well and same


def _record(address: str, token: str, rms: int, acknowledged: list[str]) -> None:
    """Record batches until the server is gone."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        for first in range(0, BATCH * BATCHES, BATCH):
            lines = [action(n, rms) for n in range(first, first + BATCH)]
            connection.request("POST", "/v1/actions:batch", json.dumps(lines), headers)
            response = connection.getresponse()
            body = json.loads(response.read())
            if response.status != 200:
                raise RuntimeError(str(body))
            acknowledged += [f"action:{each['action_id'].removeprefix('action:')}" for each in body["results"]]
    except (OSError, http.client.HTTPException):
        return


def _grades(bank: Bank, path: Path) -> str:
    follower = Follower(bank, path)
    follower.catch_up()
    told = ReadModel(bank, follower).grades(QUARTER).model_dump_json()
    follower.stop()
    return told
