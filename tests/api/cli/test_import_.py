"""`appraise import`: every line that was read is accepted, a duplicate, or rejected with what would be right."""

import csv
import os
import re
import signal
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import SCHEME, Appraise, publish

HEADER = "source,external_ref,rm,kind,occurred_on,quantity,amount,customer,note,reverses"
FILES = Path(__file__).parent / "hostile_files.toml"
CASES: dict[str, dict[str, Any]] = tomllib.loads(FILES.read_text(encoding="utf-8"))["case"]


def written(case: dict[str, Any], file: Path) -> Path:
    text = case["whole"] if "whole" in case else f"{HEADER}\n{case['text']}"
    file.write_bytes(text.encode(case.get("encoding", "utf-8")) + bytes.fromhex(case.get("bytes", "")))
    return file


def rejected_lines(file: Path) -> dict[int, str]:
    path = Path(f"{file}.rejected.csv")
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as text:
        header, *rows = csv.reader(text)
    assert header[:2] == ["line", "reason"]
    return {int(line): reason for line, reason, *_ in rows}


@pytest.mark.parametrize("name", CASES)
def test_each_line_of_a_hostile_file_gets_its_answer(name: str, bank_of_two: Appraise, tmp_path: Path) -> None:
    case, file = CASES[name], written(CASES[name], tmp_path / "actions.csv")
    typed = bank_of_two("import", "actions", file.name)
    if "error" in case:
        assert (typed.code, typed.out) == (1, "")
        assert re.fullmatch(f".*{case['error']}.*\n", typed.err)
        return
    reasons = rejected_lines(file)
    wanted = {int(line): reason for line, reason in case.get("rejected", {}).items()}
    assert sorted(reasons) == sorted(wanted)
    assert [line for line, reason in wanted.items() if not re.search(reason, reasons[line])] == []
    told = f"accepted {case.get('accepted', 0)}, duplicates {case.get('duplicates', 0)}, rejected {len(wanted)}"
    assert typed.out.splitlines()[-1] == told
    assert typed.code == (1 if wanted else 0)


SOUND = f"{HEADER}\ncrm,1,R1,visit,2026-07-02,1,,,,\n"
MIXED = f"{SOUND}crm,2,R9,visit,2026-07-02,1,,,,\n"


def test_a_repeated_import_finds_duplicates_only(bank_of_two: Appraise, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SOUND)
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 1, duplicates 0, rejected 0\n"
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 0, duplicates 1, rejected 0\n"


def test_a_rejected_file_of_an_earlier_import_goes_once_nothing_is_rejected(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(MIXED)
    assert bank_of_two("import", "actions", "a.csv").code == 1
    assert (tmp_path / "a.csv.rejected.csv").exists()
    (tmp_path / "a.csv").write_text(SOUND)
    assert bank_of_two("import", "actions", "a.csv").code == 0
    assert sorted(path.name for path in tmp_path.glob("a.csv*")) == ["a.csv"]


def test_a_rejected_file_can_be_mended_and_imported_itself(bank_of_two: Appraise, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(MIXED)
    bank_of_two("import", "actions", "a.csv")
    rejected = tmp_path / "a.csv.rejected.csv"
    rejected.write_text(rejected.read_text().replace("R9", "R2"))
    assert bank_of_two("import", "actions", rejected.name).out == "accepted 1, duplicates 0, rejected 0\n"


@pytest.mark.parametrize(
    ("encoding", "marked"), [("gb18030", True), ("utf-8-sig", True), ("utf-8", False)], ids=lambda value: str(value)
)
def test_the_rejected_file_of_a_spreadsheets_csv_has_the_mark_that_a_spreadsheet_needs_and_can_be_imported(
    encoding: str, marked: bool, bank_of_two: Appraise, tmp_path: Path
) -> None:
    lines = [f"crm,{n},R9,visit,2026-07-02,1,,,客户,{reverses}" for n, reverses in enumerate(["crm:9", ""])]
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding=encoding)
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 0, duplicates 0, rejected 2\n"
    rejected = tmp_path / "a.csv.rejected.csv"
    written = rejected.read_bytes()
    assert written.count(b"\xef\xbb\xbf") == written.startswith(b"\xef\xbb\xbf") == marked
    assert list(rejected_lines(tmp_path / "a.csv")) == [2, 3]
    rejected.write_bytes(written.replace(b"R9", b"R2").replace(b"crm:9", b""))
    assert bank_of_two("import", "actions", rejected.name).out == "accepted 2, duplicates 0, rejected 0\n"


def test_a_folder_that_takes_no_rejected_file_is_said_before_anything_is_imported(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(MIXED)
    (tmp_path / "a.csv.rejected.csv").mkdir()
    typed = bank_of_two("import", "actions", "a.csv")
    assert (typed.code, typed.out) == (1, "")
    assert "a.csv.rejected.csv" in typed.err
    (tmp_path / "a.csv.rejected.csv").rmdir()
    assert "accepted 1" in bank_of_two("import", "actions", "a.csv").out


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_what_is_no_file_is_told_in_one_line(name: str, bank_of_two: Appraise) -> None:
    typed = bank_of_two("import", "actions", name)
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)


def test_a_reversal_may_stand_before_the_action_that_it_takes_back(bank_of_two: Appraise, tmp_path: Path) -> None:
    lines = ["crm,1,R1,deposit,2026-07-03,1,400,C1,,crm:2", "crm,2,R1,deposit,2026-07-02,1,1000,C1,,"]
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *lines]))
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 2, duplicates 0, rejected 0\n"


