"""Measures over the log of which the bank of the tests has none: factors, conversion, the greatest value, and what is
made of others, by the scheme of the examples."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import domain
from projections.answers import ScoreLine
from tests.bank import Q1, SCHEME, TestBank, done, refused
from tests.tables import table

MEASURES = (Path(domain.__file__).parent / "schemes/examples/measures.toml").read_text(encoding="utf-8")


def lines(story: TestBank) -> dict[str, ScoreLine]:
    with story.following() as model:
        card = model.scorecard("e1", Q1)
    assert card
    return {line.indicator: line for line in card.lines}


def test_kinds_count_by_their_factors_and_the_greatest_value_stands(story: TestBank) -> None:
    """Given 200 of structured deposit at half beside 100, held from 11 January on, 80 of the quarter's 90 days; on its
    79th day, 20 March, the average is over those that passed."""
    done(story.publish(MEASURES))
    done(story.register("e1", position="example"))
    done(story.agree("e1", averages="100", cards="10"))
    for ref, kind, amount, quantity in (
        ("d1", "deposit", "100", "1"), ("d2", "structured", "200", "1"), ("c1", "card", "0", "3"),
        ("c2", "gold_card", "0", "2"), ("m1", "deal", "500000", "1"), ("m2", "deal", "700000", "1"),
    ):  # fmt: skip
        story.counted(ref, kind, rm="e1", amount=amount, quantity=quantity, customer="K1", occurred_on="2026-01-11")
    found = lines(story)
    passed, held = (date(2026, 3, 20) - date(2025, 12, 31)).days, (date(2026, 3, 20) - date(2026, 1, 10)).days
    assert found["averages"].measured == round(Decimal(200 * held) / passed, 2)
    assert found["cards"].measured == Decimal(3 + 2 * 2)
    assert found["converted"].measured == Decimal("0.002") + Decimal("0.3")
    assert found["largest"].measured == Decimal(700_000)
    assert found["reached"].measured == Decimal(1)
    lacking = ("recovery", "growth", "satisfaction", "rated", "voted", "elements")
    assert {found[name].reason for name in lacking} == {"no-figure"}
    assert {found[name].sentence.en for name in ("growth", "satisfaction")} == {
        "No figure yet, nothing that makes one is there: it counts as 0.",
        "No figure yet, nothing that makes one is there: its weight is spread over the other lines.",
    }


def test_ready_measures_that_others_are_made_of_are_delivered_by_either_door_and_stand_behind_the_line(
    story: TestBank,
) -> None:
    done(story.publish(MEASURES))
    done(story.register("e1", position="example"))
    done(story.agree("e1", cards="10"))
    done(story.deliver("p1", "199", rm="e1", indicator="repaid"))
    line = {"source": "dw", "external_ref": "p2", "rm": "e1", "indicator": "due", "quarter": "2026Q1",
            "value": "200", "as_of": "2026-02-28"}  # fmt: skip
    assert [told.accepted for told in story.bank.record_measure_tables([table([line])], "dw")] == [1]
    recovery = lines(story)["recovery"]
    assert (recovery.measured, recovery.events) == (Decimal("99.5"), 2)
    with story.following() as model:
        behind = model.line_events("e1", Q1, "recovery")
    assert [(one.value, one.stands) for one in behind.measures] == [(Decimal(200), True), (Decimal(199), True)]


def test_a_ratio_is_judged_and_told_by_the_exact_figure_and_not_by_what_was_rounded(story: TestBank) -> None:
    """Given 1,989,992 of 2,000,000 recovered: 99.4996 %, in thousandths the 99.5 that are asked."""
    done(story.publish(MEASURES))
    done(story.register("e1", position="example"))
    done(story.agree("e1", cards="10"))
    for ref, name, value in (("p1", "repaid", "1989992"), ("p2", "due", "2000000")):
        done(story.deliver(ref, value, rm="e1", indicator=name))
    recovery = lines(story)["recovery"]
    assert (recovery.measured, recovery.target) == (Decimal("99.5"), Decimal("99.5"))
    assert recovery.points == round(recovery.share - 3, 2)
    assert recovery.sentence.en.startswith("99.4996 %, at least 99.5 asked, short of it by 0.0004")
    assert recovery.sentence.zh.startswith("实绩 99.4996 %，要求不低于 99.5")


def test_a_measure_that_others_are_made_of_has_no_target_by_either_door(story: TestBank) -> None:
    done(story.publish(MEASURES))
    done(story.register("e1", position="example"))
    assert refused(story.agree("e1", repaid="10")) == [("unknown", "indicator")]
    [told] = story.bank.agree_target_tables([table(story.target_lines("e1", "1", repaid="10"))], "lead")
    assert (told.accepted, len(told.refused)) == (0, 1)


def test_what_a_line_is_made_of_is_told_and_paged_whether_it_is_counted_or_delivered(story: TestBank) -> None:
    """A share of two figures, of which one is added up from actions and the other comes ready; of the pages each holds
    whole positions, and every one is told once."""
    ready = 'unit = { en = "CNY", zh = "元" }\nmeasure = { rule = "ready" }'
    done(story.publish(MEASURES.replace(ready, 'measure = { rule = "sum", of = "amount", plus = ["deposit"] }', 1)))
    done(story.register("e1", position="example"))
    done(story.agree("e1", cards="10"))
    for n in range(3):
        story.counted(f"d{n}", "deposit", rm="e1", amount="66")
        done(story.deliver(f"p{n}", str(198 + n), rm="e1", indicator="due"))
    with story.following() as model:
        card = model.scorecard("e1", Q1)
        assert card
        assert [line.events for line in card.lines if line.indicator == "recovery"] == [6]
        after, told = None, list[list[int]]()
        while True:
            page = model.line_events("e1", Q1, "recovery", limit=2, after=after)
            assert page.total == 6
            positions = [each.position for each in page.events] + [each.position for each in page.measures]
            told.append(sorted(positions, reverse=True))
            if (after := page.after) is None:
                break
    assert [len(page) for page in told] == [2, 2, 2]
    assert [each for page in told for each in page] == sorted({each for page in told for each in page}, reverse=True)


def test_what_two_parts_of_a_line_count_stands_on_one_page(story: TestBank) -> None:
    text = MEASURES
    ready = 'unit = { en = "CNY", zh = "元" }\nmeasure = { rule = "ready" }'
    for rule in ('"sum", of = "amount"', '"count"'):
        text = text.replace(ready, f'measure = {{ rule = {rule}, plus = ["deposit"] }}', 1)
    done(story.publish(text))
    done(story.register("e1", position="example"))
    for n in range(3):
        story.counted(f"d{n}", "deposit", rm="e1", amount="66")
    with story.following() as model:
        first = model.line_events("e1", Q1, "recovery", limit=1)
        rest = model.line_events("e1", Q1, "recovery", limit=4, after=first.after)
    assert ([len(page.events) for page in (first, rest)], first.total, rest.after) == ([2, 4], 6, None)


@pytest.mark.parametrize("without_target", ["full", "zero"])
def test_of_whom_nothing_is_asked_for_the_time_served_the_weight_is_spread_not_full_nor_nothing(
    tmp_path: Path, without_target: str
) -> None:
    """Nobody who served two months of which none is whole has no target agreed: nothing of it is asked."""
    rule = f'without_target = "{without_target}"\ntargets = "full-months"'
    story = TestBank(tmp_path).founded(SCHEME.replace('without_target = "spread"', rule))
    story.clock.set("2026-04-10")
    done(story.register("n1", joined_on="2026-01-05", left_on="2026-03-30"))
    done(story.register("n2", joined_on="2026-02-02", left_on="2026-03-30"))
    for rm in ("n1", "n2"):
        done(story.agree(rm, funds="5000"))
    with story.following() as model:
        cards = [model.scorecard(rm, Q1, explain=True) for rm in ("n1", "n2")]
    story.close()
    [(part, asked), (nothing, idle)] = [
        (card, {line.indicator: line for line in card.lines}["funds"]) for card in cards if card
    ]
    assert (asked.target, asked.points) == (Decimal("1666.667"), Decimal(0))
    assert (idle.target, idle.points, idle.scored, idle.reason) == (Decimal(0), None, False, "nothing-due")
    assert [step.en for step in idle.steps] == [
        "Of the target agreed 0 % is asked, for the time served: 0.",
        "Nothing of its target is asked for the time served: its weight is spread over the other lines.",
    ]
    assert idle.sentence.zh == "按任职时间无须完成目标，权重由其他指标分摊。"
    assert nothing.next_tier
    assert {one.reason for one in nothing.next_tier.out_of_reach if one.indicator == "funds"} == {"nothing-due"}
    assert part.grade.status == nothing.grade.status == "graded"


def test_an_average_over_a_base_is_told_with_its_sum_its_days_and_the_base(story: TestBank) -> None:
    """9,000 stand for 31 days and 500 more for 22 of them, before the customer has none; the base agreed is 200."""
    for kind, amount, day in (("balance", "9000", "01-01"), ("deposit", "500", "01-10"), ("balance", "0", "02-01")):
        story.counted(f"{kind}-{day}", kind, amount=amount, customer="C1", occurred_on=f"2026-{day}")
    done(story.deliver("p", "850"))
    with story.following() as model:
        cards = [model.scorecard("r1", Q1, explain=True, as_of=as_of) for as_of in (None, story.last_position)]
    for card in cards:
        assert card
        steps = {line.indicator: line.steps for line in card.lines}
        total = 31 * 9000 + 22 * 500
        assert [step.en for step in steps["savings"][1:3]] == [
            f"Savings: the balances of 79 days up to 2026-03-20 add up to {total:,}; "
            f"{total:,} / 79 = 3,670.886075…, rounded to 0.01: 3,670.89.",
            "3,670.89 − 200 (base) = 3,470.89.",
        ]
        assert [step.zh for step in steps["savings"][1:3]] == [
            f"储蓄：截至 2026-03-20 共 79 天的余额合计 {total:,}；"
            f"{total:,} ÷ 79 = 3,670.886075…，取整到 0.01：3,670.89。",
            "3,670.89 − 200（基数）= 3,470.89。",
        ]
        assert steps["profit"][1].en == "No base is agreed: nothing is taken off."


def test_a_line_names_the_gate_that_took_its_points_and_what_takes_points_off_shows_no_target(tmp_path: Path) -> None:
    gate = 'when = "breach > 3"\ncoefficient = "0"', 'when = "breach >= 1"\nzero = ["visits"]'
    off = 'kind = "deduction", points = "5", per = "1", limit = "25" }', '\ntarget = "40"'
    story = TestBank(tmp_path).founded(SCHEME.replace(*gate).replace(off[0], "".join(off)))
    story.counted("b", "breach")
    with story.following() as model:
        card = model.scorecard("r1", Q1, explain=True)
        assert card
        lines = {one.indicator: one for one in card.lines}
        (step,) = [each.en for each in lines["visits"].steps if "taken" in each.en]
        assert step == lines["visits"].sentence.en == "The line's points are taken by “Four breaches” (clause 1)."
        assert (lines["conduct"].target, lines["savings"].target) == (None, Decimal(1000))
    story.close()
