"""`appraise` as a process of its own, as somebody would type it."""

import os
import subprocess
import sys
from pathlib import Path

RUN = "from api.cli import run; run()"


def environment(data_dir: Path, store: str | None = None) -> dict[str, str]:
    """What the process is told: its data dir, and its store where that is no SQLite."""
    told = {"APPRAISE_DATA_DIR": str(data_dir), "PYTHONPATH": str(Path(__file__).parent.parent)}
    return os.environ | told | ({"APPRAISE_STORE": store} if store else {})


def typed(*words: str) -> list[str]:
    """The words that start `appraise` with this very Python."""
    return [sys.executable, "-c", RUN, *words]


def appraise(data_dir: Path, *words: str, store: str | None = None) -> str:
    """Run a command to its end; the last line of its output, if it has any. RuntimeError where it fails."""
    done = subprocess.run(
        typed(*words), env=environment(data_dir, store), cwd=data_dir, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"appraise {' '.join(words)}: {done.stderr.strip()[-500:]}")
    return done.stdout.strip().rpartition("\n")[2]
