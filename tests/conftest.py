"""What holds for every test: no deadline on a shared machine, and no setting of whoever runs it. And the stores."""

import os
from collections.abc import Iterator

import hypothesis
import pytest

from tests.postgres.server import Server

hypothesis.settings.register_profile("appraise", deadline=None)
hypothesis.settings.load_profile("appraise")


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("APPRAISE_")]:
        monkeypatch.delenv(name)


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
