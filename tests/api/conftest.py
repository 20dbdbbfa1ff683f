"""One small bank for all tests of the API that only add to it, and one of their own for those that need it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.house import House, house
from tests.api.reviewing import Reviewed, reviewed
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


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A data dir with the bank in it, closed again, to be copied; and the tokens that open it."""
    folder = tmp_path_factory.mktemp("founded")
    with house(folder) as built:
        return folder, built.tokens


@pytest.fixture
def own_bank(founded: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[House]:
    """A bank of one test's own."""
    folder, tokens = founded
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with house(tmp_path, tokens=tokens) as built:
        yield built


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[Reviewed]:
    """A quarter that is over and to be reviewed, in a bank of one test's own."""
    with reviewed(tmp_path) as built:
        yield built
