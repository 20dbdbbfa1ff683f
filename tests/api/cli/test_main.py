"""What holds for every command: help, mistyped words, settings, and one line instead of a traceback."""

import errno
import keyword
import os
from pathlib import Path
from threading import Event, Thread

import pytest

from api import cli
from tests.api.cli.conftest import Appraise

COMMANDS = [
    "demo", "serve", "dashboard", "import", "scheme", "grade", "leaderboard", "rebuild", "verify", "erase", "backup",
    "restore", "user", "token", "review", "payroll",
]  # fmt: skip


def test_without_a_word_the_commands_are_listed(appraise: Appraise) -> None:
    typed = appraise()
    assert typed.code == 0
    assert [word for word in COMMANDS if f"  {word} " not in typed.out] == []


def test_each_command_stands_in_the_file_of_its_first_word_and_nothing_else_stands_beside_them() -> None:
    commands, groups = cli.app.registered_commands, cli.app.registered_groups
    assert {*(each.name for each in commands), *(each.name for each in groups)} == set(COMMANDS)
    long = {
        f"{group.name}_{command.name}"
        for group in groups
        if group.typer_instance
        for command in group.typer_instance.registered_commands
    }
    files = {path.stem for path in Path(str(cli.__file__)).parent.glob("*.py")} - long  # may stand by its two words
    assert files == {f"{word}_" if keyword.iskeyword(word) else word for word in COMMANDS} | {"__init__"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_says_what_it_does(command: str, appraise: Appraise) -> None:
    typed = appraise(command, "--help")
    assert typed.code == 0
    assert f"appraise {command}" in typed.out


@pytest.mark.parametrize(
    "words", [["nonsense"], ["grade"], ["import"], ["import", "cats", "f"], ["leaderboard", "2026Q3", "--limit", "0"]]
)
def test_a_mistyped_command_exits_2_with_one_line(words: list[str], appraise: Appraise) -> None:
    typed = appraise(*words)
    assert (typed.code, typed.out, typed.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["nonsense"], "appraise"),
        (["grade"], "appraise grade"),
        (["import", "cats", "f"], "appraise import"),
        (["import", "orgs"], "appraise import orgs"),
        (["token", "list", "--colour"], "appraise token list"),
    ],
)
def test_a_mistyped_command_points_to_the_help_that_lists_what_fits(
    words: list[str], where: str, appraise: Appraise
) -> None:
    assert appraise(*words).err.endswith(f" See {where} --help\n")


@pytest.mark.parametrize(
    "words",
    [
        ["grade", "2026Q3", "--rm"], ["grade", "2026Q3", "--as-of"], ["leaderboard", "2026Q3", "--by"],
        ["erase", "customer", "--yes"], ["erase", "rm", "--yes"], ["backup"],
    ],
)  # fmt: skip
def test_a_word_that_is_no_text_is_told_as_such(words: list[str], bank_of_two: Appraise) -> None:
    """A shell passes on whatever bytes a name has, such as those of GBK."""
    typed = bank_of_two(*words, os.fsdecode(b"\xc4\xe3"))
    assert (typed.code, typed.out) == (1, "")
    assert typed.err == "'\\udcc4\\udce3' is no text in UTF-8: type it anew, or give the file a name in UTF-8\n"


def test_an_empty_setting_is_as_good_as_none(
    appraise: Appraise, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("APPRAISE_DATA_DIR", "")
    monkeypatch.setenv("APPRAISE_TIMEZONE", "")
    assert appraise("token", "list").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "localtime", "posixrules", "../etc", "Asia", "Asia/Shanghai\n", "+8"])
def test_an_unusable_setting_is_named_in_one_line(
    appraise: Appraise, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("APPRAISE_TIMEZONE", zone)
    typed = appraise("token", "list")
    assert (typed.code, typed.out) == (1, "")
    assert typed.err == "APPRAISE_TIMEZONE: write the name of a time zone, like Asia/Shanghai\n"


@pytest.mark.parametrize("proxies", ["*", "proxy.bank.test", "10.0.0.1;10.0.0.2", "10.0.0.1/8,"])
def test_only_addresses_are_trusted_to_say_who_asks(
    appraise: Appraise, monkeypatch: pytest.MonkeyPatch, proxies: str
) -> None:
    monkeypatch.setenv("APPRAISE_TRUSTED_PROXIES", proxies)
    typed = appraise("token", "list")
    assert (typed.code, typed.err.count("\n")) == (1, 1)
    assert typed.err.startswith("APPRAISE_TRUSTED_PROXIES: write addresses or networks")


def test_a_data_dir_that_is_a_file_is_told_in_one_line(appraise: Appraise, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    typed = appraise("token", "list")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)


def test_a_full_disk_is_told_with_what_to_do(
    appraise: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("api.owner._write", full)
    typed = appraise("grade", "2026Q3")
    assert (typed.code, typed.out) == (1, "")
    assert typed.err == "The disk has no room left: free some and repeat the command\n"


def test_a_store_that_is_none_is_told_in_one_line(appraise: Appraise, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bank.sqlite").write_bytes(b"no database, but long enough to look like one" * 100)
    typed = appraise("token", "list")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "unforeseen" not in typed.err


def test_the_interpreter_ends_after_the_threads_of_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, ending = Event(), Thread(target=lambda: asked.wait(5) and Event().wait(0.2), daemon=True)

    def main(words: object) -> int:
        ending.start()
        asked.set()
        return 3

    monkeypatch.setattr(cli, "main", main)
    monkeypatch.setattr(cli, "threads", lambda: [ending])  # other tests have some, too
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert (ended.value.code, ending.is_alive()) == (3, False)