def test_a_changed_target_needs_its_reason(bank_of_two: Appraise, tmp_path: Path) -> None:
    header = "rm,year,quarter,indicator,target,base,reason\n"
    (tmp_path / "c.csv").write_text(f"{header}R1,2026,3,savings,1500000,0,\n")
    assert bank_of_two("import", "contracts", "c.csv").out == "accepted 1, duplicates 0, rejected 0\n"
    (tmp_path / "c.csv").write_text(f"{header}R1,2026,3,savings,1200000,0,\n")
    assert bank_of_two("import", "contracts", "c.csv").code == 1
    assert rejected_lines(tmp_path / "c.csv") == {2: "reason: give the reason why the agreed target is amended"}
    (tmp_path / "c.csv").write_text(f"{header}R1,2026,3,savings,1200000,0,two months of leave\n")
    assert bank_of_two("import", "contracts", "c.csv").code == 0


def test_a_rejected_contract_keeps_its_own_reason_and_never_gets_the_refusals(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    contract = "rm,year,quarter,indicator,target,reason\n{}\n"
    (tmp_path / "c.csv").write_text(contract.format("R1,2026,3,savings,1500000,"))
    assert bank_of_two("import", "contracts", "c.csv").code == 0
    (tmp_path / "c.csv").write_text(contract.format("R1,2026,3,savings,1200000,"))
    assert bank_of_two("import", "contracts", "c.csv").code == 1
    again = tmp_path / "c.csv.rejected.csv"
    assert again.read_text().startswith("line,reason,rm,year,quarter,indicator,target,given_reason\n2,")
    assert bank_of_two("import", "contracts", again.name).code == 1, "the refusal is no reason for an amendment"
    again.write_text(again.read_text().removesuffix("\n") + "two months of leave\n")
    assert bank_of_two("import", "contracts", again.name).out == "accepted 1, duplicates 0, rejected 0\n"


def test_a_line_of_thousands_of_columns_is_no_header(bank_of_two: Appraise, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(f"c{n}" for n in range(100_000)) + "\n")
    told = bank_of_two("import", "actions", "a.csv")
    assert told.code == 1
    assert told.err.startswith("a.csv: line 1 names 100000 columns: write them as source,external_ref,")
    assert len(told.err) < 300


def test_columns_like_a_rejected_files_own_are_unknown_elsewhere(bank_of_two: Appraise, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SOUND.replace("note", "reason"))
    assert '"reason" is no column' in bank_of_two("import", "actions", "a.csv").err


def test_rejected_lines_stand_in_the_order_of_the_file_even_those_that_waited_for_its_end(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.blocks.BLOCK", 100)
    kinds = ["crm:none", "", "", "crm:none", "", "crm:none", ""]
    lines = [f'crm,{n},R9,visit,2026-07-02,1,,,"a\nnote",{reverses}' for n, reverses in enumerate(kinds)]
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *lines, "cut"]))
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 0, duplicates 0, rejected 8\n"
    assert list(rejected_lines(tmp_path / "a.csv")) == [2, 4, 6, 8, 10, 12, 14, 16]
    assert sorted(path.name for path in tmp_path.glob("a.csv*")) == ["a.csv", "a.csv.rejected.csv"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_import_says_how_far_it_came_and_goes_on_when_repeated(
    sent: signal.Signals, bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(SOUND + "".join(f"crm,{n},R1,visit,2026-07-02,1,,,,\n" for n in range(2, 9)))
    with monkeypatch.context() as patched:
        patched.setattr("api.files.blocks.BLOCK", len(SOUND) + 70)
        patched.setattr("api.terminal.progress.PatientBar.show", lambda *_: os.kill(os.getpid(), sent))
        typed = bank_of_two("import", "actions", "a.csv")
    assert typed.code == 128 + sent
    assert typed.out == "accepted 3, duplicates 0, rejected 0\n"
    assert typed.err.splitlines()[-1].startswith("Stopped at line 4")
    assert sorted(path.name for path in tmp_path.glob("a.csv*")) == ["a.csv"]
    again = bank_of_two("import", "actions", "a.csv")
    assert again.out == "accepted 5, duplicates 3, rejected 0\n"
    assert "came first" not in again.err, "what was interrupted is not noted as imported"


def totals_in(told: str) -> dict[str, list[str]]:
    header, *rows = told.splitlines()
    columns = [
        "lines sent",
        "lines accepted",
        "quantity sent",
        "amount sent",
        "net quantity accepted",
        "net amount accepted",
    ]
    assert re.split("  +", header.strip()) == ["kind", *columns]
    told_rows = [row.split() for row in rows]
    return {row[0]: row[1:] for row in told_rows if len(row) == 1 + len(columns) and row[1].isdecimal()}


def test_net_totals_leave_out_what_stood_already_and_take_off_what_is_reversed(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    lines = [
        "crm,1,R1,deposit,2026-07-02,1,1000,,,", "crm,1,R1,deposit,2026-07-02,1,1000,,,",
        "crm,2,R1,deposit,2026-07-03,1,400,,,crm:1", "crm,3,R1,deposit,2026-07-03,1,7,,,",
        "crm,4,R9,deposit,2026-07-03,1,9,,,",
    ]  # fmt: skip
    (tmp_path / "a.csv").write_text("\n".join([HEADER, lines[3]]) + "\n")
    assert totals_in(bank_of_two("import", "actions", "a.csv").err) == {"deposit": ["1", "1", "1", "7", "1", "7"]}
    (tmp_path / "b.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    typed = bank_of_two("import", "actions", "b.csv")
    assert typed.out == "accepted 2, duplicates 2, rejected 1\n"
    assert totals_in(typed.err) == {"deposit": ["4", "2", "4", "2407", "0", "600"]}


def test_control_totals_of_what_stands_are_printed_and_the_same_file_again_says_when_it_came_first(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    sums = ["crm,7,R1,deposit,2026-07-02,2,0.10,,,", "crm,8,R1,deposit,2026-07-02,,0.20,,,"]
    (tmp_path / "a.csv").write_text("\n".join([MIXED.rstrip("\n"), *sums]) + "\n")
    first = bank_of_two("import", "actions", "a.csv")
    assert first.out == "accepted 3, duplicates 0, rejected 1\n"
    assert totals_in(first.err) == {
        "deposit": ["2", "2", "3", "0.3", "3", "0.3"], "visit": ["1", "1", "1", "0", "1", "0"],
    }  # fmt: skip
    again = bank_of_two("import", "actions", "a.csv")
    assert again.out == "accepted 0, duplicates 3, rejected 1\n"
    assert totals_in(again.err) == {
        "deposit": ["2", "0", "3", "0.3", "0", "0"], "visit": ["1", "0", "1", "0", "0", "0"],
    }  # fmt: skip
    came = r"^This file came first on 20[0-9-]{8} [0-9:]{5} \(Asia/Shanghai\), at position [0-9]+\.$"
    assert re.search(came, again.err, re.MULTILINE)
    positions = bank_of_two("import", "actions", "a.csv").err
    assert re.findall("position [0-9]+", positions) == re.findall("position [0-9]+", again.err)


@pytest.mark.parametrize(
    ("facts", "text", "total"),
    [
        ("contracts", "rm,year,quarter,indicator,target\nR1,2026,3,cards,2\nR2,2026,3,cards,1\n", "cards 2 2 3 3"),
        ("customers", "customer,segment,assets,a_rm,b_rm\nC1,retail,5,R1,\nC2,retail,0.2,R1,\n", "retail 2 2 5.2 5.2"),
        ("orgs", "org,parent,level,name\nO7,HQ,outlet,East\nO8,HQ,outlet,West\n", "outlet 2 2"),
        ("rms", "rm,name,position,org,joined_on,supervisor\nR7,A,personal,O1,2026-01-02,\n", "personal 1 1"),
    ],
)  # fmt: skip
def test_each_kind_of_file_has_its_control_totals(
    facts: str, text: str, total: str, bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / "f.csv").write_text(text)
    typed = bank_of_two("import", facts, "f.csv")
    assert typed.code == 0, typed.err
    assert typed.err.splitlines()[1].split() == total.split()


STAFF = "rm,name,position,org,joined_on,supervisor\n"


def founded(appraise: Appraise, folder: Path, positions: str = "") -> Appraise:
    """A bank with one outlet, and a scheme for some positions if they are given."""
    (folder / "orgs.csv").write_text("org,parent,level,name\nHQ,,head office,Top\nO1,HQ,outlet,One\n")
    assert appraise("import", "orgs", "orgs.csv").code == 0
    if positions:
        text = SCHEME.read_text(encoding="utf-8").replace('positions = ["*"]', f"positions = {positions}")
        (folder / "scheme.toml").write_text(text, encoding="utf-8")
        publish(folder / "scheme.toml")
    return appraise


@pytest.mark.parametrize("positions", ['["personal"]', '["*"]', ""])
def test_a_position_that_no_scheme_names_is_taken_in_and_told(
    positions: str, appraise: Appraise, tmp_path: Path
) -> None:
    """A slip of the pen leaves somebody without a grade; but the scheme may also come later."""
    (tmp_path / "rms.csv").write_text(f"{STAFF}R3,Li,personnal,O1,2025-01-02,\nR4,Wu,personal,O1,2025-01-02,\n")
    typed = founded(appraise, tmp_path, positions)("import", "rms", "rms.csv")
    assert (typed.code, typed.out.splitlines()[-1]) == (0, "accepted 2, duplicates 0, rejected 0")
    told = [line for line in typed.err.splitlines() if "scheme" in line]
    assert told == [DOUBT] * (positions == '["personal"]')


def test_a_unit_that_no_scheme_is_for_is_told(appraise: Appraise, tmp_path: Path) -> None:
    (tmp_path / "rms.csv").write_text(f"{STAFF}R3,Li,personal,O1,2025-01-02,\nR4,Wu,personal,HQ,2025-01-02,\n")
    typed = founded(appraise, tmp_path, '["*"]\nunits = ["O1"]')("import", "rms", "rms.csv")
    told = [line for line in typed.err.splitlines() if "scheme" in line]
    assert told == ["No published scheme is for personal in HQ, so nobody there is graded: publish one for it."]


DOUBT = (
    "No published scheme names the position personnal, so nobody in it is graded. Named are: personal. "
    "Correct the lines, or publish a scheme for it."
)
