"""`appraise backup` and `restore`: the same bank out of one file, whole or not at all.

Longer than 300 lines because both commands are tested on the same bank and the same files.
"""

import errno
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from api import backup
from api.backup import COPIED, LEFT_OUT, back_up, check_backup
from api.identity import Identity
from domain.bank import open_bank
from tests.api.cli.conftest import Appraise
from tests.postgres.server import Server

ROOT = Path(__file__).parents[3]
ACTIONS = "source,external_ref,rm,kind,occurred_on,quantity,amount,note\n" + "".join(
    f"crm,A{n},R{n % 2 + 1},visit,2026-03-0{n % 9 + 1},1,0,{'a word' if n % 3 else ''}\n" for n in range(300)
)
KILLED_AT = """
import os, signal, sys
from api import backup
from api.cli import run
backup.PAGES = backup.ROWS = 1
left = [int(sys.argv.pop(1))]
def killed_at(moment):
    def counted(*given):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return moment(*given)
    return counted
backup._insert = killed_at(backup._insert)
run_backup = backup.back_up
from api.cli import backup as command
command.back_up = lambda bank, file, show: run_backup(bank, file, killed_at(show))
run()
"""


@pytest.fixture
def bank_at_work(bank_of_two: Appraise, tmp_path: Path) -> Appraise:
    """A bank of two RMs with actions, a user and a token."""
    (tmp_path / "actions.csv").write_text(ACTIONS, encoding="utf-8")
    assert bank_of_two("import", "actions", "actions.csv").code == 0
    assert bank_of_two("token", "create", "--subject", "pay", "--role", "hr").code == 0
    return bank_of_two


def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str = "elsewhere") -> Path:
    """Another data dir, where nothing stands."""
    monkeypatch.setenv("APPRAISE_DATA_DIR", str(tmp_path / name))
    return tmp_path / name


def by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy as from a store that is no SQLite file, a few rows at a time."""
    monkeypatch.setattr(backup, "_copy_pages", lambda bank, part, show: backup._copy_rows(bank, part))
    monkeypatch.setattr(backup, "ROWS", 7)


def by_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy a page at a time."""
    monkeypatch.setattr(backup, "PAGES", 1)


@pytest.mark.parametrize("way", [by_pages, by_rows])
def test_grades_are_the_same_after_a_restore(
    bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[[pytest.MonkeyPatch], None]
) -> None:
    way(monkeypatch)
    before = [bank_at_work("grade", "2026Q1", "--format", "json", *more).out for more in ((), ("--as-of", "100"))]
    typed = bank_at_work("backup", "bank.backup")
    assert typed.code == 0, typed.err
    file = tmp_path / "bank.backup"
    assert typed.out == f"bank.backup holds the bank, checked: {check_backup(file)}.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    elsewhere(monkeypatch, tmp_path)
    restored = bank_at_work("restore", "bank.backup")
    assert (restored.code, restored.out) == (0, f"Restored from bank.backup: {check_backup(file)}.\n")
    after = [bank_at_work("grade", "2026Q1", "--format", "json", *more).out for more in ((), ("--as-of", "100"))]
    assert before == after
    assert [grade["name"] for grade in json.loads(after[0])] == ["王芳", "李伟"]
    assert bank_at_work("backup", "again.backup").code == 0
    assert check_backup(tmp_path / "again.backup") == check_backup(file)
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def test_a_backup_moves_a_bank_to_postgresql_and_back(
    bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Server
) -> None:
    def grades() -> list[str]:
        return [bank_at_work("grade", "2026Q1", "--format", "json", *more).out for more in ((), ("--as-of", "100"))]

    monkeypatch.setattr(backup, "ROWS", 150)
    before = grades()
    bank_at_work("backup", "1.backup")
    elsewhere(monkeypatch, tmp_path, "on-postgresql")
    monkeypatch.setenv("APPRAISE_STORE", postgres.new_store())
    assert bank_at_work("restore", "1.backup").code == 0
    assert grades() == before
    assert "is kept" in bank_at_work("restore", "1.backup").err
    assert bank_at_work("backup", "2.backup").code == 0
    monkeypatch.delenv("APPRAISE_STORE")
    elsewhere(monkeypatch, tmp_path, "back-again")
    assert bank_at_work("restore", "2.backup").code == 0
    assert grades() == before
    assert check_backup(tmp_path / "1.backup") == check_backup(tmp_path / "2.backup")


