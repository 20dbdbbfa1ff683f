"""What an RM reads of a quarter under review: nothing that no second person stands for yet, no number of others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.reviewing import Reviewed, reviewed

WHY = {"reason": "see the log"}


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[Reviewed]:
    with reviewed(tmp_path) as built:
        yield built


def test_an_rm_reads_the_comment_once_a_second_person_stands_for_the_result(quarter: Reviewed) -> None:
    def told(who: str) -> object:
        return quarter.ask(who, "GET", quarter.path()).json()["comment"]

    quarter.come_to("submitted")
    assert (told("r1"), told("desk-one") is None) == (None, False)
    assert quarter.step("desk-one", "return", WHY).status_code == 200
    own, others = (quarter.ask(who, "GET", quarter.path()).json()["returned"] for who in ("r1", "head-east"))
    assert (own, others["text"]) == (None, "see the log")
    quarter.step("head-east", "submit")
    quarter.step("desk-one", "approve")
    assert told("r1") == told("desk-one") is not None
