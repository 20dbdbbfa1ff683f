"""Law: in whatever order the same work reaches the bank, grades, score lines and ranks are the same."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.calendar import Quarter
from tests.bank import Q1, Q2, TestBank, done
from tests.laws.histories import AMOUNTS, CUSTOMERS, DAYS, FED, QUANTITIES, RMS, SELF_REPORTED, VALUES

Works = st.lists(
    st.tuples(RMS, st.sampled_from(FED + SELF_REPORTED), DAYS, QUANTITIES, AMOUNTS, CUSTOMERS, st.booleans()),
    min_size=25,
    max_size=60,
    unique_by=lambda work: work[:3],  # of two values of one day the later recorded one stands, as it must
)
Measures = st.lists(st.tuples(RMS, DAYS, VALUES), max_size=12, unique_by=lambda measure: measure[:2])
Work = tuple[str, str, str, str, str, str, bool]
Measure = tuple[str, str, str]


def graded(works: list[tuple[int, Work]], measures: list[tuple[int, Measure]]) -> list[dict[str, Any]]:
    """What a bank says that was told of work and measures in this order; where in the log that was is left out."""
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder)).founded()
        story.clock.set("2026-04-25")
        lines = [
            story.line(f"n{n}", kind, rm=rm, occurred_on=day, quantity=quantity, amount=amount, customer=customer)
            for n, (rm, kind, day, quantity, amount, customer, _) in works
        ]
        for half in (lines[: len(lines) // 2], lines[len(lines) // 2 :]):
            assert {done(each).outcome for each in story.bank.record_actions(half, "crm")} <= {"accepted"}
        for n, (rm, day, value) in measures:
            quarter = str(Quarter.of(date.fromisoformat(day)))
            done(story.deliver(f"n{n}", value, rm=rm, quarter=quarter, as_of=day))
        story.bank.decide_actions([f"action:crm:n{n}" for n, _ in works], "verify", "boss")
        for n in [n for n, work in works if work[-1] and n % 5 == 0]:
            done(story.bank.void_action(f"action:crm:n{n}", "by mistake", "boss"))
        with story.following() as model:
            grades = [model.grades(quarter) for quarter in (Q1, Q2)]
            cards = [model.scorecard(rm, quarter) for rm in ("r1", "r2", "r3") for quarter in (Q1, Q2)]
            boards = [model.leaderboard(quarter, by=by) for quarter in (Q1, Q2) for by in ("score", "points")]
            told = [each.model_dump(exclude={"moment"}) for each in [*grades, *cards, *boards] if each]
        story.close()
    return told


@settings(max_examples=3, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_work_in_another_order_leads_to_the_same_grades(data: st.DataObject) -> None:
    works, measures = list(enumerate(data.draw(Works))), list(enumerate(data.draw(Measures)))
    others = data.draw(st.permutations(works)), data.draw(st.permutations(measures))
    assert graded(works, measures) == graded(*others)
