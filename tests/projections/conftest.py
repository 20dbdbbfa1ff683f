"""The bank that the tests of the read side begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bank import TestBank
from tests.postgres.server import Server

EITHER = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
"""On each of the stores in its turn."""


@pytest.fixture
def store(request: pytest.FixtureRequest) -> str | None:
    """SQLite: a law holds that either store keeps the same log, of which the models make the same. Modules that read or
    harm a store ask for both (`EITHER`)."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return None
    server: Server = request.getfixturevalue("postgres")
    return server.new_store()


@pytest.fixture
def story(tmp_path: Path, store: str | None) -> Iterator[TestBank]:
    """A founded bank; its clock stands on 20 March 2026."""
    story = TestBank(tmp_path, store=store).founded()
    yield story
    story.close()
