"""Law: after any history the score lines add up to the score, and each line counts exactly the entries it shows."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, example, given, settings

from projections.read_model import ReadModel
from tests.bank import Q1, Q2, TestBank
from tests.laws.histories import EVERY_ACT, Act, History, histories


@settings(max_examples=2, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(EVERY_ACT)
@given(histories(60))
def test_the_points_of_the_lines_add_up_to_the_score_and_their_shares_to_100(acts: list[Act]) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder)).founded()
        history = History(story)
        for act in acts:
            history.play(act)
        with story.following() as model:
            for quarter in (Q1, Q2):
                for grade in model.grades(quarter).grades:
                    card = model.scorecard(grade.rm, quarter)
                    assert card
                    assert card.grade == grade
                    if grade.status == "graded":
                        assert sum(line.points or Decimal(0) for line in card.lines) == grade.score
                        shares = sum((line.share for line in card.lines), Decimal(0))
                        assert abs(shares - 100) <= Decimal("0.000001") * len(card.lines)
                    else:
                        assert (grade.score, grade.tier, grade.coefficient) == (None, None, None)
                    _check_events(model, grade.rm)
        story.close()


def _check_events(model: ReadModel, rm: str) -> None:
    card = model.scorecard(rm, Q1)
    for line in card.lines if card else []:
        behind = model.line_events(rm, Q1, line.indicator, limit=1000)
        assert (line.events, len([*behind.events, *behind.measures])) == (behind.total, behind.total)
        if line.indicator in ("funds", "visits", "conduct", "calls"):  # what is simply added up
            assert sum(event.value for event in behind.events) == line.measured
        if line.indicator == "profit":
            standing = sum(each.value for each in behind.measures if each.stands)
            assert standing + _votes(model, rm) == (line.measured or 0)


def _votes(model: ReadModel, rm: str) -> int:
    """How many votes of the first quarter count for the profit: they are added to the figure that was delivered."""
    with model.follower.connection.cursor() as con:
        question = "SELECT coalesce(sum(n), 0) FROM votes WHERE rm = ? AND quarter = ? AND indicator = 'profit'"
        (votes,) = con.execute(question, [rm, str(Q1)]).fetchall()
    return int(votes[0])
