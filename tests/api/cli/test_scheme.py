"""`appraise scheme`: check, try, publish, approve and list."""

import csv
import io
import json
import re
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from api.identity import Identity
from api.terminal.store import opened_bank
from domain.calendar import Quarter
from tests.api.cli.conftest import SCHEME, Appraise, publish
from tests.bank import done

ID = "anshun-personal-rm"
FIELDS = ["rm", "score", "tier", "coefficient", "lines", "gates"]


def test_a_sound_scheme_is_said_to_be_sound(appraise: Appraise) -> None:
    typed = appraise("scheme", "check", str(SCHEME))
    assert typed.code == 0
    assert "is sound: anshun-personal-rm from 2026-01-01" in typed.out


def test_each_mistake_in_a_scheme_is_one_line_with_its_place(appraise: Appraise, tmp_path: Path) -> None:
    wrong = SCHEME.read_text(encoding="utf-8").replace('half = "up"', 'half = "sideways"\ncolour = "red"')
    (tmp_path / "wrong.toml").write_text(wrong, encoding="utf-8")
    for command in ("check", "publish"):
        typed = appraise("scheme", command, "wrong.toml")
        assert (typed.code, typed.out) == (1, "")
        assert len(typed.err.splitlines()) == 2
        assert all(line.startswith("wrong.toml:") for line in typed.err.splitlines())


def test_findings_are_a_listing_for_programs_as_well(appraise: Appraise, tmp_path: Path) -> None:
    unlike = SCHEME.read_text(encoding="utf-8").replace('class = "compliance"', 'class = "efficiency"')
    (tmp_path / "unlike.toml").write_text(unlike, encoding="utf-8")
    typed = appraise("scheme", "check", "unlike.toml", "--format", "json")
    found = json.loads(typed.out)
    assert (typed.code, typed.err) == (0, "")
    assert {tuple(one) for one in found} == {("file", "line", "message", "key", "severity", "rule")}
    assert {(one["severity"], one["rule"]) for one in found if one["severity"] != "note"} == {("warning", "class")}
    table = appraise("scheme", "check", "unlike.toml", "--format", "table").out.splitlines()
    assert table[0].split() == ["severity", "line", "key", "message"]
    assert len(table) == len(found) + 1
    wrong = unlike.replace('half = "up"', 'half = "sideways"')
    (tmp_path / "wrong.toml").write_text(wrong, encoding="utf-8")
    typed = appraise("scheme", "check", "wrong.toml", "--format", "json")
    assert (typed.code, [one["key"] for one in json.loads(typed.out)]) == (1, ["rounding.half"])


def test_what_can_be_read_and_not_be_published_is_refused(appraise: Appraise, tmp_path: Path) -> None:
    hidden = SCHEME.read_text(encoding="utf-8").replace('en = "Visit"', 'en = "Vi\\u202Esit"', 1)
    (tmp_path / "hidden.toml").write_text(hidden, encoding="utf-8")
    for command in ("check", "publish"):
        typed = appraise("scheme", command, "hidden.toml")
        assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
        assert "write `en` without characters that can't be seen" in typed.err


def test_beside_a_bank_the_check_says_who_lacks_a_target(appraise: Appraise) -> None:
    typed = appraise("scheme", "check", str(SCHEME), "--bank", "--format", "json")
    assert (typed.code, typed.err) == (0, "")
    assert {one["rule"] for one in json.loads(typed.out)} >= {"target", "rounding"}


def test_the_language_is_printed_as_a_schema_for_editors(appraise: Appraise) -> None:
    schema = json.loads(appraise("scheme", "schema").out)
    assert {"kinds", "indicators", "tiers", "scheme"} <= schema["properties"].keys()


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_scheme_that_cannot_be_read_is_told_in_one_line(
    content: bytes | None, appraise: Appraise, tmp_path: Path
) -> None:
    if content:
        (tmp_path / "odd.toml").write_bytes(content)
    typed = appraise("scheme", "check", "odd.toml")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)


def test_what_is_larger_than_any_scheme_is_not_read_to_its_end(appraise: Appraise) -> None:
    typed = appraise("scheme", "publish", "/dev/zero")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert typed.err.startswith("/dev/zero is larger than 1 MB")


def test_what_is_larger_than_figures_to_try_on_is_not_read_to_its_end(appraise: Appraise) -> None:
    typed = appraise("scheme", "try", str(SCHEME), "--measures", "/dev/zero")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "name a file of at most 8 MB" in typed.err


