"""A Redis of the benchmark's own: started on a socket in a folder, with a sorted set of values, stopped afterwards."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import redis

MISSING = "Redis is missing, so it was not measured: install it (Debian: apt-get install redis-server)"
BOARD = "board"


@contextmanager
def running_redis(folder: Path, values: Mapping[str, int]) -> Iterator["redis.Redis | None"]:
    """A client of a Redis whose sorted set `board` holds the values; None where no Redis is installed."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    socket = folder / "redis.sock"
    words = [program, "--port", "0", "--unixsocket", str(socket)]  # a socket is quicker than loopback: a harder limit
    words += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        client = _client(socket)
        for first in range(0, len(values), 1_000):
            client.zadd(BOARD, dict(list(values.items())[first : first + 1_000]))
        yield client
        client.close()
    finally:
        server.terminate()
        server.wait()


def redis_version() -> str:
    """What is installed, or that nothing is."""
    program = shutil.which("redis-server")
    if program is None:
        return "not installed"
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return next(word.removeprefix("v=") for word in told.split() if word.startswith("v="))


def _client(socket: Path) -> "redis.Redis":
    client = redis.Redis(unix_socket_path=str(socket), decode_responses=True)
    for _ in range(200):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            time.sleep(0.05)
    return client
