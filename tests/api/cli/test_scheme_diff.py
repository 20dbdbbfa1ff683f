"""`appraise scheme diff`: what one scheme changes against another."""

import json
from pathlib import Path

from tests.api.cli.conftest import SCHEME, Appraise

OLDER = SCHEME.parent / "2013-01-01.toml"


def test_changes_are_told_clause_by_clause_in_either_language(appraise: Appraise) -> None:
    typed = appraise("scheme", "diff", str(OLDER), str(SCHEME))
    assert (typed.code, typed.err) == (1, "")
    lines = typed.out.splitlines()
    assert lines[0] == "anshun-personal-rm 2013-01-01 → anshun-personal-rm 2026-01-01"
    assert lines[1].startswith("Clause 2.1 Keeps the law")
    assert lines[2] == '  Indicator "Conduct", weight: 15 points → 18 points'
    chinese = appraise("scheme", "diff", str(OLDER), str(SCHEME), "--language", "zh").out.splitlines()
    assert chinese[2] == "  指标“行为合规”，权重：15 分 → 18 分"


def test_programs_get_each_change_as_a_row(appraise: Appraise) -> None:
    rows = json.loads(appraise("scheme", "diff", str(OLDER), str(SCHEME), "--format", "json").out)
    assert {name: rows[0][name] for name in ("clause", "what", "id", "key", "old", "new")} == {
        "clause": "2.1", "what": "changed", "id": "conduct", "key": "weight", "old": "15 points", "new": "18 points",
    }  # fmt: skip


def test_a_published_version_is_compared_with_a_draft_that_differs_in_comments(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    published = "anshun-personal-rm:2026-01-01"
    same = bank_of_two("scheme", "diff", published, str(SCHEME))
    assert (same.code, same.out.splitlines()[1]) == (0, "The same text.")
    (tmp_path / "draft.toml").write_text("# a draft\n" + SCHEME.read_text(encoding="utf-8"), encoding="utf-8")
    commented = bank_of_two("scheme", "diff", published, "draft.toml")
    assert (commented.code, commented.out.splitlines()[1:]) == (
        0,
        ["The same rules: only comments, order or spelling differ."],
    )


def test_what_cannot_be_compared_is_told_and_ends_with_two(bank_of_two: Appraise, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text('scheme = "x"\n', encoding="utf-8")
    for other, told in (
        ("nowhere.toml", "nowhere.toml: name a file, or a published version as ID:DATE"),
        ("nowhere:2026-01-01", "nowhere:2026-01-01: name a file, or a published version as ID:DATE"),
        ("wrong.toml", "wrong.toml:1: "),
    ):
        typed = bank_of_two("scheme", "diff", str(SCHEME), other)
        assert (typed.code, typed.out) == (2, "")
        assert typed.err.startswith(told)
