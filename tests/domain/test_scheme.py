"""What a scheme says once it could be read: its warnings, its units, its sentences, and the rows it compiles to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import domain
from domain.money import MICRO, MILLI
from domain.scheme import SCHEME_TABLES, Scheme, read_scheme
from domain.shapes import Completion, Deduction, Line, PerUnit, Rank

SCHEMES = Path(domain.__file__).parent / "schemes"
SMALL = (Path(__file__).parents[1] / "schemes/small.toml").read_text(encoding="utf-8")
LINE = Line("visits", "次", Decimal(10), Decimal(12), Decimal(10), Decimal("1.2"), Decimal(11))


def read(text: str = SMALL) -> Scheme:
    scheme = read_scheme(text, "small.toml")
    assert isinstance(scheme, Scheme), "\n".join(map(str, scheme))
    return scheme


def test_compliance_and_risk_should_outweigh_each_other_class() -> None:
    text = SMALL.replace('weight = "30"', 'weight = "45"').replace('weight = "40"', 'weight = "25"')
    [warning] = read(text).warnings()
    line = text[: text.index('id = "savings"')].count("\n")
    assert str(warning) == (
        f"small.toml:{line}: make compliance and risk together weigh more than efficiency: they have 25, it has 45"
    )


def test_a_class_of_equal_weight_is_warned_of_as_well() -> None:
    text = SMALL.replace('weight = "30"', 'weight = "35"').replace('weight = "40"', 'weight = "35"')
    assert len(read(text).warnings()) == 1


def test_risk_counts_together_with_compliance() -> None:
    text = SMALL.replace('weight = "30"', 'weight = "45"').replace('weight = "40"', 'weight = "30"')
    text = text.replace('weight = "20"', 'weight = "15"').replace('class = "transformation"', 'class = "risk"')
    assert [str(one)[-35:] for one in read(text).warnings()] == ["efficiency: they have 40, it has 45"]


def test_deposits_should_be_measured_by_their_daily_average() -> None:
    text = SMALL.replace('rule = "daily-average", of = "amount"', 'rule = "sum", of = "amount"')
    assert [one.message for one in read(text).warnings()] == [
        "measure deposits by their daily average, not by sum: no target may be set for one day"
    ]


def test_of_ready_deposits_the_check_can_only_say_what_the_warehouse_has_to_deliver() -> None:
    daily = '{ rule = "daily-average", of = "amount", plus = ["deposit"], over_base = true }'
    ready = '{ rule = "ready", over_base = true }\nunit = { en = "CNY", zh = "元" }\nunrated = "zero"'
    told = [one for one in read(SMALL.replace(daily, ready)).findings() if one.rule == "deposit"]
    assert [(one.severity, one.message) for one in told] == [
        ("note", "have the warehouse deliver deposits as a daily average: no target may be set for one day")
    ]


def test_a_sound_scheme_has_no_warning() -> None:
    assert read().warnings() == []


def test_a_kind_says_who_records_it_and_when_it_counts() -> None:
    kinds = read().kinds
    assert (kinds["visit"].self_reported, kinds["visit"].counts_at_once) == (True, False)
    assert (kinds["deposit"].self_reported, kinds["deposit"].counts_at_once) == (False, True)
    assert [kinds["visit"].daily_limit, kinds["visit"].points, kinds["deposit"].points] == [
        Decimal(6),
        Decimal(2),
        Decimal(0),
    ]


def test_an_indicator_has_the_unit_of_what_it_measures() -> None:
    scheme = read(
        SMALL.replace(
            'rule = "sum", of = "quantity", plus = ["visit"]', 'rule = "distinct-customers", plus = ["visit"]'
        )
    )
    assert [scheme.unit_of(one).en for one in scheme.indicators] == ["CNY", "customers", "breaches", "points"]
    own = read(SMALL.replace("deposit = true", 'unit = { en = "yuan a day", zh = "元/日" }'))
    assert own.unit_of(own.indicators[0]).zh == "元/日"


def test_every_row_fits_its_table() -> None:
    con = duckdb.connect()
    texts = [(SCHEMES / f"examples/{name}.toml").read_text("utf-8") for name in ("points", "measures", "peers", "game")]
    texts[0] = texts[0].replace("positions =", 'units = ["north"]\npositions =', 1)
    filled = {table: rows for text in texts for table, rows in read(text).rows().items() if rows}
    assert filled.keys() == SCHEME_TABLES.keys()
    for table, rows in filled.items():
        con.execute(f"CREATE TABLE {table} ({SCHEME_TABLES[table]})")
        con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        assert con.execute(f"SELECT * FROM {table}").fetchall() == rows
    con.close()


def test_a_scheme_compiles_to_exact_integers() -> None:
    rows = read().rows()
    head = ("small", date(2026, 1, 1))
    plain_measure = (None, MILLI, None, None, None)  # in no section, made of nothing else
    assert rows["scheme_versions"] == [
        (*head, MICRO // 100, "up", 30, "spread", 950_000, 800_000, 3, None, None, False, None, "whole")
    ]
    assert rows["scheme_positions"] == [(*head, "*")]
    assert rows["scheme_kinds"][0] == (*head, "visit", "quantity", 2 * MICRO, 6 * MILLI, False, True, False, True)
    savings = (
        "savings",
        0,
        "efficiency",
        "quantitative",
        30 * MICRO,
        "daily-average",
        "amount",
        True,
        True,
        None,
        None,
    )
    assert rows["scheme_indicators"][0] == (
        *head,
        *savings,
        3,
        "completion",
        "share",
        True,
        "more",
        "parts",
        1,
        None,
        *plain_measure,
    )
    visits = ("visits", 1, "transformation", "quantitative", 10 * MICRO, "sum", "quantity", False, False, None, None)
    assert rows["scheme_indicators"][1] == (
        *head,
        *visits,
        1,
        "measured",
        "points",
        False,
        "more",
        "parts",
        MILLI,
        0,
        *plain_measure,
    )
    curve = (None, False, None, False)  # one piece without ends
    assert rows["scheme_pieces"][:2] == [
        (*head, "savings", *curve, MICRO, MICRO, 1, 1, 0, 1_200_000),
        (*head, "visits", *curve, 0, 0, 500, 1, 0, 8 * MICRO),
    ]
    assert rows["scheme_indicators"][3][5:13] == (
        "qualitative",
        20 * MICRO,
        "rating",
        None,
        False,
        False,
        100 * MILLI,
        "spread",
    )
    assert rows["scheme_terms"][0] == (*head, "savings", "deposit", 1, MICRO, True)
    assert rows["scheme_gates"] == [
        (*head, "breach", 0, "basically-qualified", 2, None, None, "gate:breach"),
        (*head, "grave", 1, None, None, 0, None, "gate:grave"),
    ]
    assert rows["scheme_figure_terms"][0] == (*head, "gate:breach", 0, "kind", "breach", ">=", 2 * MILLI)
    assert rows["scheme_tiers"][2] == (*head, "basically-qualified", 2, 60 * MICRO, 800_000, None, False)


def test_kinds_that_are_subtracted_and_that_state_a_balance_have_their_sign() -> None:
    text = SMALL.replace('plus = ["deposit"]', 'plus = ["deposit"], minus = ["visit"], sets = ["breach"]')
    assert [row[3:6] for row in read(text).rows()["scheme_terms"]][:3] == [
        ("deposit", 1, MICRO), ("visit", -1, -MICRO), ("breach", 0, MICRO),
    ]  # fmt: skip


COMPLETION = Completion(kind="completion", cap="1.2", floor="0.5")
PER_UNIT = PerUnit(kind="per-unit", points="0.5", per="1", limit="8")
RANK = Rank(
    kind="rank", within="branch", ties="best", smallest=5, small="full",
    bands=({"to": "0.5", "gives": "10"}, {"from": "0.5", "gives": "5"}),
)  # fmt: skip
DEDUCTION = Deduction(kind="deduction", points="5", per="1", limit="25")


@pytest.mark.parametrize(
    ("shape", "line", "en", "zh"),
    [
        (
            COMPLETION,
            LINE,
            "12 of 10 visits is 120 %; of 10 points: 11.",
            "实绩 12 次，目标 10 次，完成率 120 %；满分 10 分，得 11 分。",
        ),
        (
            COMPLETION,
            replace(LINE, measured=Decimal(4500000), target=Decimal(1500000), completion=Decimal(3)),
            "4,500,000 of 1,500,000 visits is 300 %, counted as 120 % at most; of 10 points: 11.",
            "实绩 4,500,000 次，目标 1,500,000 次，完成率 300 %，按上限 120 % 计；满分 10 分，得 11 分。",
        ),
        (
            COMPLETION,
            replace(LINE, measured=Decimal(1), completion=Decimal("0.1")),
            "1 of 10 visits is 10 %, counted as 50 % at least; of 10 points: 11.",
            "实绩 1 次，目标 10 次，完成率 10 %，按下限 50 % 计；满分 10 分，得 11 分。",
        ),
        (
            COMPLETION,
            replace(LINE, carried=Decimal(2)),
            "12 of 10 visits is 120 %; of 10 points: 11. "
            "Of the target 2 visits were missing in the year's earlier quarters.",
            "实绩 12 次，目标 10 次，完成率 120 %；满分 10 分，得 11 分。目标中含本年前期未完成结转 2 次。",
        ),
        (
            COMPLETION,
            replace(LINE, carried=Decimal(1)),
            "12 of 10 visits is 120 %; of 10 points: 11. "
            "Of the target 1 visit was missing in the year's earlier quarters.",
            "实绩 12 次，目标 10 次，完成率 120 %；满分 10 分，得 11 分。目标中含本年前期未完成结转 1 次。",
        ),
        (
            RANK,
            replace(LINE, rank=3, peers=8),
            "12 visits is place 3 of 8 branch peers, within the first 37.5 %; of 10 points: 11.",
            "实绩 12 次，在所属 branch 参评的 8 人中列第 3 位（前 37.5 %）；满分 10 分，得 11 分。",
        ),
        (
            RANK,
            replace(LINE, points=None, reason="small-group"),
            "Too few peers to be compared with: its weight is spread over the other lines.",
            "可比人数不足，权重由其他指标分摊。",
        ),
        (
            RANK,
            replace(LINE, reason="small-group"),
            "Too few peers to be compared with: it counts as full.",
            "可比人数不足，按满分计。",
        ),
        (
            PER_UNIT,
            LINE,
            "12 visits: 12 × 0.5 = 6; at most 8: 11.",
            "实绩 12 次：12 × 0.5 = 6；最多 8 分，得 11 分。",
        ),
        (
            DEDUCTION,
            LINE,
            "12 visits: 12 × 5 = 60; 10 points less that, 10 at most: 11.",
            "发生 12 次：12 × 5 = 60；满分 10 分，照此扣分，最多扣 10 分，得 11 分。",
        ),
        (
            DEDUCTION,
            replace(LINE, points=None, reason="not-rated"),
            "No rating stands yet: its weight is spread over the other lines.",
            "尚无生效的评分，权重由其他指标分摊。",
        ),
        (
            COMPLETION,
            replace(LINE, points=Decimal(0), reason="no-target"),
            "No target agreed: it counts as 0.",
            "未约定目标，按 0 分计。",
        ),
        (
            COMPLETION,
            replace(LINE, points=None),
            "The figure is out of range and can't be scored.",
            "数值超出范围，无法计分。",
        ),
    ],
)
def test_a_shape_says_how_the_points_came_about(
    shape: Completion | PerUnit | Deduction | Rank, line: Line, en: str, zh: str
) -> None:
    assert shape.sentence(line) == (en, zh)
