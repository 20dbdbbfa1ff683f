"""What would reach the next tier: the least of each figure, days of the own pace, and why others are not enough."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import domain
from domain.money import MILLI, unscaled
from domain.scheme import Scheme, read_scheme
from projections.next_tier import beyond_quota, next_tier
from projections.reach import reach
from projections.tried import Figure, Tried
from projections.variants import Variants
from tests.schemes.cases import read_cases, read_shipped

HERE = Path(__file__).parent
SMALL = (HERE.parent / "schemes/small.toml").read_text(encoding="utf-8")
CASES = tomllib.loads((HERE / "reach.toml").read_text(encoding="utf-8"))
FIGURES = {"savings": "80", "visits": "10", "conduct": "0", "service": "80"}
TARGET = Decimal(100)


def scheme_with(changes: list[list[str]]) -> Scheme:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    scheme = read_scheme(text)
    assert isinstance(scheme, Scheme), scheme
    return scheme


def tried_with(figures: dict[str, str]) -> Tried:
    given = {name: Decimal(value) if value else None for name, value in (FIGURES | figures).items()}
    return Tried(figures={name: Figure(value, TARGET if name == "savings" else None) for name, value in given.items()})


@pytest.mark.parametrize("name", CASES)
def test_what_would_reach_the_next_tier_is_the_least_that_does(name: str) -> None:
    case = CASES[name]
    scheme = scheme_with(case.get("changes", []))
    found = reach(scheme, tried_with(case.get("figures", {})), 20)
    assert found
    told = next_tier(scheme, found, 10)
    assert {way.figure: str(way.to) for way in told.ways} == case["ways"]
    assert (told.pace and told.pace.days) == case.get("days")
    assert {one.indicator: one.reason for one in told.out_of_reach} == case["reasons"]
    assert [gate.en for gate in told.barred_by] == case.get("barred", [])


def test_the_least_is_told_with_what_it_adds_and_one_step_less_is_kept_beside_it() -> None:
    found = reach(scheme_with([]), tried_with({}), 20)
    assert found
    (way,) = found.ways
    assert (way.moved, way.less) == ({"savings": 96_650}, {"savings": 96_640})
    assert unscaled(way.mover.step, MILLI) == Decimal("0.01")
    assert next_tier(scheme_with([]), found, 10).ways[0].more == Decimal("16.65")


def test_a_ready_figure_moves_by_whole_pieces_where_its_unit_counts_some_and_by_thousandths_where_it_is_a_rate() -> (
    None
):
    """Nobody keeps a part of a customer, nor is there a part of a vote."""
    [case] = [case for case in read_cases() if case.name == "four full perspectives make a hundred points"]
    figures = {"customers_stayed": Figure(Decimal(85)), "arrears": Figure(Decimal(60)), "audit": Figure(Decimal(3))}
    scheme = read_shipped(case.file)
    found = reach(scheme, replace(case.tried, figures=case.tried.figures | figures), days=59)
    assert found
    steps = {way.mover.figure: unscaled(way.mover.step, MILLI) for way in found.ways}
    small = Decimal("0.001")
    assert steps == {"loans_now": small, "arrears": small, "customers_stayed": 1, "customers_before": 1}
    ways = {way.figure: way.sentence.en for way in next_tier(scheme, found, 10).ways}
    assert "6 customers more, 91 customers in all." in ways["customers_stayed"]
    assert scheme.is_of_pieces("answers_delighted")
    assert not scheme.is_of_pieces("by_peers")


def test_at_the_top_there_is_nothing_to_reach() -> None:
    assert reach(scheme_with([]), tried_with({"savings": "120", "service": "100"}), 20) is None


def test_who_has_no_grade_has_no_next_tier() -> None:
    barred = scheme_with([['cap_tier = "basically-qualified"', 'then = "not-gradable"']])
    assert reach(barred, tried_with({"breach": "2"}), 20) is None


PEERS = read_scheme((Path(domain.__file__).parent / "schemes/examples/peers.toml").read_text(encoding="utf-8"))


def test_a_line_by_the_place_among_peers_is_left_to_them_and_a_quota_is_named() -> None:
    assert isinstance(PEERS, Scheme)
    ranked = [one.id for one in PEERS.indicators if one.shape.columns().axis == "rank"]
    figures = {name: Figure(Decimal(50), TARGET) for name, measure in PEERS.measured() if not measure.derived}
    found = reach(PEERS, Tried(figures=figures), 20)
    assert found
    told = next_tier(PEERS, found, 10)
    assert {one.indicator for one in told.out_of_reach if one.reason == "ranked"} == set(ranked) != set()
    assert not {figure for way in told.ways for figure in way.lines} & set(ranked)
    moving = [one.en for one in PEERS.quotas if one.at_most is None or one.tier == told.tier]
    assert [one.en for one in told.compared] == moving


@pytest.mark.parametrize(("place", "named"), [(0, [True, True]), (1, [False, True]), (2, [False, True])])
def test_only_a_quota_is_named_that_can_move_somebody_out_of_the_tier(place: int, named: list[bool]) -> None:
    assert isinstance(PEERS, Scheme)
    figures = {name: Figure(Decimal(50), TARGET) for name, measure in PEERS.measured() if not measure.derived}
    found = reach(PEERS, Tried(figures=figures), 20)
    assert found
    told = next_tier(PEERS, replace(found, place=place), 10)
    assert [one.en in [each.en for each in told.compared] for one in PEERS.quotas] == named


def test_what_a_quota_moved_down_has_no_way_of_its_own() -> None:
    assert isinstance(PEERS, Scheme)
    quota = PEERS.quotas[0]
    told = beyond_quota(PEERS, quota.id, 1)
    assert (told.tier, told.ways, told.pace, [one.en for one in told.compared]) == (
        PEERS.tiers[0].id,
        [],
        None,
        [quota.en],
    )


def test_figures_larger_than_any_that_is_counted_lead_nowhere() -> None:
    with Variants(scheme_with([]), tried_with({}), {}) as variants:
        within, beyond = variants.score([{"visits": 40_000}, {"visits": 2**63}])
    assert within is not None
    assert beyond is None
