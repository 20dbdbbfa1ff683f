"""`appraise verify` and `appraise erase`: what is proven, what differs, what is gone and what remains."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest

from api.backup import Contents
from api.cli.verify import UNFOUND, told
from api.identity import Identity
from api.terminal.store import opened_bank
from projections.answers import Verification
from tests.api.cli.conftest import ORGS, RMS, SCHEME, Appraise, publish
from tests.api.cli.test_serve import address_in, serving

__all__ = ["serving"]
ACTIONS = (
    "source,external_ref,rm,kind,occurred_on,quantity,amount,customer,note\n"
    "crm,a1,R1,deposit,2026-09-01,1,500,C-7,喜欢喝茶\ncrm,a2,R2,deposit,2026-09-02,1,700,C-7,\n"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose data dir is empty until the first test has filled it."""
    return tmp_path_factory.mktemp("built")


@pytest.fixture
def worked(appraise: Appraise, tmp_path: Path, built: Path) -> Appraise:
    """An outlet, two RMs and two deposits of one customer, and the read model: made once, then copied."""
    if not (built / "data").exists():
        work(appraise, tmp_path)
        assert appraise("grade", "2026Q3").code == 0
        copytree(tmp_path, built, dirs_exist_ok=True)
    else:
        copytree(built, tmp_path, dirs_exist_ok=True)
    return appraise


def work(appraise: Appraise, folder: Path) -> None:
    """Found the bank, and record two deposits."""
    for table, text in (("orgs", ORGS), ("rms", RMS), ("actions", ACTIONS)):
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        if table == "actions":
            publish(SCHEME)
        assert appraise("import", table, f"{table}.csv").code == 0


def tampered(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "data" / "bank.sqlite")) as con, con:
        con.execute(statement)


def test_a_bank_that_nobody_touched_is_proven_with_its_digest_and_what_can_not_be_found_is_said(
    worked: Appraise,
) -> None:
    typed = worked("verify")
    assert (typed.code, typed.err) == (0, "")
    assert "sealed up to position" in typed.out
    proven, unfound = typed.out.splitlines()
    assert "sealed up to position" in proven
    assert unfound == f"{UNFOUND}."


def test_the_figures_of_a_verification_add_up_and_are_told_as_people_write_them() -> None:
    found = Verification(
        events=288_799, seals=289, unsealed=4, sealed=288_506, digest="ab", notes=[], difference=None
    )  # fmt: skip
    assert told(found) == (
        "288,799 events, sealed up to position 288506 with digest ab; beyond it 289 seals and 4 events not sealed yet."
    )
    few = found.model_copy(update={"events": 1_002, "sealed": 1_000, "seals": 1, "unsealed": 1})
    assert told(few).endswith("beyond it 1 seal and 1 event not sealed yet.")
    assert told(few.model_copy(update={"sealed": 0, "events": 1})) == "1 event; nothing is sealed yet."
    rows = {"stored_events": 1_002, "texts": 0, "users": 2, "tokens": 1}
    assert str(Contents(1_002, rows)) == "position 1002, 1,002 events, 0 texts, 2 users, 1 token"


def test_the_event_that_differs_is_named_on_standard_error_and_nothing_is_mended(
    worked: Appraise, tmp_path: Path
) -> None:
    tampered(tmp_path, "DELETE FROM stored_events WHERE originator_id = 'action:crm:a1'")
    first = worked("verify")
    assert (first.code, first.out) == (1, "")
    assert "is gone" in first.err
    assert worked("verify") == first


