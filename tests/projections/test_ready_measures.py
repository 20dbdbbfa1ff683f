"""Ready measures: they come out as a score line, with the deliveries behind it, now and as of a position."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.money import plain
from domain.refusal import Refused
from projections.answers import ScoreLine
from projections.read_model import ReadModel
from tests.bank import Q1, SCHEME, TestBank, done, tables


def profit(model: ReadModel, as_of: int | None = None) -> ScoreLine:
    """The line of `r1` that asks for a ready measure."""
    card = model.scorecard("r1", Q1, as_of=as_of)
    assert card
    return next(line for line in card.lines if line.indicator == "profit")


def test_a_delivered_figure_is_scored_like_any_other(story: TestBank) -> None:
    with story.following() as model:
        assert (profit(model).measured, profit(model).scored, profit(model).reason) == (None, False, "not-delivered")
        before = model.grades(Q1, rm="r1").grades[0].score
        done(story.deliver("a", "850"))
        model.follower.catch_up()
        line = profit(model)
        assert (line.measured, line.target, line.completion) == (Decimal(850), Decimal(1000), Decimal("0.85"))
        assert line.points == (line.share * Decimal("0.85")).quantize(Decimal("0.01"))
        assert line.sentence.en.startswith("850 of 1,000 CNY is 85 %; of 5.88 points: ")
        assert model.grades(Q1, rm="r1").grades[0].score != before


def test_behind_the_line_stand_all_deliveries_and_which_one_counts(story: TestBank) -> None:
    done(story.deliver("a", "100", as_of="2026-02-28"))
    done(story.deliver("b", "900", as_of="2026-03-15"))
    story.clock.set("2026-03-21")
    late = done(story.deliver("c", "-5.5", as_of="2026-03-01")).position
    done(story.deliver("other", "7", rm="r2"))
    with story.following() as model:
        assert (profit(model).measured, profit(model).events) == (Decimal(900), 3)
        behind = model.line_events("r1", Q1, "profit")
        assert (behind.events, behind.total, behind.after) == ([], 3, None)
        assert [(str(each.as_of), each.value, each.stands) for each in behind.measures] == [
            ("2026-03-01", Decimal("-5.5"), False),
            ("2026-03-15", Decimal(900), True),
            ("2026-02-28", Decimal(100), False),
        ]
        newest = behind.measures[0]
        assert (newest.position, newest.measure_id, newest.source, newest.by) == (late, "measure:dw:c", "dw", "dw")
        assert newest.recorded_at == datetime(2026, 3, 21, 1, tzinfo=UTC)


def test_deliveries_behind_a_line_come_page_by_page(story: TestBank) -> None:
    positions = [done(story.deliver(f"n{n}", str(n), as_of=f"2026-03-0{n + 1}")).position for n in range(5)]
    with story.following() as model:
        first = model.line_events("r1", Q1, "profit", limit=3)
        rest = model.line_events("r1", Q1, "profit", limit=3, after=first.after)
        assert [each.position for each in [*first.measures, *rest.measures]] == positions[::-1]
        assert (rest.after, [each.stands for each in rest.measures]) == (None, [False, False])


def test_a_line_that_is_counted_has_no_measures_behind_it(story: TestBank) -> None:
    story.counted("a")
    with story.following() as model:
        behind = model.line_events("r1", Q1, "visits")
        assert (len(behind.events), behind.measures) == (1, [])


def test_the_past_knows_only_what_was_delivered_by_then(story: TestBank) -> None:
    then = done(story.deliver("a", "100")).position
    done(story.deliver("b", "900", as_of="2026-03-15"))
    with story.following() as model:
        assert [profit(model, at).measured for at in (then - 1, then, None)] == [None, Decimal(100), Decimal(900)]
        assert model.line_events("r1", Q1, "profit", as_of=then).total == 1


def test_a_delivery_moves_only_the_quarter_that_it_is_of(story: TestBank) -> None:
    story.clock.set("2026-05-10")
    done(story.record("a"))
    with story.following() as model:
        before = tables(model)
        done(story.deliver("a", "100", as_of="2026-05-09"))
        model.follower.catch_up()
        after = tables(model)
        assert {row[:2] for row in set(after["score_lines"]) - set(before["score_lines"])} == {("r1", "2026Q1")}
    with story.following() as anew:
        assert tables(anew)["score_lines"] == after["score_lines"] != before["score_lines"]


def test_the_indicator_is_ranked_as_those_that_are_counted(story: TestBank) -> None:
    done(story.deliver("a", "100"))
    done(story.deliver("b", "300", rm="r3"))
    with story.following() as model:
        board = model.leaderboard(Q1, by="profit")
        assert [(each.rm, each.value) for each in board.standings] == [("r3", Decimal(300)), ("r1", Decimal(100))]


def test_ready_deposits_are_never_ranked_between_people(tmp_path: Path) -> None:
    story = TestBank(tmp_path).founded(SCHEME.replace('id = "profit"', 'id = "profit"\ndeposit = true'))
    done(story.deliver("a", "100"))
    with story.following() as model:
        with pytest.raises(Refused, match="deposit"):
            model.leaderboard(Q1, by="profit")
        assert {row[2] for row in tables(model)["standings"]} >= {"score", "visits"}
        assert "profit" not in {row[2] for row in tables(model)["standings"]}
    story.close()


@pytest.mark.parametrize(("unit", "least"), [("CNY", Decimal("0.01")), ("per mille", Decimal("0.001"))])
def test_what_the_next_tier_needs_of_a_ready_figure_is_the_least_that_brings_it(
    tmp_path: Path, unit: str, least: Decimal
) -> None:
    units = 'unit = { en = "CNY", zh = "元" }\nmeasure', f'unit = {{ en = "{unit}", zh = "单位" }}\nmeasure'
    story = TestBank(tmp_path).founded(heavy(SCHEME).replace(*units).replace('floor = "60"', 'floor = "30"'))
    done(story.deliver("a", "333.333"))
    with story.following() as model:
        card = model.scorecard("r1", Q1, explain=True)
        assert card
        assert card.next_tier
        (more,) = [way.more for way in card.next_tier.ways if way.figure == "profit"]
        assert more
        assert more == more.quantize(least)
        done(story.deliver("b", plain(Decimal("333.333") + more), as_of="2026-03-01"))
        model.follower.catch_up()
        assert model.grades(Q1, rm="r1").grades[0].tier == card.next_tier.tier
        done(story.deliver("c", plain(Decimal("333.333") + more - least), as_of="2026-03-02"))
        model.follower.catch_up()
        assert model.grades(Q1, rm="r1").grades[0].tier == card.grade.tier, "less would not do"
    story.close()


def heavy(scheme: str) -> str:
    """The scheme with the weights of conduct and profit exchanged."""
    before, _, after = scheme.partition('id = "conduct"')
    after = after.replace('weight = "30"', 'weight = "5"', 1)
    middle, _, rest = after.partition('id = "profit"')
    return f'{before}id = "conduct"{middle}id = "profit"' + rest.replace('weight = "5"', 'weight = "30"', 1)


@pytest.mark.parametrize(
    ("unrated", "points", "sentence"),
    [
        ("spread", None, "No figure delivered yet: its weight is spread over the other lines."),
        ("zero", Decimal(0), "No figure delivered yet: it counts as 0."),
    ],
)
def test_without_a_delivery_the_weight_is_spread_or_the_line_counts_as_nothing(
    tmp_path: Path, unrated: str, points: Decimal | None, sentence: str
) -> None:
    head, _, tail = SCHEME.rpartition('unrated = "spread"')
    story = TestBank(tmp_path).founded(f'{head}unrated = "{unrated}"{tail}')
    with story.following() as model:
        line = profit(model)
        assert (line.points, line.scored, line.reason) == (points, points is not None, "not-delivered")
        assert line.sentence.en == sentence
    story.close()
