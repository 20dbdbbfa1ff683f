"""Where `appraise` starts: an interruption ends it cleanly from the first moment on, also while its modules load; and
where the address space is limited, the libraries that are about to load are told to reserve none in advance."""

import ctypes
import gc
import os
import signal
import sys

from domain import address_space

INTERRUPTED, TERMINATED = 130, 143
LEAST = 768 << 20
"""Bytes below which a library that gets no memory may end the process without a word, while it loads or at work."""
THRIFT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the one it prefers reserves a gigabyte at the first array
    "DUCKDB_JE_MALLOC_CONF": "retain:false",  # else what it gives back stays reserved
    "OPENBLAS_NUM_THREADS": "1",
}
"""What the libraries read while they load."""
ARENA_MAX = -8
"""The option of the C library's mallopt: each arena reserves 64 MB, and each thread would have one."""


def run() -> None:
    """The console script."""
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)
    if limit := address_space.limit():
        _be_thrifty(limit)
    gc.disable()  # nothing that loads is garbage, and looking for some takes a fifth of that time
    from api.cli import run as run_command  # a second of loading, in which nothing was begun yet

    gc.freeze()
    gc.enable()
    try:
        run_command()
    finally:
        gc.unfreeze()  # else DuckDB's binding tells at the end what was left


def _be_thrifty(limit: int) -> None:
    if limit < LEAST:
        sys.exit(f"appraise may use {limit >> 20} MB of memory and needs {LEAST >> 20}: raise its limit (ulimit -v)")
    for name, value in THRIFT.items():
        os.environ.setdefault(name, value)
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(ARENA_MAX, 1)


def _end(number: int, _frame: object) -> None:
    os._exit(INTERRUPTED if number == signal.SIGINT else TERMINATED)
