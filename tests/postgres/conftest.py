"""A PostgreSQL that tests may stop, since nobody else uses it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bank import TestBank
from tests.postgres.server import Server


@pytest.fixture(scope="package")
def mortal() -> Iterator[Server]:
    """A server of these tests alone; each leaves it running."""
    server = Server()
    yield server
    server.remove()


@pytest.fixture
def story(tmp_path: Path, mortal: Server) -> Iterator[TestBank]:
    """A founded bank on the server that may be stopped."""
    story = TestBank(tmp_path, store=mortal.new_store()).founded()
    yield story
    story.close()