def test_the_tail_that_was_cut_off_is_noticed_and_a_reading_command_warns_of_it(
    worked: Appraise, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tampered(tmp_path, "DELETE FROM stored_events WHERE rowid >= (SELECT max(rowid) - 1 FROM stored_events)")
    before = worked("verify")
    assert (before.code, "is gone: the read model had taken it in" in before.err) == (1, True)
    assert worked("grade", "2026Q3").code == 0
    assert "belongs to another log" in caplog.text
    assert worked("verify") == before


def test_a_reading_command_stops_at_an_event_that_says_nothing_and_names_it(worked: Appraise, tmp_path: Path) -> None:
    tampered(tmp_path, "INSERT INTO stored_events VALUES ('action:crm:x', 1, 'ActionRecorded', '{')")
    typed = worked("grade", "2026Q3")
    with closing(sqlite3.connect(tmp_path / "data" / "bank.sqlite")) as con:
        (position,) = con.execute("SELECT max(rowid) FROM stored_events").fetchone()
    assert typed.code == 1
    assert set(typed.err.splitlines()) == {
        f"the event at position {position} says nothing any more: appraise verify looks the log through"
    }
    named = worked("verify")
    assert (named.code, f"position {position} (ActionRecorded of action:crm:x)" in named.err) == (1, True)


def test_a_manifest_is_written_where_none_is_and_checked_where_one_is(worked: Appraise, tmp_path: Path) -> None:
    written = worked("verify", "--manifest", "kept.json")
    assert (written.code, "kept.json notes this seal" in written.out) == (0, True)
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["digest"] in written.out
    assert "stands in the log" in worked("verify", "--manifest", "kept.json").out
    (tmp_path / "data" / "read-model.duckdb").unlink()
    tampered(tmp_path, f"DELETE FROM stored_events WHERE rowid >= {kept['position']}")
    assert worked("verify").code == 0
    cut = worked("verify", "--manifest", "kept.json")
    assert (cut.code, "not the one of the manifest" in cut.err) == (1, True)


@pytest.mark.parametrize("text", ["", "{}", '{"position": 3, "digest": "abc"}'])
def test_a_file_that_is_no_manifest_is_told(bank_of_two: Appraise, tmp_path: Path, text: str) -> None:
    (tmp_path / "kept.json").write_text(text)
    typed = bank_of_two("verify", "--manifest", "kept.json")
    assert (typed.code, "is no manifest" in typed.err) == (1, True)


@pytest.mark.parametrize("words", [["verify"], ["erase", "rm", "R1", "--yes"]])
def test_without_a_bank_nothing_is_made(appraise: Appraise, tmp_path: Path, words: list[str]) -> None:
    typed = appraise(*words)
    assert (typed.code, "There is no bank" in typed.err) == (1, True)
    assert not (tmp_path / "data").exists()


def test_verify_and_erase_beside_a_server(
    serving: subprocess.Popen[str],
    bank_of_two: Appraise,
    tmp_path: Path,
) -> None:
    address_in(serving)
    assert bank_of_two("verify", "--manifest", "kept.json").code == 0
    assert "王芳" in bank_of_two("grade", "2026Q3").out
    assert bank_of_two("erase", "rm", "R1", "--yes").code == 0
    assert "王芳" not in bank_of_two("grade", "2026Q3").out
    assert bank_of_two("verify", "--manifest", "kept.json").code == 0
    tampered(tmp_path, "UPDATE stored_events SET topic = 'DayClosed' WHERE originator_id = 'rm:R2'")
    assert "DayClosed of rm:R2" in bank_of_two("verify").err


# Erasing


def test_who_is_erased_keeps_every_figure_and_loses_every_text(worked: Appraise, tmp_path: Path) -> None:
    before = json.loads(worked("grade", "2026Q3", "--format", "json").out)
    typed = worked("erase", "rm", "R1", "--yes")
    assert typed.code == 0
    assert "Erased for good: 2 texts about R1" in typed.out
    assert "The id remains in 4 events" in typed.out
    assert "appraise user disable" in typed.out
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or not {"王芳", "喜欢喝茶"} & {
            word for word in ("王芳", "喜欢喝茶") if word.encode() in path.read_bytes()
        }
    after = json.loads(worked("grade", "2026Q3", "--format", "json").out)
    assert after == [grade | ({"name": "R1"} if grade["rm"] == "R1" else {}) for grade in before]
    assert worked("verify").code == 0
    assert worked("import", "rms", "rms.csv").code == 0
    assert json.loads(worked("grade", "2026Q3", "--format", "json").out) == after


def test_sign_ins_of_an_rm_who_has_left_end_with_the_erasure_and_those_of_one_who_serves_stay(worked: Appraise) -> None:
    with opened_bank() as bank:
        line = {"rm": "R2", "name": "李伟", "position": "personal", "org": "O1", "joined_on": "2025-01-02"}
        bank.register_rms([line | {"left_on": "2026-09-01"}], "hr")
        assert bank.register.rms["R2"].left_on is not None
        identity = Identity(bank)
        for rm in ("R1", "R2"):
            assert identity.add_user(f"user-{rm}", "a long enough password", "rm", rm=rm) is None
            assert isinstance(identity.create_token(rm, "rm"), str)
    assert "R1 still serves: sign-ins (user-R1)" in worked("erase", "rm", "R1", "--yes").out
    assert "R2 has left: ended 1 sign-in and 1 token of theirs" in worked("erase", "rm", "R2", "--yes").out
    with opened_bank() as bank:
        identity = Identity(bank)
        assert [(user.name, user.disabled) for user in identity.users()] == [("user-R1", False), ("user-R2", True)]
        assert {token.subject: token.revoked for token in identity.tokens()} == {"R1": False, "R2": True}


def test_the_texts_about_a_customer_are_erased(worked: Appraise) -> None:
    typed = worked("erase", "customer", "C-7", "--yes")
    assert (typed.code, "1 text about C-7" in typed.out, "remains in 3 events" in typed.out) == (0, True, True)


def test_nothing_is_erased_of_whom_nobody_knows(worked: Appraise) -> None:
    assert worked("erase", "rm", "R77", "--yes").err == "rm: name an RM of the bank\n"
    assert worked("erase", "customer", "C-77", "--yes").code == 1


def test_without_a_word_nothing_is_erased(worked: Appraise, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "repeat it with --yes" in worked("erase", "rm", "R1").err
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda question: "R2")
    assert "another id" in worked("erase", "rm", "R1").err
    assert "王芳" in worked("grade", "2026Q3").out
    monkeypatch.setattr("typer.prompt", lambda question: "R1")
    assert worked("erase", "rm", "R1").code == 0
    assert "王芳" not in worked("grade", "2026Q3").out
