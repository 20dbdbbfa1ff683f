"""A bank in a folder of its own, and `appraise` typed at it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.cli import main

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


@pytest.fixture
def bank_of_two(appraise: Appraise, tmp_path: Path) -> Appraise:
    """The same, where an outlet with two RMs and the shipped scheme of 2026 stand already."""
    for table, text in (("orgs", ORGS), ("rms", RMS)):
        file = tmp_path / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        assert appraise("import", table, file.name).code == 0
    assert appraise("scheme", "publish", str(SCHEME)).code == 0
    return appraise
