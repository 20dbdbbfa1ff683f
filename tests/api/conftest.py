"""One small bank for all tests of the API that only add to it, and one of their own for those that need it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.house import House, house
from tests.postgres.server import Server


@pytest.fixture(scope="session")
def bank_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bank that all tests share: they add actions, and never change who may do what."""
    with house(tmp_path_factory.mktemp("bank")) as built:
        yield built


@pytest.fixture
def bank(bank_on_sqlite: House) -> House:
    """The shared bank; a module whose tests are to run on either store takes `either_bank` for it."""
    return bank_on_sqlite


@pytest.fixture(scope="session")
def bank_on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[House]:
    """The same on PostgreSQL."""
    with house(tmp_path_factory.mktemp("bank"), postgres.new_store()) as built:
        yield built


@pytest.fixture(params=["bank_on_sqlite", "bank_on_postgresql"])
def either_bank(request: pytest.FixtureRequest) -> House:
    """Each of the two in its turn."""
    built: House = request.getfixturevalue(request.param)
    return built


@pytest.fixture
def own_bank(tmp_path: Path) -> Iterator[House]:
    """A bank of one test's own."""
    with house(tmp_path) as built:
        yield built
