"""Verification: the read model is a witness of the log, and the log of the read model. Nothing is mended."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree

import duckdb
import pytest

from domain.erasure import erase_texts
from domain.seal import Manifest, seal
from projections.answers import Verification
from projections.last_event import put_aside
from projections.verify import NO_FILE, OTHER_VERSION, verify
from tests.bank import Q1, TestBank, all_done, answers, done
from tests.tampering import recorded, tampered

FILE = "read-model.duckdb"


@pytest.fixture(scope="module")
def verified_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with work of every kind, sealed but for its last events, and its read model."""
    folder = tmp_path_factory.mktemp("verified")
    with closing(TestBank(folder).founded()) as story:
        for n, kind in enumerate(["visit", "deposit", "card", "fund"]):
            story.counted(f"n{n}", kind, amount="500", customer=f"C{n}", note=f"about C{n}")
        seal(story.bank)
        all_done([story.record(ref, "deposit", amount="7") for ref in "xyz"])
        with story.following(FILE):
            pass
    return folder


@pytest.fixture
def story(verified_folder: Path, tmp_path: Path) -> Iterator[TestBank]:
    """A copy of it."""
    with closing(TestBank(Path(copytree(verified_folder, tmp_path / "copy")))) as story:
        yield story


def check(story: TestBank, manifest: Manifest | None = None) -> Verification:
    """Verify it while nobody follows; the files must stay as they were."""
    before = {path: path.read_bytes() for path in story.folder.glob("*read-model*")}
    found = verify(story.bank, story.folder / FILE, None, manifest)
    assert {path: path.read_bytes() for path in story.folder.glob("*read-model*")} == before
    return found


def said(found: Verification) -> tuple[int | None, str]:
    assert found.difference is not None
    return found.difference.position, found.difference.says


def altered(story: TestBank, statement: str) -> None:
    """Change the read model without its follower."""
    with duckdb.connect(str(story.folder / FILE)) as con:
        con.execute(statement)


def test_what_nobody_touched_is_proven_and_its_unsealed_tail_is_counted(story: TestBank) -> None:
    found = check(story)
    assert (found.difference, found.notes, found.unsealed) == (None, [], 3)
    assert (found.events, found.sealed) == (story.last_position, story.last_position - 4)
    assert found.sealed + found.seals + found.unsealed == found.events
    assert len(found.digest) == 64
    assert check(story, Manifest(found.sealed, found.digest)).difference is None


def test_the_read_model_is_held_against_the_log_once_it_has_caught_up(story: TestBank) -> None:
    done(story.record("later"))
    found = verify(story.bank, story.folder / FILE)
    assert (found.difference, found.unsealed) == (None, 4)


def test_a_read_model_that_is_followed_is_verified_beside_its_follower(story: TestBank) -> None:
    model = story.follow(FILE)
    model.follower.start()
    done(story.record("later"))
    assert verify(story.bank, story.folder / FILE, model.follower).difference is None
    done(story.record("later2"))
    assert model.wait_for(story.last_position, 30)
    model.follower.stop()
    assert list(story.folder.glob("verify-*")) == []


def test_a_tail_that_is_cut_off_beneath_a_follower_is_noticed(story: TestBank) -> None:
    end = story.last_position
    with story.following(FILE) as model:
        tampered(story, f"DELETE FROM stored_events WHERE rowid > {end - 2}")
        assert said(verify(story.bank, story.folder / FILE, model.follower))[0] == end - 1
        recorded(story, 100, 5)
        position, says = said(verify(story.bank, story.folder / FILE, model.follower))
        assert (position, "not the one that the read model took in" in says) == (end - 1, True)


def test_a_bank_on_either_store_is_verified(tmp_path: Path, store: str | None) -> None:
    with closing(TestBank(tmp_path, store=store).founded()) as story:
        seal(story.bank)
        done(story.record("a", note="about C1"))
        with story.following(FILE):
            pass
        assert check(story).difference is None
        tampered(story, "UPDATE texts SET text = 'x' WHERE originator_id = 'action:crm:a'")
        assert "The note that stands for event 1 of action:crm:a" in said(check(story))[1]
        tampered(story, "DELETE FROM texts WHERE originator_id = 'action:crm:a'")
        position, says = said(check(story))
        assert (position, "action:crm:a) has lost its note" in says) == (story.last_position, True), says
        tampered(story, "DELETE FROM stored_events WHERE originator_id = 'action:crm:a'")
        assert said(check(story))[0] == story.last_position + 1


