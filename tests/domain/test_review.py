"""The review as a workflow: each step by who may take it, in its turn, once; everything else changes nothing."""

import pytest

from tests.bank import TestBank
from tests.domain.reviewing import Reviewing


@pytest.fixture
def review(story: TestBank) -> Reviewing:
    return Reviewing(story)


def test_a_review_goes_from_its_opening_to_the_final_grade(review: Reviewing) -> None:
    review.come_to("final")
    assert review.story.types(review.stream) == [
        "ReviewOpened", "IndicatorRated", "ReviewCommented", "ReviewSubmitted", "ReviewApproved",
        "ReviewAcknowledged", "GradeFinalised",
    ]  # fmt: skip
    final = review.story.events(review.stream)[-1]
    told = final.model_dump()
    assert (told["rated_by"], told["approved_by"], told["by"], told["answer"]) == ("lead", "boss", "hr", "acknowledged")
    assert (told["round"], told["tier"], told["result_digest"]) == (1, "good", review.result().digest)