def test_a_scheme_is_tried_on_figures_without_any_store(appraise: Appraise, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("rm,indicator,measured,target\nR1,savings,1500000,1500000\nR2,savings,0,1500000\n")
    typed = appraise("scheme", "try", str(SCHEME), "--measures", "m.csv")
    first, second = map(json.loads, typed.out.splitlines())
    assert set(FIELDS) <= set(first)
    assert (first["rm"], second["rm"]) == ("R1", "R2")
    assert not (tmp_path / "data").exists()


def test_a_figure_that_only_conditions_look_at_is_told_beside_the_result(appraise: Appraise, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("rm,indicator,measured,target\nR1,breach,1,\n")
    typed = appraise("scheme", "try", str(SCHEME), "--measures", "m.csv")
    assert (typed.code, json.loads(typed.out)["gates"]) == (0, ["breach"])
    assert typed.err == "R1: only conditions look at `breach`; add a line for `conduct`, which counts it\n"


def test_figures_are_tried_as_a_listing_to_read(appraise: Appraise, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "rm,indicator,measured,target\nR1,savings,3000000,1500000\nR1,breach,2,\nR1,conduct,2,\n"
    )
    typed = appraise("scheme", "try", str(SCHEME), "--measures", "m.csv", "--format", "csv")
    rows = {row["indicator"]: row for row in csv.DictReader(io.StringIO(typed.out))}
    assert (rows["savings"]["en"], rows["savings"]["completion"]) == ("Savings, growth of the daily average", "2")
    assert (rows["savings"]["measured"], rows["savings"]["target"]) == ("3000000", "1500000")
    assert rows["savings"]["share"] != rows["savings"]["weight"], "what is not rated spreads its weight"
    assert "not-rated" in {row["reason"] for row in rows.values()}
    lines = sum(Decimal(row["points"]) for name, row in rows.items() if name != "score" and row["points"])
    assert Decimal(rows["score"]["points"]) == lines
    assert (rows["score"]["tier"], rows["score"]["gates"]) == ("unqualified", "breach grave")


def test_wrong_figures_are_told_by_line(appraise: Appraise, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("rm,indicator,measured,target\nR1,savings,much,1500000\n")
    typed = appraise("scheme", "try", str(SCHEME), "--measures", "m.csv")
    assert (typed.code, typed.out) == (1, "")
    assert typed.err.startswith("m.csv:2: measured: ")


NEXT = "2099-01-01"
PASSWORD = "a-good-password"


def draft(folder: Path, **changed: str) -> str:
    """A file with the shipped scheme from a quarter ahead on, with some keys of its head otherwise."""
    text = SCHEME.read_text(encoding="utf-8")
    for key, value in {"effective": NEXT, **changed}.items():
        text = re.sub(f"^{key} = .*$", f"{key} = {value}", text, count=1, flags=re.MULTILINE)
    (folder / "draft.toml").write_text(text, encoding="utf-8")
    return "draft.toml"


def people(*users: tuple[str, str]) -> None:
    """Users with a role each, who all have one password."""
    with opened_bank() as bank:
        for name, role in users:
            assert Identity(bank).add_user(name, PASSWORD, role) is None


def test_a_scheme_with_a_warning_is_proposed_and_warned_of(appraise: Appraise, tmp_path: Path) -> None:
    unlike = SCHEME.read_text(encoding="utf-8").replace('class = "compliance"', 'class = "efficiency"')
    (tmp_path / "unlike.toml").write_text(unlike, encoding="utf-8")
    typed = appraise("scheme", "publish", "unlike.toml")
    assert typed.code == 0
    assert re.search(
        r"^unlike.toml:\d+: indicators[.]\w+: make compliance and risk together .* \(a warning\)$", typed.err, re.M
    )


def test_the_command_line_proposes_and_a_person_who_gives_a_password_approves(
    appraise: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(("chief-of-hr", "hr"), ("the-auditor", "auditor"))
    version = (*(ID, NEXT), "--digest")
    proposed = appraise("scheme", "publish", draft(tmp_path))
    approval = re.search(r"appraise (scheme approve .*) --as NAME$", proposed.out, re.M)
    assert (proposed.code, approval is None) == (0, False)
    words = approval[1].split() if approval else []
    assert "ask somebody else" in appraise(*words).err
    for name, password, told in (
        ("chief-of-hr", "wrong", "don't belong together"), ("the-auditor", PASSWORD, "may not do this"),
    ):  # fmt: skip
        monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
        assert told in appraise(*words, "--as", name, "--password-stdin").err
    monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))
    assert "another text" in appraise("scheme", "approve", *version, "0" * 64, "--as", "chief-of-hr").err
    monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))
    approved = appraise(*words, "--as", "chief-of-hr")
    assert (approved.code, "is published" in approved.out) == (0, True)
    assert "in force already" in appraise("scheme", "publish", "draft.toml").out
    (tmp_path / "other.toml").write_text((tmp_path / "draft.toml").read_text(encoding="utf-8") + "# another word\n")
    assert "never overwritten" in appraise("scheme", "publish", "other.toml").err
    [listed] = json.loads(appraise("scheme", "list", "--format", "json").out)
    assert listed.items() >= {
        "scheme": ID, "effective": NEXT, "positions": ["*"], "units": [], "state": "coming", "by": "chief-of-hr",
        "proposed_by": "cli",
    }.items()  # fmt: skip


def test_whom_a_version_changes_is_told_before_it_is_approved_and_what_it_succeeds_after(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    publish(tmp_path / draft(tmp_path, scheme='"other"'))
    with opened_bank() as bank:
        quarter = Quarter.of(bank.today)
        file = draft(tmp_path, scheme='"late"', effective=str(quarter.first_day), positions='["personal"]')
        done(bank.propose_scheme((tmp_path / file).read_text(encoding="utf-8"), "lead"))
    late = ("late", str(quarter.first_day))
    changes = bank_of_two("scheme", "changes", *late, "--format", "json")
    assert (changes.code, json.loads(changes.out)) == (0, [])
    told = f"{quarter}: 2 RMs would fall under it; the grade of 0 changes, and the score of 0 others"
    assert changes.err.splitlines()[-1] == told
    unnamed = bank_of_two("scheme", "approve", *late)
    assert (unnamed.code, "2 RMs would fall under it" in unnamed.out) == (1, True)
    digest = re.search("--digest ([0-9a-f]{12})", unnamed.err)
    assert digest
    approved = bank_of_two("scheme", "approve", *late, "--digest", digest[1])
    assert f"Its date of effect has begun: the grades of {quarter} are made anew by it" in approved.err
    bank_of_two("scheme", "publish", draft(tmp_path, scheme='"newest"', effective="2099-04-01"))
    assert bank_of_two("scheme", "withdraw", "newest", "2099-04-01").code == 0
    assert bank_of_two("scheme", "withdraw", "newest", "2099-04-01").code == 1
    assert bank_of_two("scheme", "withdraw", "newest", "April").err.startswith("DATE: write")
