"""Every row of the benchmarks at a tiny size: what it measures runs, and the table tells it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks import pages
from benchmarks.__main__ import ROWS, run
from benchmarks.table import HEADINGS

TINY = {
    "import-rows": 60, "long-import-rows": 90, "import-rms": 3, "rms": 30, "actions": 24, "few-rms": 5, "rate": 50,
    "seconds": 1, "requests": 20, "rounds": 1, "kills": 1, "demo-rms": 3,
}  # fmt: skip
WORDS = [word for name, number in TINY.items() for word in (f"--{name}", str(number))]


@pytest.mark.parametrize("row", ROWS)
def test_every_row_measures_ours_beside_its_limit(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ROLES", ("rm",))  # whose menu is short; the others' would cost minutes more
    results = tmp_path / "RESULTS.md"
    with ThreadPoolExecutor(1) as apart:  # the browser's tests leave an event loop running in this thread
        figures = apart.submit(run, [*WORDS, "--only", row, "--output", str(results)]).result()
    assert figures
    assert [figure.work for figure in figures if figure.ratio is None] == []
    text = results.read_text(encoding="utf-8")
    assert f"| {' | '.join(HEADINGS)} |" in text
    assert [figure.work for figure in figures if f"| {figure.work} |" not in text] == []
