"""After a history in which everything happens, every model keeps the grain that its first line states."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import domain
from domain.contract import Sheet
from domain.scheme import Scheme, read_scheme
from projections import pipeline
from projections.past import go_back
from projections.read_model import ReadModel
from projections.trial import make
from projections.tried import Figure, Tried
from tests import reviewed
from tests.bank import PLAYED, Q1, TestBank, all_done, done
from tests.laws.histories import FED, SELF_REPORTED, History


def review(story: TestBank) -> None:
    """A quarter's reviews are opened; one is rated and becomes final, with votes and an inspection beside it."""
    reviewed.quarter_opened(story)
    for rm in ("r1", "r2"):
        reviewed.opened(story, rm)
        reviewed.rated(story, rm, "service", "80")
    reviewed.voted(story, "votes_good")
    reviewed.voted(story, "votes_fair", previous="votes_good")
    reviewed.inspected(story)
    reviewed.stepped(story, "r1", "approved")
    reviewed.finalised(story)


def contract(story: TestBank) -> None:
    """Next year's contracts are drafted, one is negotiated and signed by the RM; an outlet has a plan."""
    all_done(story.bank.draft_contracts(["r1", "r3"], 2027, "boss"))
    figure = {"quarter": "2027Q1", "indicator": "funds", "target": "6000"}
    done(story.bank.propose_targets("r1", 2027, [figure], "r1", "a new post"))
    digest = Sheet("r1", 2027, story.bank.read_contracts(2027, ["r1"])["r1"]).digest
    done(story.bank.sign_contract("r1", 2027, "rm", digest, "r1"))
    done(story.bank.set_plan("east", 2027, [figure], "boss"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadModel]:
    """A read model that followed, in two steps, a bank to which everything happened."""
    story = TestBank(tmp_path_factory.mktemp("rich")).founded(PLAYED)
    history = History(story)
    with story.following() as model:
        for n, kind in enumerate((SELF_REPORTED + FED) * 3):
            history.record(f"r{n % 3 + 1}", kind, f"2026-0{n % 3 + 1}-1{n % 9}", "2", "500", f"C{n % 4}")
        history.verify_all()
        for number in (0, 3, 9):
            history.reverse_whole(number, 3)
        history.verify_all()
        model.follower.step()
        history.void(5)
        history.deliver("r1", "2026Q1", "800", "2026-03-01")
        history.assign("C1", "r1", "r2", "2500")
        history.agree("r1", "1", "funds", "9")
        history.transfer("r2", "east", "trainee", "2026-03-01")
        history.be_absent("r3", "2026-02-02", 9)
        history.certify("r1", "2026-12-31")
        history.publish('["*"]', "2026-04-01", "a")
        history.leave_boards("r2")
        history.move_unit("west", "branch")
        history.advance(24 * 30)
        for _ in range(40):
            history.close_day(20)
        history.record("r1", "visit", "2026-04-02", "1", "0", "C1")
        review(story)
        contract(story)
        model.follower.catch_up()
        yield model
    story.close()


OPTIONAL = [each for each in pipeline.models() if each.needs and each.name not in ("figures_held", "single_days")]
"""What the bank's scheme has no use for: looked at over the examples of the language."""
USED = {
    "derived": ("measures", "peers"), "coefficients": ("measures",), "points_held": ("points", "measures"),
    "steps_reached": ("points", "peers"), "peer_groups": ("peers",), "carried": ("peers",), "ranks": ("peers",),
    "quota_moves": ("peers",),
}  # fmt: skip
"""The examples that make use of a model; the others are made use of by `points` alone."""

FAULTS = ("bad_loans", "breaches", "complaints", "conduct", "held_before")
"""Of which the examples want none."""


@pytest.fixture(scope="module", params=["points", "measures", "peers"])
def example(request: pytest.FixtureRequest) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """The scoring models over an example of the language, with figures that reach all of it."""
    name = str(request.param)
    text = (Path(domain.__file__).parent / f"schemes/examples/{name}.toml").read_text(encoding="utf-8")
    scheme = read_scheme(text)
    assert isinstance(scheme, Scheme)
    figures = {each: Figure(Decimal(30), Decimal(10)) for each, _ in scheme.measured()}
    with duckdb.connect() as con:
        faultless = figures | {each: Figure(Decimal(0)) for each in FAULTS}
        equals = {f"r{n}": Tried(figures=faultless) for n in range(3, 7)}
        make(con, scheme, {"r1": Tried(figures=faultless), "r2": Tried(figures=figures, certified=False)} | equals)
        yield name, con


@pytest.mark.parametrize("each", OPTIONAL, ids=lambda each: each.name)
def test_so_it_is_where_a_scheme_uses_more_of_the_language(
    example: tuple[str, duckdb.DuckDBPyConnection], each: pipeline.Model
) -> None:
    name, con = example
    grain = ", ".join(each.grain)
    rows = con.execute(f"SELECT count(*), count(DISTINCT ({grain})) FROM {each.name}").fetchone()
    assert rows
    assert rows[0] == rows[1]
    assert (rows[0] > 0) is (name in USED.get(each.name, ("points",)))


@pytest.mark.parametrize(
    "each", [each for each in pipeline.models() if each not in OPTIONAL], ids=lambda each: each.name
)
def test_a_models_rows_are_told_apart_by_its_grain_and_no_part_of_it_is_missing(
    model: ReadModel, each: pipeline.Model
) -> None:
    grain = ", ".join(each.grain)
    missing = " OR ".join(f"{column} IS NULL" for column in each.grain)
    with model.follower.connection.cursor() as con:
        if each.renewal in ("worked", "looked"):
            con.begin()
            go_back(con, model.follower.position, Q1, None)
        assert con.execute(f"SELECT count(*) FROM {each.name}").fetchone() != (0,)
        assert con.execute(f"SELECT * FROM {each.name} WHERE {missing}").fetchall() == []
        twice = con.execute(f"SELECT {grain} FROM {each.name} GROUP BY {grain} HAVING count(*) > 1").fetchall()
        assert twice == []


def test_no_figure_of_any_table_is_a_float(model: ReadModel) -> None:
    with model.follower.connection.cursor() as con:
        columns = con.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    assert [column for column in columns if column[2] in ("DOUBLE", "FLOAT")] == []
