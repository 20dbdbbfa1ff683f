"""A bank in a folder of its own, and `appraise` typed at it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from api.cli import main
from api.terminal.store import opened_bank
from domain.publication import digest_of
from domain.refusal import Taken

SCHEME = Path(__file__).parents[3] / "domain/schemes/anshun-personal-rm/2026-01-01.toml"
ORGS = "org,parent,level,name\nHQ,,head office,总行\nO1,HQ,outlet,城南\n"
RMS = "rm,name,position,org,joined_on,supervisor\nR1,王芳,personal,O1,2025-01-02,\nR2,李伟,personal,O1,2025-01-02,\n"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Appraise = Callable[..., Typed]


@pytest.fixture
def appraise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Appraise:
    """`appraise("grade", "2026Q3")` in an empty folder with an empty data dir."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APPRAISE_DATA_DIR", str(tmp_path / "data"))

    def typed(*words: str) -> Typed:
        capsys.readouterr()
        code = main(words)
        told = capsys.readouterr()
        return Typed(code, told.out, told.err)

    return typed


def publish(file: Path) -> None:
    """Put a scheme's version in force: somebody proposed it, and the command line approves it."""
    text = file.read_text(encoding="utf-8")
    with opened_bank() as bank:
        proposed = bank.propose_scheme(text, "lead")
        assert isinstance(proposed, Taken), proposed
    assert main(["scheme", "approve", *proposed.subject.split(":")[1:], "--digest", digest_of(text)]) == 0


@pytest.fixture(scope="session")
def folder_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bank of two and the files that it came from, made once to be copied."""
    folder = tmp_path_factory.mktemp("two")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        here.setenv("APPRAISE_DATA_DIR", str(folder / "data"))
        for table, text in (("orgs", ORGS), ("rms", RMS)):
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
            assert main(["import", table, f"{table}.csv"]) == 0
        publish(SCHEME)
    return folder


@pytest.fixture
def bank_of_two(appraise: Appraise, folder_of_two: Path, tmp_path: Path) -> Appraise:
    """The same, where an outlet with two RMs and the shipped scheme of 2026 stand already."""
    copytree(folder_of_two, tmp_path, dirs_exist_ok=True)
    return appraise
