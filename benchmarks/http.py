"""The board over HTTP, beside a constant of the same size behind the same sign-in."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from threading import Thread
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Request, Response

from api.app import create_app
from api.asking import asker_of, grant
from api.identity import Identity
from api.office import Office
from api.permissions import OPERATIONS, operation
from api.server import OPTIONS, address_of, listening
from api.settings import Settings
from benchmarks.bank import QUARTER, Size, make_bank, rm_id
from benchmarks.figure import Figure, in_turn, ratio_of
from benchmarks.sizes import Sizes
from domain.refusal import Refused

UNIT = "requests/s"
CONNECTIONS = 16
PATIENCE = 5
CONSTANT = "bench_constant"


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The top 100 and an RM's rank with neighbours, each beside its constant."""
    bank = make_bank(folder, Size(sizes.rms, sizes.actions))
    token = Identity(bank).create_token("bench", "auditor")
    bank.close()
    if isinstance(token, Refused):
        raise token
    board = f"/v1/leaderboards/{QUARTER}"
    asked = {
        "leaderboard top 100": f"{board}?limit=100",
        "rank of me with neighbours": f"{board}?limit=1&around={rm_id(sizes.rms // 2)}",
    }
    with get_context("spawn").Pool(1) as client, _serving(folder, list(asked.values()), token) as address:
        for place, (work, path) in enumerate(asked.items()):
            given = (address, token, sizes.requests)
            ours, constant = in_turn(
                sizes.rounds,
                partial(client.apply, requests_a_second, (*given, path)),
                partial(client.apply, requests_a_second, (*given, f"/bench/constant/{place}")),
            )
            yield Figure(
                f"{work} of {sizes.rms:,} RMs, over HTTP", "a constant of the same size behind the same sign-in", UNIT,
                median(ours), median(constant), ratio_of(ours, constant), 0.7,
                note=f"{CONNECTIONS} connections from a process of its own on the same cores",
            )  # fmt: skip


@contextmanager
def _serving(data_dir: Path, paths: list[str], token: str) -> Iterator[str]:
    """The address of an API on a data dir, with a constant beside each of the paths: what it answered first."""
    app = create_app(Settings(data_dir=data_dir))
    constants: list[bytes] = []
    OPERATIONS[CONSTANT] = operation("Read a text that never changes.", whole="auditor")
    _add_constants(app, constants)
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, **OPTIONS))
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            address = address_of(listener)
            asyncio.run(_answer(address, token, "/health/live"))  # the office is open once somebody answers
            _follow(app.state.office)
            constants += [asyncio.run(_answer(address, token, path)) for path in paths]
            yield address
        finally:
            server.should_exit = True
            thread.join()
            del OPERATIONS[CONSTANT]


def _add_constants(app: FastAPI, constants: list[bytes]) -> None:
    """Where the API looks first, and without what FastAPI does for a function's parameters: no limit is faster."""

    async def constant(request: Request) -> Response:
        await grant(request, await asker_of(request))
        return Response(constants[int(request.path_params["place"])], media_type="application/json")

    app.add_api_route("/bench/constant/{place}", constant, name=CONSTANT)
    app.router.routes.insert(0, app.router.routes.pop())


def _follow(office: Office) -> None:
    while (progress := office.read_model.progress()).lag:
        office.read_model.wait_for(progress.log_position, PATIENCE)


async def _answer(address: str, token: str, path: str) -> bytes:
    reader, writer = await _opened(address)
    body = await _ask(reader, writer, _request(token, path))
    writer.close()
    return body


def requests_a_second(address: str, token: str, number: int, path: str) -> float:
    """Ask the same so many times over some connections that stay open."""
    return number / asyncio.run(_ask_all(address, _request(token, path), number))


async def _ask_all(address: str, request: bytes, number: int) -> float:
    opened = [await _opened(address) for _ in range(CONNECTIONS)]
    left = iter(range(number))

    async def keep_asking(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in left:
            await _ask(reader, writer, request)

    begun = time.perf_counter()
    await asyncio.gather(*(keep_asking(*streams) for streams in opened))
    took = time.perf_counter() - begun
    for _, writer in opened:
        writer.close()
    return took


async def _opened(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    where = urlsplit(address)
    return await asyncio.open_connection(where.hostname, where.port)


def _request(token: str, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """One request over an open connection; the body of its answer. RuntimeError where it is none."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    size = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    body = await reader.readexactly(int(size.partition(b":")[2]))
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(body[:300].decode())
    return body
