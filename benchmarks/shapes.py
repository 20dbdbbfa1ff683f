"""What a score costs by shape: twenty indicators of mixed shapes beside twenty of plain completion, same figures."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.figure import Figure, in_turn, ratio_of, seconds
from benchmarks.sizes import Sizes
from domain.scheme import SCHEME_TABLES, Scheme, read_scheme
from projections import pipeline
from projections.trial import GIVEN, scoring

INDICATORS = 20
PLAIN = '{ kind = "completion", cap = "1.2", floor = "0" }'
MIXED = (
    '{ kind = "completion", cap = "1.2", start = "0.6" }',
    '{ kind = "completion", cap = "1.5", below = "2", above = "0.5", cliff = { under = "0.8", keeps = "0.5" } }',
    '{ kind = "all-or-nothing" }',
    '{ kind = "curve", on = "completion", points = [{ at = "0.6", gives = "0" }, { at = "1", gives = "4" }, '
    '{ at = "1.3", gives = "5" }] }',
    '{ kind = "bands", on = "measured", edges = "from", bands = [{ to = "40", gives = "0" }, '
    '{ from = "40", to = "80", gives = "1", until = "3" }, { from = "80", gives = "5" }] }',
    '{ kind = "bands", on = "completion", edges = "to", bands = [{ to = "0.8", gives = "0" }, '
    '{ from = "0.8", to = "1", gives = "3" }, { from = "1", gives = "5" }] }',
    '{ kind = "slices", counts = "slice", limit = "5", slices = [{ points = "0.01", per = "1" }, '
    '{ from = "50", points = "0.1", per = "1" }] }',
    '{ kind = "per-unit", points = "1", per = "20", limit = "5", steps = "full" }',
    '{ kind = "deduction", points = "1", per = "30", limit = "4", steps = "started", free = "20" }',
    '{ kind = "control", better = "less", met = "full", points = "1", per = "10", limit = "5", steps = "started" }',
    '{ kind = "rank", on = "completion", ties = "best", smallest = 5, small = "spread", '
    'bands = [{ to = "0.2", gives = "5" }, { from = "0.2", to = "0.7", gives = "3" }, { from = "0.7", gives = "1" }] }',
)
TABLES = {"touched": "rm VARCHAR, quarter VARCHAR"} | GIVEN


def measure(sizes: Sizes, _folder: Path) -> Iterator[Figure]:
    """Score everybody by both schemes in turn."""
    mixed, plain = Scored(MIXED, sizes.rms), Scored((PLAIN,), sizes.rms)
    ours, limit = ([1_000 * took for took in each] for each in in_turn(sizes.rounds, mixed.score, plain.score))
    yield Figure(
        f"scores of {sizes.rms:,} RMs by {INDICATORS} indicators of {len(MIXED)} shapes",
        f"by {INDICATORS} of plain completion", "ms", median(ours), median(limit), ratio_of(ours, limit), 3.0,
        least=False, note="from what was measured to tier and coefficient, by the models that grade the bank",
    )  # fmt: skip


class Scored:
    """Everybody's figures, and the models that score them under a scheme of some shapes."""

    def __init__(self, shapes: Sequence[str], rms: int) -> None:
        scheme = read_scheme(scheme_of(shapes))
        if not isinstance(scheme, Scheme):
            raise RuntimeError("; ".join(map(str, scheme)))
        self.con = duckdb.connect()
        for table, columns in (SCHEME_TABLES | TABLES).items():
            self.con.execute(f"CREATE TABLE {table} ({columns})")
        for table, rows in scheme.rows().items():
            for row in rows:
                self.con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        everybody = f"(SELECT 'R' || i AS rm, '2026Q1' AS quarter FROM range({rms:d}) AS r(i))"
        version = f"'{scheme.scheme}', DATE '{scheme.effective}'"
        self.con.execute(f"INSERT INTO touched SELECT rm, quarter FROM {everybody}")
        self.con.execute(f"INSERT INTO service SELECT rm, quarter, 'o', {version}, TRUE, 60, TRUE FROM {everybody}")
        self.con.execute(
            f"INSERT INTO counted_figures SELECT e.rm, e.quarter, {version}, i.indicator, "
            "CAST(hash(e.rm || i.indicator) % 150000 AS BIGINT), NULL, 100000, NULL, TRUE "
            f"FROM {everybody} AS e CROSS JOIN scheme_indicators AS i"
        )
        self.con.execute(
            f"INSERT INTO peer_groups SELECT e.rm, e.quarter, {version}, r.level, 'everybody' "
            f"FROM {everybody} AS e CROSS JOIN (SELECT DISTINCT level FROM scheme_ranks) AS r"
        )
        pipeline.create_macros(self.con)
        self.models = scoring()
        for each in self.models:
            pipeline.create(self.con, each)
        self._renew()
        (unscored,) = self.con.execute("SELECT count(*) FROM score_lines WHERE points IS NULL").fetchone() or (1,)
        if unscored:
            raise RuntimeError(f"{unscored} lines were not scored: the figure would tell less than it says")

    def score(self) -> float:
        """Seconds from the measures to the grades."""
        return seconds(self._renew)

    def _renew(self) -> None:
        for each in self.models:
            pipeline.renew(self.con, each)


def scheme_of(shapes: Sequence[str]) -> str:
    """A scheme of twenty indicators whose shapes follow each other."""
    indicators = "".join(
        f'[[indicators]]\nid = "i{n}"\nclause = "1"\nen = "I"\nzh = "指标"\nclass = "compliance"\n'
        f'nature = "quantitative"\nweight = "{100 // INDICATORS}"\nunit = {{ en = "units", zh = "件" }}\n'
        f'measure = {{ rule = "ready" }}\nunrated = "spread"\nshape = {shapes[n % len(shapes)]}\n'
        for n in range(INDICATORS)
    )
    return f"""
scheme = "shapes"
effective = 2026-01-01
en = "Shapes"
zh = "计分方式"
positions = ["*"]
rounding = {{ points = "0.01", half = "up" }}
clauses."1" = {{ en = "One.", zh = "一。" }}
[appraisal]
clause = "1"
en = "Who"
zh = "谁"
minimum_working_days = 0
without_target = "spread"
{indicators}
[[tiers]]
id = "good"
en = "Good"
zh = "良好"
floor = "60"
coefficient = "1"
[[tiers]]
id = "weak"
en = "Weak"
zh = "不足"
floor = "0"
coefficient = "0.5"
"""
