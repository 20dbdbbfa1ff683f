"""The follower: it follows, it waits, and it makes a file anew that it can't trust, and says so.

Longer than 300 lines because whatever may befall a follower stands together.
"""

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Semaphore
from typing import Any

import duckdb
import pytest

from domain.log import Senseless
from projections import follower, pipeline, step
from projections.follower import Follower
from projections.last_event import put_aside
from projections.read_model import ReadModel
from projections.trouble import NO_ROOM
from tests.bank import Q1, Q2, SCHEME, UNITS, TestBank, all_done, answers, done, tables
from tests.tampering import tampered

FILE = "read-model.duckdb"
Tables = dict[str, list[tuple[Any, ...]]]


def worked(folder: Path) -> TestBank:
    """A bank with a little work of every kind."""
    story = TestBank(folder).founded()
    for n, kind in enumerate(["visit", "deposit", "card", "fund", "breach"]):
        story.counted(f"n{n}", kind, amount="500", customer=f"C{n}")
    return story


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestBank, bytes, Tables]]:
    """A bank, the file of a read model that has followed it, and what is in there."""
    story = worked(tmp_path_factory.mktemp("followed"))
    with story.following(FILE) as model:
        rows = tables(model)
    yield story, (story.folder / FILE).read_bytes(), rows
    story.close()


@pytest.fixture
def story(followed: tuple[TestBank, bytes, Tables]) -> TestBank:
    """The bank with the file as it was followed."""
    story, content, _ = followed
    (story.folder / FILE).write_bytes(content)
    return story


@pytest.fixture
def rows(followed: tuple[TestBank, bytes, Tables]) -> Tables:
    return followed[2]


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[TestBank]:
    """A bank to which a test adds."""
    story = TestBank(tmp_path).founded()
    yield story
    story.close()


def flipped(path: Path, where: Callable[[int], slice]) -> None:
    """Damage some bytes of a file."""
    content = bytearray(path.read_bytes())
    part = where(len(content))
    content[part] = bytes(byte ^ 0xFF for byte in content[part])
    path.write_bytes(content)


def test_a_read_model_that_is_current_is_kept_and_nothing_is_said(story: TestBank, rows: Tables) -> None:
    with story.following(FILE) as model:
        assert model.follower.told is None
        assert model.follower.step() is False
        assert tables(model) == rows


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no database at all": lambda path: path.write_bytes(b"not a database, but block after block of text " * 1000),
    "an empty file": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "its first bytes": lambda path: flipped(path, lambda size: slice(0, 4096)),
    "its headers": lambda path: flipped(path, lambda size: slice(4096, 12288)),
    "its blocks": lambda path: flipped(path, lambda size: slice(12288, size)),
    "its last block": lambda path: flipped(path, lambda size: slice(size - 5000, size)),
    "foreign tables": lambda path: _foreign(path),
    "no row of progress": lambda path: _changed(path, "DELETE FROM progress"),
    "a table that is missing": lambda path: _changed(path, "DROP TABLE grades"),
}


def _foreign(path: Path) -> None:
    path.unlink()
    _changed(path, "CREATE TABLE diary (day DATE)")


def _changed(path: Path, statement: str) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(statement)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_read_model_is_rebuilt_and_says_so(story: TestBank, rows: Tables, damage: str) -> None:
    DAMAGES[damage](story.folder / FILE)
    with story.following(FILE) as model:
        assert tables(model) == rows
        assert damage == "an empty file" or "rebuilt from the log" in str(model.follower.told)


def test_a_damaged_read_model_is_rebuilt_whatever_its_folder_is_called(tmp_path: Path) -> None:
    story = TestBank(tmp_path / "lock").founded()
    (story.folder / FILE).write_bytes(b"no database" * 1000)
    with story.following(FILE) as model:
        assert model.follower.told is not None
    story.close()


def test_a_read_model_of_another_version_is_made_anew(story: TestBank, rows: Tables) -> None:
    _changed(story.folder / FILE, "UPDATE progress SET models = 'older'")
    with story.following(FILE) as model:
        assert model.follower.told == "the read model was made by another version and is rebuilt from the log"
        assert tables(model) == rows


@pytest.mark.parametrize("more", [0, 20], ids=["that is shorter", "that is longer"])
def test_the_read_model_of_another_log_is_made_anew(story: TestBank, growing: TestBank, more: int) -> None:
    """A shorter one is a store that was restored from an older backup."""
    growing.bank.record_actions([growing.line(f"x{n}") for n in range(more)], "crm")
    (growing.folder / FILE).write_bytes((story.folder / FILE).read_bytes())
    with growing.following(FILE) as model, growing.following() as fresh:
        assert "belongs to another log" in str(model.follower.told)
        assert put_aside(growing.folder / FILE).exists()
        assert tables(model) == tables(fresh)


