"""One small bank for all tests of the API that only add to it, and one of their own for those that need it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.house import House, house


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bank that all tests share: they add actions, and never change who may do what."""
    with house(tmp_path_factory.mktemp("bank")) as built:
        yield built


@pytest.fixture
def own_bank(tmp_path: Path) -> Iterator[House]:
    """A bank of one test's own."""
    with house(tmp_path) as built:
        yield built
