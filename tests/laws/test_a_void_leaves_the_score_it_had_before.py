"""Law: after any history, an action that is recorded and voided leaves everything as it had been."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from domain.refusal import Taken
from projections.read_model import ReadModel
from tests.bank import Q1, Q2, TestBank, done
from tests.laws.histories import (
    AMOUNTS,
    CUSTOMERS,
    DAYS,
    EVERY_ACT,
    FED,
    QUANTITIES,
    RMS,
    SELF_REPORTED,
    Act,
    History,
    histories,
)

Line = dict[str, str]
KINDS = FED + SELF_REPORTED
LINES = st.fixed_dictionaries(
    {"rm": RMS, "quantity": QUANTITIES, "amount": AMOUNTS, "customer": CUSTOMERS, "occurred_on": DAYS}
)
USUAL = {"rm": "r1", "quantity": "2", "amount": "2500", "customer": "C1", "occurred_on": "2026-02-09"}


def said(model: ReadModel) -> list[dict[str, Any]]:
    """Grades, lines and ranks; how many entries stand behind a line grows, as it must."""
    cards = [model.scorecard(rm, quarter) for rm in ("r1", "r2", "r3") for quarter in (Q1, Q2)]
    boards = [model.leaderboard(quarter, by=by) for quarter in (Q1, Q2) for by in ("score", "points")]
    lines: Any = {"__all__": {"events"}}
    return [
        *(card.model_dump(exclude={"moment": True, "lines": lines}) for card in cards if card),
        *(board.model_dump(exclude={"moment"}) for board in boards),
    ]


@settings(max_examples=2, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(EVERY_ACT, [USUAL] * len(KINDS))
@given(histories(30), st.lists(LINES, min_size=len(KINDS), max_size=len(KINDS)))
def test_what_is_recorded_and_voided_leaves_the_score_it_had_before(acts: list[Act], drawn: list[Line]) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder)).founded()
        history = History(story)
        for act in acts:
            history.play(act)
        with story.following() as model:
            before = said(model)
            _come_and_go(story, model, drawn)
            assert said(model) == before
        story.close()


def _come_and_go(story: TestBank, model: ReadModel, drawn: list[Line]) -> None:
    """Actions of every kind, recorded, verified and voided; the read model sees each state."""
    lines = [story.line(f"x{kind}", kind, **more) for kind, more in zip(KINDS, drawn, strict=True)]
    taken = [each.subject for each in story.bank.record_actions(lines, "crm") if isinstance(each, Taken)]
    story.bank.decide_actions(taken, "verify", "boss")
    model.follower.catch_up()
    for subject in taken:
        done(story.bank.void_action(subject, "by mistake", "boss"))
    model.follower.catch_up()
