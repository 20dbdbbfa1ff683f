"""How the units of the tree stand: the sums of their people, exactly, and who is behind."""

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import duckdb
import pytest

from projections import pipeline
from projections.answers import Organisation, TreePart, UnitStanding
from projections.questions import rows
from projections.read_model import ReadModel
from tests.bank import Q1, TestBank, all_done, done

MICRO = Decimal("0.000001")
NEW = {"org": "new", "parent": "branch", "level": "outlet", "name": "New"}


class Told(NamedTuple):
    """A read model, the last position of the story, and what the model answered about the bank as of then."""

    model: ReadModel
    position: int
    answer: Organisation


def asked(model: ReadModel, scope: str = "head", part: TreePart = "children", as_of: int | None = None) -> Organisation:
    found = model.organisation(Q1, scope, part, as_of=as_of)
    assert found
    return found


def funds(unit: UnitStanding) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    line = next(line for line in unit.lines if line.indicator == "funds")
    return line.measured, line.target, line.expected, line.gap


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Those of the east do well, r2 in the south does nothing; later one serves in the branch itself, and an outlet
    opens that has nobody."""
    story = TestBank(tmp_path_factory.mktemp("organisation")).founded()
    for rm, sold in (("r1", "4000"), ("r3", "5000")):
        story.counted(f"f-{rm}", "fund", amount=sold, rm=rm)
        story.counted(f"b-{rm}", "balance", amount="1200", customer=f"C-{rm}", rm=rm, occurred_on="2026-01-01")
        story.counted(f"c-{rm}", "call", rm=rm)
    with story.following() as model:
        position, answer = story.last_position, asked(model)
        done(story.register("r9", "branch"))
        all_done(story.bank.open_units([NEW], "lead"))
        model.follower.catch_up()
        yield Told(model, position, answer)
    story.close()


def test_a_unit_is_the_sum_of_its_people(told: Told) -> None:
    """Given r1 and r3 with 5,000 to sell each, and 51 of 59 working days over, then twice 4,322.034 are due."""
    east, grades = asked(told.model, "east").unit, told.model.grades(Q1, "east").grades
    assert funds(east) == (Decimal(9000), Decimal(10000), Decimal("8644.068"), Decimal("355.932"))
    assert (east.people, east.own_people, east.graded) == (2, 2, 2)
    scores = [grade.score for grade in grades if grade.score is not None]
    assert east.score == (sum(scores, Decimal(0)) / 2).quantize(MICRO, ROUND_HALF_UP)
    assert {tier: count for tier, count in east.tiers.items() if count} == Counter(grade.tier for grade in grades)


def test_the_pace_of_a_line_is_what_was_measured_of_what_is_due(told: Told) -> None:
    line = next(line for line in asked(told.model, "east").unit.lines if line.indicator == "funds")
    assert line.pace == (Decimal(9000) / Decimal("8644.068")).quantize(MICRO, ROUND_HALF_UP)
    assert line.light == "green"


def test_targets_and_bases_out_of_all_range_tell_no_pace_and_spoil_no_answer() -> None:
    """Given 20,000 people with the largest target and base there are, whose product 128 bits do not hold."""
    con = duckdb.connect()
    pipeline.create_macros(con)
    con.execute("CREATE TABLE below AS SELECT 'head' AS org, 'head' AS unit")
    con.execute(
        "CREATE TABLE scheme_versions AS SELECT 's' AS scheme, 'd' AS effective, 1000000 AS green, 900000 AS amber"
    )
    con.execute(
        "CREATE TABLE paces AS SELECT 'head' AS org, 's' AS scheme, 'd' AS effective, 'savings' AS indicator, "
        "1 AS ordinal, 1 AS weight, TRUE AS adds_up, l.n AS measured, l.n AS target, "
        "NULL AS previous_target, l.n AS expected, l.n AS base "
        "FROM (SELECT 1000000000000000 AS n FROM range(20000)) AS l"
    )
    [line] = rows(con, "unit_lines", scope="head")
    assert (line["people"], line["target"]) == (20_000, 20_000 * 10**15)
    assert (line["pace"], line["light"]) == (None, "none")


def test_only_what_adds_up_over_people_is_added_up(told: Told) -> None:
    """Customers reached may be the same ones, a last value and a ready figure are no sums."""
    assert {each.indicator for each in asked(told.model).indicators} == {"savings", "funds", "calls"}


def test_the_furthest_behind_stands_first_and_outlets_are_found_wherever_they_lie(told: Told) -> None:
    below, outlets = asked(told.model), asked(told.model, part="outlets")
    assert [unit.org for unit in below.rows] == ["branch"]
    assert [(unit.org, unit.light) for unit in outlets.rows] == [("south", "red"), ("east", "amber"), ("new", "none")]
    assert [unit.org for unit in below.lagging] == ["south", "east"]
    assert (below.total, outlets.total) == (1, 3)


def test_a_unit_is_lit_by_the_mean_of_its_lines_by_weight(told: Told) -> None:
    """Savings count 20 and are all there, funds 10 and are, of 4 calls each one was made: 4 * 2 * 51 / 59 are due."""
    east = asked(told.model, "east").unit
    paces = {line.indicator: (line.weight, min(line.pace or Decimal(0), Decimal(1))) for line in east.lines}
    weighed = [weight * pace for weight, pace in paces.values()]
    mean = sum(weighed, Decimal(0)) / sum(weight for weight, _ in paces.values())
    assert {name: weight for name, (weight, _) in paces.items()} == {"savings": 40, "funds": 20, "calls": 10}
    assert (east.pace, east.light) == (mean.quantize(MICRO, ROUND_HALF_UP), "amber")


def test_the_way_leads_from_the_top_to_the_unit(told: Told) -> None:
    path = asked(told.model, "east").path
    assert [(unit.org, unit.depth) for unit in path] == [("head", 0), ("branch", 1), ("east", 2)]


def test_who_serves_in_a_unit_that_has_others_below_counts_with_it(told: Told) -> None:
    branch = asked(told.model, "branch")
    assert (branch.unit.people, branch.unit.own_people) == (4, 1)
    assert sum(row.people for row in branch.rows) == 3
    assert branch.unit.not_graded == {"no-contract": 1}


def test_a_unit_with_nobody_stands_last_and_says_nothing(told: Told) -> None:
    last = asked(told.model, "branch").rows[-1]
    assert (last.org, last.people, last.score, last.light, last.lines) == ("new", 0, None, "none", [])


def test_the_past_answers_as_it_did_then_and_knows_no_unit_that_came_later(told: Told) -> None:
    then = asked(told.model, as_of=told.position)
    assert then.model_copy(update={"moment": told.answer.moment}) == told.answer
    assert asked(told.model).unit != then.unit
    assert told.model.organisation(Q1, "new", as_of=told.position) is None