TAIL: dict[str, tuple[list[str], int, str]] = {
    "cut off with its last event": (["DELETE FROM stored_events WHERE rowid > {end} - 1"], 0, "is gone"),
    "cut off with the seals": (["DELETE FROM stored_events WHERE rowid > {end} - 10"], -9, "is gone"),
    "moved to the last": (["UPDATE stored_events SET rowid = 9223372036854775807 WHERE rowid = {end}"], 0, "is gone"),
    "an event removed": (["DELETE FROM stored_events WHERE rowid = {end} - 1"], -1, "(ActionRecorded) is gone"),
    "a byte changed": (
        ["UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '\"7\"', '\"8\"') AS BLOB) "
         "WHERE rowid = {end} - 2"], -2, "is not the one that the read model took in",
    ),
    "no sense left": (["UPDATE stored_events SET state = '{{' WHERE rowid = {end} - 1"], -1, "says nothing any more"),
    "no text left": (["UPDATE stored_events SET state = x'ff' WHERE rowid = {end}"], 0, "says nothing any more"),
    "two swapped": (
        ["UPDATE stored_events SET rowid = {new} WHERE rowid = {old}"
         .replace("{new}", new).replace("{old}", old)
         for new, old in (("-1", "{end} - 1"), ("{end} - 1", "{end}"), ("{end}", "-1"))], -1, "is not the one",
    ),
    "the last seal": (["DELETE FROM stored_events WHERE originator_id = 'seal'"], -3, "(LogSealed) is gone"),
    "a sealed event": (["DELETE FROM stored_events WHERE rowid = 7"], 7, "stood at position 7 is gone"),
}  # fmt: skip


@pytest.mark.parametrize("case", TAIL)
def test_the_first_event_that_differs_is_named_also_beyond_the_last_seal(story: TestBank, case: str) -> None:
    (statements, place, words), end = TAIL[case], story.last_position
    tampered(story, *(statement.format(end=end) for statement in statements))
    position, says = said(check(story))
    assert (position, words in says) == (place if place > 0 else end + place, True), says


def test_a_cut_tail_stays_noticed_once_the_read_model_was_opened_and_rebuilt(story: TestBank) -> None:
    end = story.last_position
    tampered(story, f"DELETE FROM stored_events WHERE rowid > {end - 2}")
    with story.following(FILE) as model:
        assert "belongs to another log" in str(model.follower.told)
        assert said(verify(story.bank, story.folder / FILE, model.follower))[0] == end - 1
    assert said(check(story))[0] == end - 1
    put_aside(story.folder / FILE).unlink()
    assert check(story).difference is None


def test_a_tail_that_was_replaced_by_another_one_is_noticed(story: TestBank) -> None:
    end = story.last_position
    tampered(story, f"DELETE FROM stored_events WHERE rowid > {end - 2}")
    recorded(story, 100, 10)
    seal(story.bank)
    position, says = said(check(story))
    assert (position, "unless somebody sealed the log anew" in says) == (end - 1, True), says


ALTERED: dict[str, tuple[str, str]] = {
    "a grade": ("UPDATE grades SET score = score + 1 WHERE rm = 'r2' AND quarter = '2026Q1'", "grades"),
    "a grade removed": ("DELETE FROM grades WHERE rm = 'r2' AND quarter = '2026Q1'", "grades"),
    "an entry of the ledger": ("UPDATE ledger SET amount = amount + 1 WHERE kind = 'card'", "ledger"),
    "an entry twice": ("INSERT INTO ledger SELECT * FROM ledger WHERE kind = 'card'", "ledger"),
    "a scheme": ("UPDATE scheme_tiers SET coefficient = coefficient + 1", "scheme_tiers"),
    "the calendar": ("UPDATE calendar SET working = NOT working WHERE day = '2026-02-02'", "calendar"),
}


@pytest.mark.parametrize("case", ALTERED)
def test_a_read_model_that_was_altered_is_told_with_table_and_key(story: TestBank, case: str) -> None:
    statement, table = ALTERED[case]
    altered(story, statement)
    says = said(check(story))[1]
    assert f"table {table}" in says
    assert "appraise rebuild" in says


def test_the_key_of_the_first_row_that_differs_is_named(story: TestBank) -> None:
    altered(story, "UPDATE grades SET score = score + 1 WHERE rm IN ('r3', 'r2') AND quarter = '2026Q1'")
    assert "first at rm r2, quarter 2026Q1" in said(check(story))[1]


def test_a_damaged_read_model_is_told_and_left(story: TestBank) -> None:
    (story.folder / FILE).write_bytes(b"no database" * 5000)
    assert "is damaged" in said(check(story))[1]


LACKS = {
    "a model": ("DROP TABLE grades", "lost its table grades"),
    "the first of the log": ("DROP TABLE ledger", "lost its table ledger"),
    "the mark of how far it is": ("DROP TABLE progress", "lost its table progress"),
    "a view": ("DROP VIEW touched_ledger", "lost its table touched_ledger"),
    "a column": ("ALTER TABLE grades DROP score", "table grades has other columns"),
    "a type": ("ALTER TABLE grades ALTER score TYPE VARCHAR", "table grades has other columns"),
}


