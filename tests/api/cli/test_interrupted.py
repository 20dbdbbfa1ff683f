"""A command that a signal ends says so by its exit code, as a shell expects it: 130 after Ctrl-C, 143 after SIGTERM."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import api
from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import SOUND

ROOT = Path(api.__file__).parent.parent
STRUCK = """
import os, sys
from api.cli import run, serve
from api.terminal import progress
number, left, apps_of = int(sys.argv.pop(1)), [1], serve.apps_of
def struck(*given, **named):
    if left:
        left.clear()
        os.kill(os.getpid(), number)
progress.PatientBar.show = struck
serve.apps_of = lambda *given: (struck(), apps_of(*given))[1]
run()
"""
"""`appraise` that gets a signal once it shows how far it is, or before it serves."""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    ("words", "out"),
    [
        (["import", "actions", "a.csv"], "accepted 1, duplicates 0, rejected 0\n"),
        (["demo", "--rms", "5", "--quarters", "1", "--seed", "3", "--no-serve"], ""),
        (["serve", "--api-only", "--port", "0"], ""),
    ],
    ids=["import", "demo", "serve"],
)
def test_a_command_that_is_interrupted_ends_with_the_code_of_the_signal(
    words: list[str], out: str, number: signal.Signals, code: int, bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(SOUND)
    data = "empty" if words[0] == "demo" else "data"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "APPRAISE_DATA_DIR": str(tmp_path / data)}
    command = [sys.executable, "-c", STRUCK, str(int(number)), *words]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, out), done.stderr
    assert "Traceback" not in done.stderr
    if words[0] == "demo":
        assert done.stderr == "Stopped; appraise demo with the same options goes on where it stopped.\n"
    assert not (tmp_path / data / "owner.json").exists()