def test_a_file_that_another_follower_holds_is_a_clear_error_and_is_left_alone(story: TestBank) -> None:
    holder = "import sys, duckdb; con = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    path = story.folder / FILE
    before = path.read_bytes()
    with _process(holder, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(Exception, match="lock"):
            Follower(story.bank, path)
        process.communicate("")
    assert path.read_bytes() == before


def _process(program: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_follower_in_its_thread_takes_in_what_is_recorded(growing: TestBank) -> None:
    model = growing.follow()
    model.follower.start()
    for ref in "abc":
        position = done(growing.record(ref)).position
        assert model.wait_for(position, 30)
        assert model.progress().lag == 0
    model.follower.stop()


def test_waiting_for_a_position_that_does_not_come_ends_in_time(growing: TestBank) -> None:
    with growing.following() as model:
        assert model.wait_for(growing.last_position, 0)
        assert not model.wait_for(growing.last_position + 1, 0.01)


def test_progress_says_how_far_the_read_model_lags(growing: TestBank) -> None:
    with growing.following() as model:
        done(growing.record("a"))
        done(growing.record("b"))
        assert (model.progress().lag, model.progress().log_position) == (2, growing.last_position)


def test_a_step_that_fails_leaves_the_read_model_where_it_was(
    growing: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    with growing.following() as model:
        before, position = tables(model), model.follower.position
        done(growing.record("a", "deposit", amount="5"))
        monkeypatch.setattr(pipeline, "renew", _failing_at("grades", pipeline.renew))
        with pytest.raises(RuntimeError, match="at grades"):
            model.follower.step()
        assert (tables(model), model.follower.position) == (before, position)
        monkeypatch.undo()
        assert model.follower.catch_up() == growing.last_position


def _failing_at(name: str, renew: Callable[..., int]) -> Callable[..., int]:
    def failing(con: duckdb.DuckDBPyConnection, model: pipeline.Model) -> int:
        if model.name == name:
            raise RuntimeError(f"at {name}")
        return renew(con, model)

    return failing


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What a follower logs that tries again at short intervals."""
    monkeypatch.setattr(follower, "PAUSE_SECONDS", 0.02)
    return caplog


def tried(model: ReadModel, monkeypatch: pytest.MonkeyPatch, times: int = 4) -> None:
    """Wait until its follower has tried again some times."""
    left, step = Semaphore(0), model.follower.step

    def counted() -> bool:
        left.release()
        return step()

    monkeypatch.setattr(model.follower, "step", counted)
    assert all(left.acquire(timeout=60) for _ in range(times))


@pytest.mark.parametrize("state", ["'{'", "x'ff'"], ids=["that is no JSON", "that is no text"])
def test_a_follower_stands_before_an_event_that_says_nothing_and_says_so_once(
    growing: TestBank, monkeypatch: pytest.MonkeyPatch, told: pytest.LogCaptureFixture, state: str
) -> None:
    bad = [done(growing.record(ref)).position for ref in "abc"][1]
    [(_, _, _, _, before)] = growing.bank.log.select_positions([bad])
    tampered(growing, f"UPDATE stored_events SET state = {state} WHERE rowid = {bad}")
    model = growing.follow()
    model.follower.start()
    assert not model.wait_for(bad, 600)
    assert model.wait_for(bad - 1, 60)
    tried(model, monkeypatch)
    assert (model.follower.position, len(model.grades(Q1).grades)) == (bad - 1, 3)
    assert f"position {bad}" in str(model.follower.barred)
    assert [(record.getMessage(), record.exc_info) for record in told.records] == [(model.follower.barred, None)]
    with pytest.raises(Senseless, match=f"position {bad} says nothing"):
        model.follower.rebuild()
    with growing.bank.log.writing() as cursor:
        cursor.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (before, bad))
    tried(model, monkeypatch)
    assert model.wait_for(bad + 1, 60)
    assert told.records[-1].getMessage() == "the read model follows the log again"
    model.follower.stop()


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """What a full disk looks like."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_follower_on_a_full_disk_says_so_once_and_goes_on_when_there_is_room(
    growing: TestBank, monkeypatch: pytest.MonkeyPatch, told: pytest.LogCaptureFixture
) -> None:
    with growing.following(FILE) as model, growing.following() as fresh:
        before = model.follower.position
        all_done(growing.bank.record_actions([growing.line(f"n{n}") for n in range(500)], "crm"))
        with no_file_beyond(1):
            model.follower.start()
            tried(model, monkeypatch)
            assert [(record.getMessage(), record.exc_info) for record in told.records] == [(NO_ROOM, None)]
            assert model.follower.position == before
        assert model.wait_for(growing.last_position, 60)
        tried(model, monkeypatch)
        assert [record.getMessage() for record in told.records][1:] == ["the read model follows the log again"]
        fresh.follower.catch_up()
        assert tables(model) == tables(fresh)


def test_what_has_changed_is_written_into_the_file_when_nothing_more_comes(
    growing: TestBank, monkeypatch: pytest.MonkeyPatch, told: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(follower, "SETTLED", 1)
    changes = growing.folder / f"{FILE}.wal"
    with growing.following(FILE) as model:
        assert changes.stat().st_size > 0
        with no_file_beyond(1):
            model.follower.start()
            tried(model, monkeypatch)
            assert [(record.getMessage(), record.exc_info) for record in told.records] == [(NO_ROOM, None)]
        assert model.wait_for(done(growing.record("later")).position, 60)
        tried(model, monkeypatch)
        assert not changes.exists() or changes.stat().st_size == 0
        assert told.records[-1].getMessage() == "the read model follows the log again"


def test_a_file_that_duckdb_gave_up_is_opened_anew(
    growing: TestBank, monkeypatch: pytest.MonkeyPatch, told: pytest.LogCaptureFixture
) -> None:
    failing = [duckdb.FatalException("invalidated")] * 2
    with growing.following(FILE) as model:
        former, follow = model.follower.connection, model.follower._follow

        def fatal(*given: Any, **how: Any) -> int:
            if failing:
                raise failing.pop()
            return follow(*given, **how)

        monkeypatch.setattr(model.follower, "_follow", fatal)
        position = done(growing.record("a")).position
        model.follower.start()
        assert model.wait_for(position, 60)
        tried(model, monkeypatch)
        assert model.follower.connection is not former
        assert [record.getMessage() for record in told.records] == [NO_ROOM, "the read model follows the log again"]


def test_a_rebuild_answers_as_before(story: TestBank, rows: Tables) -> None:
    with story.following(FILE) as model:
        before = answers(model, [Q1])
        model.follower.rebuild()
        assert tables(model) == rows
        assert answers(model, [Q1]) == before


def test_after_a_long_run_what_lies_on_shelves_stands_in_their_order_and_answers_as_before(
    growing: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(9):
        growing.counted(f"n{n}", "card", rm=f"r{n % 3 + 1}")
        done(growing.bank.verify_action(done(growing.record(f"v{n}", rm=f"r{n % 3 + 1}")).subject, "boss"))
    with growing.following() as model:
        monkeypatch.setattr(step, "LONG", 9)
        model.follower.rebuild()
        with model.follower.connection.cursor() as con:
            for table in step.SHELVED:
                shelves = [row[0] for row in con.execute(f"SELECT t.shelf FROM {table} AS t").fetchall()]
                assert shelves == sorted(shelves)
                assert len(set(shelves)) == 3
        growing.counted("n9", "card", rm="r2")
        model.follower.catch_up()
        rows, before = tables(model), answers(model, [Q1])
        monkeypatch.undo()
        model.follower.rebuild()
        assert (tables(model), answers(model, [Q1])) == (rows, before)


@pytest.mark.parametrize("way", ["step", "rebuild", "follow_to"])
def test_the_next_step_begins_where_the_last_one_ended_whoever_takes_it(
    growing: TestBank, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    with growing.following() as model:
        following = model.follower
        done(growing.record("n1"))
        move, free = following._move, []

        def moved(position: int) -> None:
            free.append(not following._lock.locked())  # then another thread would take in the same events once more
            move(position)

        monkeypatch.setattr(following, "_move", moved)
        getattr(following, way)(*([growing.last_position] if way == "follow_to" else []))
        assert (free, following.position) == ([False], growing.last_position)


def test_everybody_is_listed_from_the_quarter_of_the_first_action_in_a_bank_without_contracts(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2027-05-10")
    done(story.publish(SCHEME))
    all_done(story.bank.open_units(UNITS, "lead"))
    all_done([story.register("r1"), story.register("r2")])
    with story.following() as model:
        assert model.grades(Q1).grades == []
        done(story.record("a", "deposit", amount="100"))
        model.follower.catch_up()
        states = [[(each.rm, each.status) for each in model.grades(quarter).grades] for quarter in (Q1, Q2)]
    story.close()
    assert states == [[("r1", "no-contract"), ("r2", "no-contract")]] * 2


def test_a_question_and_a_step_that_go_on_for_ever_are_ended_where_the_file_is_closed(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_ever = "SELECT sum(a.range * b.range) FROM range(1000000000) AS a CROSS JOIN range(1000000) AS b"
    model, begun = story.follow(FILE), Semaphore(0)

    def work(con: duckdb.DuckDBPyConnection, *_: Any) -> int:
        begun.release()
        con.execute(for_ever)
        return 0

    def ask(as_of: int | None) -> None:
        with model._at(as_of) as con:
            work(con)

    monkeypatch.setattr(model.follower, "_follow", work)
    model.follower.start()  # first, as a server does: how many threads DuckDB has is not set while questions work
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask, None), pool.submit(ask, model.follower.position - 1)]
        assert all(begun.acquire(timeout=30) for _ in range(3))
        model.follower.stop()
        told = [each.exception(timeout=30) for each in asked]
    assert [type(each) for each in told] == [duckdb.ConnectionException] * 2
    with pytest.raises(duckdb.ConnectionException), model._at(None):
        pass
    with story.following(FILE) as again:
        assert again.follower.told is None
