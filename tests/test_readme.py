"""The README keeps its word: the tour's commands run, in its order, and say what it says they do."""

import os
import re
import subprocess
import sys
from pathlib import Path

from domain.payroll_files import COLUMNS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tour(folder: Path) -> str:
    """Run all `sh` blocks of the README as one script beside a view of the shipped schemes; what it printed."""
    (folder / "domain").symlink_to(ROOT / "domain")
    script = "set -euo pipefail\n{}\npwd".format(
        "\n".join(re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE))
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, env=os.environ | {"PATH": path}, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_the_tour_runs_and_says_what_the_readme_promises(tmp_path: Path) -> None:
    told = tour(tmp_path)
    assert "accepted 1, duplicates 0, rejected 1" in told
    assert re.search(r"^3,.*amount", told, re.MULTILINE), "the rejected line is named with its field"
    assert "accepted 1, duplicates 1, rejected 0" in told
    assert re.search(r"^refused$", told, re.MULTILINE)
    assert "seal.json notes this seal" in told
    assert "The seal in seal.json stands in the log" in told
    assert re.search(r"Erased for good: \d+ texts? about R0002", told)
    assert "Restored from bank.backup: " in told
    assert told.splitlines()[-1] == str(tmp_path), "it ends in the checkout, where the commands after it run"
    assert '"rm": "R0001"' in told or '"rm":"R0001"' in told


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_names_every_column_that_payroll_reads_in_its_order() -> None:
    table = README.partition("Version 1 of the schema")[2].partition("`appraise verify --manifest`")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == list(COLUMNS)