def test_a_restored_bank_goes_on_where_the_first_one_stood(
    bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank_at_work("backup", "bank.backup")
    elsewhere(monkeypatch, tmp_path)
    bank_at_work("restore", "bank.backup")
    (tmp_path / "more.csv").write_text(ACTIONS + "crm,NEW,R1,visit,2026-03-01,1,0,\n", encoding="utf-8")
    typed = bank_at_work("import", "actions", "more.csv")
    assert typed.out.splitlines()[-1] == "accepted 1, duplicates 300, rejected 0"


def test_no_file_and_no_bank_is_ever_overwritten(bank_at_work: Appraise, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    typed = bank_at_work("backup", "mine")
    assert (typed.code, typed.err) == (1, "mine stands already and is kept: name another file\n")
    assert (tmp_path / "mine").read_text() == "mine"
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    (tmp_path / "astray").symlink_to(tmp_path / "nowhere")
    (tmp_path / "other.part").symlink_to(tmp_path / "mine")
    assert [bank_at_work("backup", name).code for name in ("link", "astray", "other")] == [1, 1, 0]
    assert [(tmp_path / name).is_symlink() for name in ("link", "astray", "other", "other.part")] == [
        True,
        True,
        False,
        False,
    ]
    assert ((tmp_path / "mine").read_text(), (tmp_path / "nowhere").exists()) == ("mine", False)
    bank_at_work("backup", "bank.backup")
    store = (tmp_path / "data" / "bank.sqlite").read_bytes()
    typed = bank_at_work("restore", "bank.backup")
    assert typed.code == 1
    assert typed.err == "A bank stands there and is kept: restore into an empty data dir or database\n"
    assert (tmp_path / "data" / "bank.sqlite").read_bytes() == store


def test_a_folder_that_is_not_there_is_named(bank_at_work: Appraise, tmp_path: Path) -> None:
    typed = bank_at_work("backup", "nodir/x")
    told = f"{tmp_path / 'nodir'} is no folder: make it, or name a file in one that is there\n"
    assert (typed.code, typed.out, typed.err) == (1, "", told)


def test_a_file_that_appears_meanwhile_is_kept_where_the_file_system_has_no_links(
    bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def linkless(part: Path, file: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("os.link", linkless)
    assert bank_at_work("backup", "bank.backup").code == 0
    assert check_backup(tmp_path / "bank.backup").rows["users"] == 0
    sealed_off = backup._seal_off

    def slowly(part: Path) -> None:
        sealed_off(part)
        (tmp_path / "mine").write_text("mine")

    monkeypatch.setattr(backup, "_seal_off", slowly)
    typed = bank_at_work("backup", "mine")
    assert (typed.code, typed.err) == (1, "mine stands already and is kept: name another file\n")
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "mine.part").exists()


def test_a_column_of_a_backup_is_a_name_and_never_sql(
    bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank_at_work("backup", "bank.backup")
    with closing(sqlite3.connect(tmp_path / "bank.backup", isolation_level=None)) as copy:
        copy.execute("ALTER TABLE users ADD COLUMN \"x) SELECT '' --\" TEXT")
        digest = backup._digest(copy, "users")
        copy.execute("UPDATE backup_contents SET rows = ?, digest = ? WHERE name = 'users'", digest)
    elsewhere(monkeypatch, tmp_path)
    typed = bank_at_work("restore", "bank.backup")
    told = "bank.backup has columns that this version does not know: install a newer one\n"
    assert (typed.code, typed.out, typed.err) == (1, "", told)


def test_there_is_no_backup_of_no_bank(appraise: Appraise, tmp_path: Path) -> None:
    typed = appraise("backup", "bank.backup")
    assert (typed.code, typed.err.count("\n")) == (1, 1)
    assert list(tmp_path.iterdir()) == []


def damaged(file: Path) -> None:
    """One letter of one event is another."""
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"quantity":"1"', b'"quantity":"2"', 1))
    assert file.read_bytes() != content


def cut(file: Path) -> None:
    """The end is missing, as after a copy that broke off."""
    file.write_bytes(file.read_bytes()[:-4096])


def newer(file: Path) -> None:
    """A version that this one can't know made it."""
    with closing(sqlite3.connect(file)) as copy:
        copy.execute(f"PRAGMA user_version = {backup.VERSION + 1}")


def with_an_event_of_the_future(file: Path) -> None:
    """It holds an event that this version doesn't know."""
    with closing(sqlite3.connect(file)) as copy, copy:
        copy.execute("INSERT INTO stored_events VALUES ('moon:1', 1, 'MoonLanded', '{}')")


def a_store(file: Path) -> None:
    """It is a store and no backup."""
    file.write_bytes((file.parent / "data" / "bank.sqlite").read_bytes())


def a_picture(file: Path) -> None:
    """It is something else."""
    file.write_bytes(b"\x89PNG" * 5_000)


def nothing_there(file: Path) -> None:
    """It is not there."""
    file.unlink()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (damaged, "is damaged: take another backup"), (cut, "is damaged: take another backup"),
        (newer, "was made by a newer version"), (with_an_event_of_the_future, "was made by a newer version"),
        (a_store, "is no backup of a bank"), (a_picture, "is no backup of a bank"), (nothing_there, "is not there"),
    ],
)  # fmt: skip
def test_what_is_no_whole_backup_is_refused_before_anything_is_made(
    bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[Path], None], told: str
) -> None:
    bank_at_work("backup", "bank.backup")
    fault(tmp_path / "bank.backup")
    data_dir = elsewhere(monkeypatch, tmp_path)
    typed = bank_at_work("restore", "bank.backup")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert told in typed.err
    assert not data_dir.exists()


def test_a_backup_beside_a_writer_is_the_bank_at_one_moment(bank_at_work: Appraise, tmp_path: Path) -> None:
    bank, stopping, begun = open_bank(tmp_path / "data"), Event(), Event()

    def write() -> None:
        line = {"source": "crm", "rm": "R1", "kind": "visit", "occurred_on": "2026-03-01"}
        number = 0
        while not stopping.is_set():
            number += 1
            bank.record_actions([line | {"external_ref": f"B{number}", "note": "n"}], "crm")
            begun.set()

    writer = Thread(target=write)
    writer.start()
    assert begun.wait(20)
    positions = []

    def show(done: int, total: int) -> None:
        with bank.log.reading() as cursor:
            positions.append(bank.log.last_position(cursor))

    backup.PAGES, former = 1, backup.PAGES
    try:
        contents = back_up(bank, tmp_path / "bank.backup", show)
    finally:
        backup.PAGES = former
        stopping.set()
        writer.join()
        bank.close()
    assert contents.position == contents.rows["stored_events"] <= positions[0]
    assert positions[-1] > positions[0]  # the writer went on all the while


@pytest.mark.parametrize("moment", [0, 2, 11])
def test_a_killed_restore_leaves_an_empty_store(
    bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    bank_at_work("backup", "bank.backup")
    data_dir = elsewhere(monkeypatch, tmp_path)
    assert killed(tmp_path, moment, "restore", "bank.backup") == -signal.SIGKILL
    with closing(sqlite3.connect(data_dir / "bank.sqlite")) as store:
        assert [store.execute(f"SELECT count(*) FROM {table}").fetchone() for table in COPIED] == [(0,)] * len(COPIED)
    said = "was ended while it restored bank.backup: that stands whole or not at all"
    typed = bank_at_work("grade", "2026Q1")
    assert (typed.code, said in typed.err, "empty bank" in typed.err, typed.err.count("\n")) == (1, True, True, 2)
    typed = bank_at_work("restore", "bank.backup")
    assert (typed.code, typed.err) == (0, "")


def test_a_killed_backup_leaves_no_file_of_that_name(bank_at_work: Appraise, tmp_path: Path) -> None:
    assert killed(tmp_path, 3, "backup", "bank.backup") == -signal.SIGKILL
    assert not (tmp_path / "bank.backup").exists()
    assert bank_at_work("backup", "bank.backup").code == 0
    assert not (tmp_path / "bank.backup.part").exists()


def killed(folder: Path, moment: int, *words: str) -> int:
    """Run a command that kills itself after so many steps; how it ended."""
    command = [sys.executable, "-c", KILLED_AT, str(moment), *words]
    return subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False).returncode


def test_a_session_is_not_restored(bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_bank(tmp_path / "data")) as bank:
        identity = Identity(bank)
        assert identity.add_user("anna", "a-good-password", "hr") is None
        secret = identity.open_session("anna")
    bank_at_work("backup", "bank.backup")
    data_dir = elsewhere(monkeypatch, tmp_path)
    bank_at_work("restore", "bank.backup")
    with closing(open_bank(data_dir)) as bank:
        assert Identity(bank).of_session(secret) is None
        assert Identity(bank).check_password("anna", "a-good-password")


def test_every_table_of_a_store_is_copied_or_left_out_on_purpose(bank_at_work: Appraise, tmp_path: Path) -> None:
    bank_at_work("backup", "bank.backup")
    with closing(sqlite3.connect(tmp_path / "data" / "bank.sqlite")) as store:
        tables = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {*COPIED, *LEFT_OUT}


def test_a_bank_that_is_served_is_not_restored_over(
    bank_at_work: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank_at_work("backup", "bank.backup")
    data_dir = elsewhere(monkeypatch, tmp_path)
    owner = "import sys; from pathlib import Path; from api.owner import owning\n"
    owner += "with owning(Path(sys.argv[1])): print('owns', flush=True); sys.stdin.readline()"
    with subprocess.Popen(
        [sys.executable, "-c", owner, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owns\n"
        typed = bank_at_work("restore", "bank.backup")
        process.kill()
    assert typed.code == 1
    assert f"Process {process.pid} uses" in typed.err.splitlines()[-1]
    assert not (data_dir / "bank.sqlite").exists()
