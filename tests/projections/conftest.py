"""The bank that the tests of the read side begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bank import TestBank


@pytest.fixture
def story(tmp_path: Path, store: str | None) -> Iterator[TestBank]:
    """A founded bank; its clock stands on 20 March 2026."""
    story = TestBank(tmp_path, store=store).founded()
    yield story
    story.close()