@pytest.mark.parametrize("case", LACKS)
def test_what_a_read_model_lacks_is_told_and_not_mended(story: TestBank, case: str) -> None:
    statement, words = LACKS[case]
    altered(story, statement)
    assert words in said(check(story))[1]
    done(story.record("later"))
    assert words in said(check(story))[1], "also where it would have to catch up"


def test_what_a_followed_read_model_lacks_is_told(story: TestBank) -> None:
    with story.following(FILE) as model:
        model.follower.connection.execute("DROP TABLE grades")
        done(story.record("later"))
        assert "lost its table grades" in said(verify(story.bank, story.folder / FILE, model.follower))[1]


def test_a_table_that_no_model_makes_says_nothing_of_the_bank(story: TestBank) -> None:
    altered(story, "CREATE TABLE mine AS SELECT 1 AS n")
    assert check(story).difference is None


def test_a_read_model_of_another_version_is_no_witness(story: TestBank) -> None:
    altered(story, "UPDATE progress SET models = 'older'")
    found = check(story)
    assert (found.difference, found.notes) == (None, [OTHER_VERSION])


def test_without_a_read_model_the_log_is_still_checked(story: TestBank) -> None:
    (story.folder / FILE).unlink()
    assert check(story).notes == [NO_FILE]
    tampered(story, "DELETE FROM stored_events WHERE rowid = 7")
    assert said(check(story))[0] == 7


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE texts SET text = 'another' WHERE originator_id = 'rm:r2'",
            "The name that stands for event 1 of rm:r2",
        ),
        (
            "UPDATE texts SET salt = 'another' WHERE originator_id = 'rm:r2'",
            "The name that stands for event 1 of rm:r2",
        ),
        ("INSERT INTO texts VALUES ('rm:r2', 2, 'name', 'salt', 'more')", "The name that stands for event 2 of rm:r2"),
        ("INSERT INTO texts VALUES ('rm:r9', 1, 'name', 'salt', 'more')", "Event 1 of rm:r9 is gone"),
    ],
)
def test_a_text_that_is_not_the_one_of_its_event_is_told(story: TestBank, statement: str, words: str) -> None:
    tampered(story, statement)
    assert words in said(check(story))[1]


def test_a_text_that_nobody_erased_must_stand(story: TestBank) -> None:
    """Of a name or a note about the RM or the customer who were erased nothing may stand; later ones must."""
    erase_texts(story.bank, "rm", "r1", "cli")
    erase_texts(story.bank, "customer", "C9", "cli")
    done(story.record("later", note="since then", customer="C9"))
    done(story.record("without", customer="C9"))
    assert verify(story.bank, story.folder / FILE).difference is None
    tampered(story, "DELETE FROM texts WHERE originator_id = 'action:crm:later'")
    assert said(verify(story.bank, story.folder / FILE))[0] == story.last_position - 1
    tampered(story, "DELETE FROM texts WHERE originator_id = 'rm:r2'")
    position, says = said(verify(story.bank, story.folder / FILE))
    assert story.bank.log.select_positions([position or 0])[0][1:4] == ("rm:r2", 1, "RMRegistered")
    assert "has lost its name, and nobody erased it" in says


def test_a_reason_about_a_customer_is_erased_with_the_notes_of_their_action(story: TestBank) -> None:
    key = done(story.record("wrong", "visit", customer="C5")).subject
    done(story.bank.reject_action(key, "about C5", "boss"))
    erase_texts(story.bank, "customer", "C5", "cli")
    assert verify(story.bank, story.folder / FILE).difference is None


@pytest.mark.parametrize("state", ["'{'", "x'ff'", "'{}'"])
def test_an_event_beyond_the_seals_that_is_none_is_named_without_a_read_model_too(story: TestBank, state: str) -> None:
    (story.folder / FILE).unlink()
    tampered(story, f"UPDATE stored_events SET state = {state} WHERE rowid = {story.last_position - 1}")
    position, says = said(check(story))
    assert (position, "says nothing any more" in says) == (story.last_position - 1, True), says


def test_grades_seals_and_figures_stand_after_an_erasure(story: TestBank) -> None:
    with story.following(FILE) as model:
        before = [text.replace("Person r1", "r1") for text in answers(model, [Q1])]
    kept = check(story)
    erase_texts(story.bank, "rm", "r1", "cli")
    erase_texts(story.bank, "customer", "C1", "cli")
    seal(story.bank)
    with story.following(FILE) as model:
        as_of = answers(model, [Q1], as_of=kept.events)
        assert [text.replace('"past":true', '"past":false') for text in as_of] == before
    found = verify(story.bank, story.folder / FILE, None, Manifest(kept.sealed, kept.digest))
    assert (found.difference, found.unsealed) == (None, 0)
