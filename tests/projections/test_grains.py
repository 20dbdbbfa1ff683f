"""After a history in which everything happens, every model keeps the grain that its first line states."""

from collections.abc import Iterator

import pytest

from projections import pipeline
from projections.past import go_back
from projections.read_model import ReadModel
from tests.bank import Q1, TestBank
from tests.laws.histories import FED, SELF_REPORTED, History


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadModel]:
    """A read model that followed, in two steps, a bank to which everything happened."""
    story = TestBank(tmp_path_factory.mktemp("rich")).founded()
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
        history.move_unit("west", "branch")
        history.advance(24 * 30)
        for _ in range(40):
            history.close_day(20)
        history.record("r1", "visit", "2026-04-02", "1", "0", "C1")
        model.follower.catch_up()
        yield model
    story.close()


@pytest.mark.parametrize("each", pipeline.models(), ids=lambda each: each.name)
def test_a_models_rows_are_told_apart_by_its_grain_and_no_part_of_it_is_missing(
    model: ReadModel, each: pipeline.Model
) -> None:
    grain = ", ".join(each.grain)
    missing = " OR ".join(f"{column} IS NULL" for column in each.grain)
    with model.follower.connection.cursor() as con:
        if each.renewal == "worked":
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
